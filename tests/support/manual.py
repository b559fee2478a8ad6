# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the DBA's manual, run as they stand there."""

import os
import re
import subprocess

from support.place import DEADLINE_S, SOURCE


def commands(heading):
    """The blocks of commands under a heading of schema/README.md."""
    text = (SOURCE / "schema/README.md").read_text()
    section = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE)
    assert section, f"the manual has no heading {heading}"
    blocks = re.findall(r"^```sh\n(.*?)^```", section[1], re.DOTALL | re.MULTILINE)
    assert blocks, f"{heading}: no commands"
    return blocks


def run(block, installation, place=None, **variables):
    """
    What a block prints. It runs in place, as the system user to whom that belongs, with farthing
    and the database where they are installed.
    """
    programs = installation.directory / "bin"
    if not programs.exists():
        programs.mkdir()
        words = " ".join(f"'{word}'" for word in installation.command())
        (programs / "farthing").write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        (programs / "farthing").chmod(0o755)
    owner = place.stat() if place is not None and os.geteuid() == 0 else None
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block], cwd=place or installation.directory, text=True,
        timeout=4 * DEADLINE_S, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        user=owner and owner.st_uid, group=owner and owner.st_gid,
        extra_groups=owner and [],
        env=os.environ | {"PATH": f"{programs}:/usr/lib/postgresql/15/bin:{os.environ['PATH']}",
                          "PGHOST": installation.cluster.conninfo.split()[0].removeprefix("host="),
                          "LC_ALL": "C.UTF-8", **{name: str(value) for name, value in variables.items()}})
    assert done.returncode == 0, f"{block}\n{done.stdout}"
    return done.stdout
