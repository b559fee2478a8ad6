# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the project that people read, and C without what a reader of code skips."""

import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = (".ci", "deploy", "schema", "src", "tests", "wsdl")


@functools.cache
def all_files():
    """
    Every file that git has or would have; in an unpacked distribution, every file. Not the
    fuzzers' seeds, which are any bytes.
    """
    if (ROOT / ".git").exists():
        names = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others",
             "--exclude-standard"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
        paths = [ROOT / name for name in names.splitlines()]
    else:
        paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
        paths += [*ROOT.glob("*.md"), ROOT / "configure.ac", ROOT / "Makefile.am"]
    return sorted(path for path in paths
                  if path.is_file() and not {"__pycache__", "seeds"} & set(path.parts))


def files(*suffixes, under=""):
    """Those with one of the suffixes."""
    return [path for path in all_files()
            if path.suffix in suffixes and path.is_relative_to(ROOT / under)]


def name(path):
    return str(path.relative_to(ROOT))


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def code(text):
    """C with comments and texts blanked out; lines stay where they are."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.DOTALL)
