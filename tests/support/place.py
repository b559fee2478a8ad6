# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sources and what was built of them are."""

import os
import pathlib
import socket
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
# Run by make, the working directory is the build's.
BUILD = pathlib.Path(os.environ.get("FARTHING_BUILD", ".")).resolve()

DEADLINE_S = 60


def program(name):
    path = BUILD / name
    assert path.exists(), f"{path} is not built; FARTHING_BUILD names the build directory"
    return str(path)


def wait_until(condition, what, deadline_s=DEADLINE_S):
    """Returns the first true result of condition()."""
    end = time.monotonic() + deadline_s
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise TimeoutError(f"waited {deadline_s} s until {what}")
        time.sleep(0.01)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
