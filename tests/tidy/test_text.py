# SPDX-License-Identifier: GPL-3.0-or-later
"""What every file has, and what none has."""

import re

import pytest

from tidy.tree import ROOT, all_files, files, name, read

SOURCE_SUFFIXES = (".c", ".h", ".sql", ".py", ".sh", ".php", ".js", ".css", ".xsl", ".am", ".ac",
                   ".service", ".wsdl", ".dat", ".xml", ".pl", ".mjs",
                   ".rb", ".java", ".cs")
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|HA" r"CK)\b|(?<!['\"])\bXX" r"X\b")
MACHINE_PATHS = re.compile(r"/(?:home|root|work)/")
BINARY = (".ico", ".png", ".woff2")


def is_script(path):
    return path.suffix == "" and path.read_bytes()[:2] == b"#!"


def texts():
    return [(path, path.read_text(encoding="utf-8")) for path in all_files()
            if path.suffix not in BINARY and path.name != "COPYING"
            and "seeds" not in path.parts]


def test_sources_name_their_licence():
    lacking = [name(path) for path in all_files()
               if (path.suffix in SOURCE_SUFFIXES or is_script(path))
               and LICENCE not in "".join(path.read_text().splitlines(True)[:5])]
    assert lacking == []


def test_nothing_is_left_for_later():
    found = [f"{name(path)}: {word}" for path, text in texts() for word in LATER.findall(text)]
    assert found == []


def test_nothing_names_a_developers_machine():
    found = [f"{name(path)}: {word}" for path, text in texts()
             for word in MACHINE_PATHS.findall(text)]
    assert found == []


def test_locked_packages_come_from_any_registry():
    """npm install --package-lock-only --omit-lockfile-registry-resolved writes it so."""
    found = [name(path) for path in files(".json") if '"resolved"' in path.read_text()]
    assert found == []


def test_lines_end_cleanly():
    wrong = [name(path) for path, text in texts()
             if re.search(r"[ \t]$|\r", text, re.MULTILINE) or text and not text.endswith("\n")]
    assert wrong == []


def test_indentation_is_spaces():
    """But in recipes of make."""
    wrong = [name(path) for path in files(".c", ".h", ".sql", ".py", ".php", ".js", ".css", ".xsl")
             if "\t" in path.read_text()]
    assert wrong == []


@pytest.mark.parametrize("listed", ["packages", "packages-interop"])
def test_packages_are_sorted(listed):
    packages = read(f"deploy/{listed}").splitlines()
    assert packages == sorted(set(packages))
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", package) for package in packages)


def test_scripts_can_be_run():
    wrong = [name(path) for path in all_files()
             if is_script(path) and not path.stat().st_mode & 0o100]
    assert wrong == []


def test_links_of_documents_lead_somewhere():
    broken = [f"{name(path)}: {target}" for path in files(".md")
              for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
              if not (path.parent / target).exists()]
    assert broken == []
    assert (ROOT / "README.md").exists()
