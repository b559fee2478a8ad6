# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark runs: loaded databases, the load generator, pgbench; and what they cost."""

import contextlib
import dataclasses
import json
import os
import pathlib
import re
import resource
import socket
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from support.daemon import Farthingd, Installation
from support.market import PASSWORD, User, add_user, add_vendor
from support.place import SOURCE, program, wait_until
from support.web import Browser

IDLE_AT_ONCE = 100  # connections that ask for their page
TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")


# What a request has the database do, for one caller, as a person would ask for it by psql.
PROCEDURES = """
PREPARE initiate(int, int, text, bigint, text, text, text, boolean, text, int, text) AS
SELECT item, outcome, transaction_id
FROM purchase.initiate_batch(ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY[$4], ARRAY[$5], ARRAY[$6],
     ARRAY[$7], ARRAY[$8], ARRAY[$9], ARRAY[$10], ARRAY[NULL]::timestamptz[], ARRAY[NULL]::bigint[],
     ARRAY[NULL]::text[], ARRAY[$11], ARRAY[NULL]::text[], ARRAY[NULL]::text[],
     ARRAY[NULL]::text[], ARRAY[NULL]::text[], ARRAY[false], 3600);
PREPARE view(uuid, bigint, bigint) AS
SELECT * FROM purchase.view_batch(ARRAY[$1], ARRAY[$2], ARRAY[$3]);
PREPARE buy(uuid, bigint, bigint) AS
SELECT * FROM purchase.buy_batch(ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY[NULL]::text[],
                                 ARRAY[NULL]::boolean[]);
"""


def cpu_us(pid):
    """(own, of the children it has waited for) of a process, in microseconds."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()
    own, children = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
    return own * TICK_US, children * TICK_US


def resident_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s*(\d+) kB", status.read())[1]) / 1024


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return children.read().split()


def time_answers():
    """{step: µs of CPU} of making each answer of a flow, without HTTP and database."""
    return json.loads(subprocess.check_output([program("tests/bench/answers")], text=True))


class Postgres:
    """The processes of a cluster, and the bytes it writes."""

    def __init__(self, cluster):
        self.cluster = cluster

    def cpu_us(self):
        with open(self.cluster.directory / "data/postmaster.pid", encoding="utf-8") as file:
            postmaster = int(file.readline())
        total = sum(cpu_us(postmaster))
        for child in children_of(postmaster):
            try:
                total += sum(cpu_us(child))
            except (FileNotFoundError, ProcessLookupError):
                pass  # it has just ended; the postmaster counts it now
        return total

    def bytes_written(self, database):
        """(WAL so far, size of the database)"""
        return self.cluster.query(
            "SELECT pg_current_wal_insert_lsn() - '0/0', pg_database_size(%s)", (database,))[0]


class Tpcb:
    """The yardstick: pgbench in a database of its own in the same cluster."""

    def __init__(self, cluster, scale, directory):
        self.conninfo = cluster.conninfo_as("postgres", "tpcb")
        self.directory = directory
        cluster.query_alone("CREATE DATABASE tpcb")
        self._initialisation = subprocess.Popen(
            ["pgbench", "-i", "-I", "dtgvp", "-q", "-s", str(scale), self.conninfo],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self):
        """Until its tables are filled, which begins when it is made."""
        assert self._initialisation.wait() == 0, "pgbench -i failed"

    def run(self, clients, seconds):
        """{"rate": transactions per second, "p50_us": …, "p99_us": …}"""
        done = subprocess.run(
            ["pgbench", "-n", "-b", "tpcb-like", "-M", "prepared", "-c", str(clients),
             "-j", str(min(clients, os.cpu_count())), "-T", str(seconds),
             "-l", "--log-prefix=tpcb", self.conninfo],
            check=True, text=True, stdout=subprocess.PIPE, cwd=self.directory)
        rate = re.search(r"tps = ([\d.]+) \(without initial", done.stdout)[1]
        return {"rate": float(rate), **self._latencies()}

    def _latencies(self):
        durations = []
        for log in self.directory.glob("tpcb.*"):
            with open(log, encoding="ascii") as lines:
                durations += [int(line.split()[2]) for line in lines]
            log.unlink()
        durations.sort()
        return {"p50_us": durations[len(durations) // 2],
                "p99_us": durations[len(durations) * 99 // 100]}


@dataclasses.dataclass
class Crowd:
    """Users who are logged in."""
    file: pathlib.Path  # a line of cookies for each
    bought: int = 0  # items by each so far


class Market:
    """One database, which open() loads, with farthingd in front of it, and users who are logged in."""

    def __init__(self, cluster, directory, database, settings):
        self.settings = settings
        self.database = database
        self.postgres = Postgres(cluster)
        self.cluster = cluster
        if database != "farthing":
            cluster.query_alone(f"CREATE DATABASE {database}")
        directory.mkdir()
        self.installation = Installation(cluster, directory, database)
        self.acknowledged = 0
        self.farthingd = None

    def open(self):
        """Loads the database, starts farthingd, logs users in, and offers each item once."""
        self.first_vendor = self._fill()
        self.farthingd = Farthingd(self.installation, **{
            "": {"log_level": "info", "log_delay_ms": 100},
            "http": {"connections": 9_000, "park_after_s": 1,
                     "socket_file": str(self.installation.directory / "http.socket")},
            "royalty": {"rollup_ms": 5000},
            "security": {"vendor_password_cache_s": 86400, "login_default_minutes": 600}})
        self.users = self.log_in(1, self.settings.logins)
        self.offer_everything(self.settings.busy_vendors)

    def kill(self):
        if self.farthingd is not None:
            self.farthingd.kill()

    def _fill(self):
        """Loads users and vendors, who share one password; the first vendor's number."""
        vendor = add_vendor(self.installation, "http://first.vendor.example/")
        user = add_user(self.installation)
        numbers = {name: getattr(self.settings, name) for name in ("users", "vendors", "items")}
        numbers["sales"] = self.settings.sales
        for name, value in {**numbers, "transactions": 0, "vendor": vendor.vendor_id, "user": user.user_id}.items():
            numbers[name] = value
        variables = [f"--set={name}={value}" for name, value in numbers.items()]
        subprocess.run(
            ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *variables, "-f",
             SOURCE / "tests/bench/fill.sql", self.cluster.conninfo_as("postgres", self.database)],
            check=True, stdout=subprocess.DEVNULL)
        self.past_sales = self._count_sales()
        return int(vendor.vendor_id) + 1

    def _count_sales(self):
        return self.installation.query("SELECT count(*) FROM purchase.sales")[0][0]

    def log_in(self, first, count):
        """So many users from user-<first> on: passwords are slow by intent, so few make many purchases."""
        def cookies(number):
            browser = Browser(self.farthingd.url)
            browser.log_in(User(self.installation, f"user-{number}", PASSWORD, 0))
            assert "farthing_login" in browser.session.cookies, f"user-{number} is not logged in"
            return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.session.cookies)

        file = self.installation.directory / f"users-{first}"
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            lines = pool.map(cookies, range(first, first + count))
            file.write_text("".join(line + "\n" for line in lines))
        return Crowd(file)

    def offer_everything(self, vendors):
        """Each item once, so that the catalogue is known and every vendor's password verified."""
        self.load("initiate", buyers=2, vendors=vendors, count=self.settings.items, warmup_ms=0)

    def load(self, mode, buyers, vendors, users=None, **options):
        """Runs the load generator; its result, with rate, CPU and bytes."""
        users = users or self.users
        options = {"socket": self.installation.directory / "http.socket", "mode": mode, "buyers": buyers,
                   "vendors": vendors, "items": self.settings.items, "first": users.bought,
                   "first_vendor": self.first_vendor, "vendor_password": PASSWORD,
                   "users": users.file, "views": 1_000_000, **options}
        arguments = [str(word) for name, value in options.items()
                     for word in ("--" + name.replace("_", "-"), value)]
        with subprocess.Popen([program("tests/bench/load"), *arguments], text=True,
                              stdout=subprocess.PIPE) as process:
            samples, result = [], None
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == "result":
                    result = event
                else:
                    samples.append(self._sample())
        assert process.returncode == 0 and result, f"the load generator failed in {mode}"
        assert result["errors"] == 0, f"{result['errors']} errors in {mode}"
        users.bought = result["first"]
        self.acknowledged += result["acknowledged"]
        return self._add_costs(result, *samples)

    @contextlib.contextmanager
    def idle(self, count):
        """
        Beside so many silent connections: browsers that have fetched a page and read it. Gives the
        function that measures farthingd's memory when they have been silent for a while.
        """
        before_mb = resident_mb(self.farthingd.pid)
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
        with contextlib.ExitStack() as stack:
            for first in range(0, count, IDLE_AT_ONCE):
                browsers = [socket.create_connection(("127.0.0.1", self.farthingd.port))
                            for _ in range(first, min(first + IDLE_AT_ONCE, count))]
                for browser in browsers:
                    stack.enter_context(browser)
                    browser.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                for browser in browsers:
                    assert browser.recv(65536).startswith(b"HTTP/1.1 200"), "an idle connection"
            wait_until(lambda: self._parked() == count, f"{count} connections are parked")
            yield lambda deadline_s: self._settle_mb(before_mb + count / 2048, deadline_s)
            assert self._parked() == count, "idle connections were lost"
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)

    def _parked(self):
        return self.farthingd.metrics()["farthing_http_connections_parked{}"]

    def _settle_mb(self, hoped_mb, deadline_s):
        """farthingd's memory when it is what one hopes for, or after so long; jemalloc takes its time."""
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: resident_mb(self.farthingd.pid) <= hoped_mb, "it is", deadline_s)
        return round(resident_mb(self.farthingd.pid), 1)

    def _sample(self):
        wal, size = self.postgres.bytes_written(self.database)
        return {"farthingd": sum(cpu_us(self.farthingd.pid)), "postgres": self.postgres.cpu_us(),
                "wal": wal, "size": size}

    @staticmethod
    def _add_costs(result, before, after):
        grown = {name: after[name] - before[name] for name in before}
        result["rate"] = result["loops"] * 1e6 / max(result["measured_us"], 1)
        result["cpu_us"] = {"farthingd": grown["farthingd"], "postgres": grown["postgres"],
                            "load": result["cpu_us"]}
        result["wal_bytes"], result["data_bytes"] = int(grown["wal"]), grown["size"]
        return result

    def time_procedures(self, count, user):
        """{step: median µs} of the procedures alone, for user-<user>, on a connection of their own."""
        offers = self.installation.query(
            "SELECT o.vendor_id, v.credential_version, o.title, o.price, o.content_url, u.origin,"
            " u.path, o.is_post, o.vendor_content_id, o.views, o.description"
            " FROM purchase.offers o JOIN vendor.vendors v USING (vendor_id)"
            " JOIN vendor.urls u USING (vendor_id) LIMIT %s", (count,))
        login = self.installation.query(
            "SELECT user_id, login_id FROM account.logins JOIN account.users USING (user_id)"
            " WHERE login_name = %s", (f"user-{user}",))[0]
        durations = {"initiate": [], "view": [], "buy": []}

        def call(step, *values):
            begun = time.perf_counter()
            cursor.execute(f"EXECUTE {step} ({', '.join(['%s'] * len(values))})", values)
            rows = cursor.fetchall()
            durations[step].append((time.perf_counter() - begun) * 1e6)
            assert rows[0][1] == "00000", rows
            return rows[0]

        connection = self.cluster.connect("farthing_daemon", self.database)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(PROCEDURES)
            for offer in offers:
                transaction = call("initiate", *offer)[2]
                call("view", transaction, *login)
                call("buy", transaction, *login)
                self.acknowledged += 1
        return {step: statistics.median(taken) for step, taken in durations.items()}

    def audit(self):
        """Every purchase that a buyer saw succeed is a sale, and the books balance."""
        sales = self._count_sales() - self.past_sales
        assert sales == self.acknowledged, f"{self.acknowledged} acknowledged, {sales} sales"
        self.cluster.check_ledger(self.database)
        return sales

