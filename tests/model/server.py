# SPDX-License-Identifier: GPL-3.0-or-later
"""
A cluster whose clock goes forward when a test says so: PostgreSQL runs with libfaketime, which adds
what stands in a file to the time of day. Waits and timeouts use the monotonic clock, which stays.
"""

import os
import signal
import subprocess

import psycopg2

from support.cluster import Cluster
from support.place import wait_until

BINARY = "/usr/lib/postgresql/15/bin/postgres"
LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


class ClockedCluster(Cluster):
    def __init__(self, directory):
        directory.parent.chmod(0o755)
        self.clock_file = directory.parent / "clock"
        self.seconds = 0
        self.process = None
        self.advance(0)
        super().__init__(directory)

    def advance(self, seconds):
        """Seen by every process of the server at its next look at the clock."""
        self.seconds += seconds
        draft = self.clock_file.with_suffix(".new")
        draft.write_text(f"+{self.seconds}\n")
        draft.chmod(0o644)
        draft.rename(self.clock_file)

    def start(self):
        """
        Not by pg_ctl: what libfaketime shares among processes must be made by the server's user.
        Without fsync: here only the server crashes, never the machine.
        """
        place = self.directory.resolve()
        environment = os.environ | {
            "LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(self.clock_file),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        owner = (place / "data").stat()
        as_owner = {} if os.geteuid() else {
            "user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "-D", place / "data", "-c", "fsync=off"], env=environment, stdout=log,
                stderr=log, cwd="/", **as_owner)
        conninfo = self._deploy("conninfo")
        wait_until(lambda: self._answers(conninfo), "PostgreSQL has started")
        return conninfo

    def _answers(self, conninfo):
        assert self.process.poll() is None, (self.directory / "log").read_text()[-2000:]
        try:
            psycopg2.connect(conninfo).close()
            return True
        except psycopg2.OperationalError:
            return False

    def crash(self):
        """At once, without a checkpoint, as deploy/cluster stop DIR immediate; then up again."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=60)
        return self.start()
