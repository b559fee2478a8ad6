# SPDX-License-Identifier: GPL-3.0-or-later
"""An installation of Farthing: its database, its keys, its operator; and farthingd itself."""

import copy
import os
import signal
import subprocess

import requests

from support.place import DEADLINE_S, SOURCE, free_port, program, wait_until


class Installation:
    """A database of a cluster, installed, and the operator's command on it."""

    def __init__(self, cluster, directory, database="farthing"):
        self.cluster = cluster
        self.directory = directory
        self.database = database
        self.data_directory = self._make_data_directory()
        self.key_file = directory / "master.key"
        self.run("key", "create", self.key_file)
        self.run("db", "install", "--conninfo", cluster.conninfo_as("postgres", database))
        self.config_file = directory / "operator.conf"
        self.config_file.write_text(
            self.render(self.settings(provider={"sign_up_bonus": "0"})))

    def _make_data_directory(self):
        """What "make install" would put under share/farthing."""
        directory = self.directory / "share"
        directory.mkdir()
        for name, source in {"schema": "schema", "wsdl": "wsdl", "web": "src/web"}.items():
            (directory / name).symlink_to(SOURCE / source)
        return directory

    def settings(self, port=1, **changes):
        """{section: {option: value}}; changes are such sections too."""
        scheme = "https" if "tls" in changes else "http"
        settings = {
            "": {"public_url": f"{scheme}://127.0.0.1:{port}", "log_level": "debug",
                 "log_delay_ms": 0},
            "http": {"address": "127.0.0.1", "port": port},
            "database": {
                "conninfo": self.cluster.conninfo_as("farthing_daemon", self.database)},
            "keys": {"master_key_file": str(self.key_file)},
            "royalty": {"rollup_ms": 500},
            "provider": {"name": "Penny & Sons", "sign_up_bonus": "1.00",
                         "bank_account": "DE02 1203 0000 0000 2020 51"},
        }
        for section, options in copy.deepcopy(changes).items():
            settings.setdefault(section, {}).update(options)
        return settings

    @staticmethod
    def render(settings):
        def line(option, value):
            return f"{option} = {value}\n" if isinstance(value, int) else f'{option} = "{value}"\n'

        text = "".join(line(*pair) for pair in settings.get("", {}).items())
        for section, options in settings.items():
            if section:
                inner = "".join("    " + line(*pair) for pair in options.items())
                text += f"{section} {{\n{inner}}}\n"
        return text

    def command(self):
        """How an operator's command on the database begins."""
        return [program("farthing"), "-d", self.data_directory, "-c", self.config_file]

    def run(self, *arguments, secret=None, check=True, errors=False):
        """The operator's command; secret goes to its standard input. errors: stderr is kept."""
        return subprocess.run(
            [program("farthing"), "-d", self.data_directory, *arguments], check=check, text=True,
            timeout=DEADLINE_S, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if errors else None, input=None if secret is None else secret + "\n")

    def query(self, sql, parameters=()):
        return self.cluster.query(sql, parameters, self.database)

    def log(self):
        """PostgreSQL's."""
        return (self.cluster.directory / "log").read_text()

    def operate(self, *arguments, secret=None):
        """A command on the database; what it prints, one line."""
        return self.run("-c", self.config_file, *arguments, secret=secret).stdout.strip()


class Farthingd:
    """The daemon, from ready to ended."""

    def __init__(self, installation, name="farthingd", **changes):
        self.installation = installation
        self.port = free_port()
        settings = installation.settings(self.port, **changes)
        scheme = "https" if "tls" in settings else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self.config_file = installation.directory / f"{name}-{self.port}.conf"
        self.log_file = self.config_file.with_suffix(".log")
        self.config_file.write_text(Installation.render(settings))
        self.process = None
        self.start()

    def start(self):
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [program("farthingd"), "-c", self.config_file,
                 "-d", self.installation.data_directory], stderr=log)
        wait_until(self._is_ready, f"{self.url} answers; see {self.log_file}")

    def _is_ready(self):
        assert self.process.poll() is None, f"farthingd ended: {self.log_file.read_text()}"
        try:
            return requests.get(self.url + "/health", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        return self.log_file.read_text()

    def metrics(self):
        """{sample with its labels: value}"""
        text = requests.get(self.url + "/metrics", timeout=DEADLINE_S).text
        samples = (line.rsplit(" ", 1) for line in text.splitlines() if line[:1] != "#")
        return {name: float(value) for name, value in samples}

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self):
        return self.process.wait(timeout=DEADLINE_S)

    def freeze(self):
        """Returns when all of its threads have stopped where they are."""
        self.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG),
                   "farthingd has stopped")

    def kill(self):
        self.process.kill()
        self.wait()

    def stop(self):
        if self.process.poll() is None:
            self.terminate()
            assert self.wait() == 0, f"farthingd did not end well: {self.log()[-3000:]}"
