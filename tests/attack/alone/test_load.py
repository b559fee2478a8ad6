# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks by patience and by number; what they cost a purchase is measured and printed (S2)."""

import contextlib
import http.client
import os
import re
import resource
import statistics
import subprocess
import threading
import time

import pytest

from attack.soap import Caller, element, envelope
from attack.wire import connect, read_all, split, to_bytes
from support.api import VendorApi
from support.daemon import Farthingd
from support.market import add_user, add_vendor
from support.place import program, wait_until
from support.web import Browser

IDLE = 1000
SLOW = 100  # of each of two kinds
PURCHASES = 200
P99_MS = 100
CALLS = int(os.environ.get("FARTHING_CALLS", "100000"))
GROWTH_KB = 8192
HEADER_KB = 9  # http.header_bytes
PARKED_KB = 2  # of an idle connection
HEAD = "Host: localhost\r\nContent-Type: text/xml\r\n"


@pytest.fixture
def farthingd(installation, monkeypatch):
    """As it is configured when nobody says otherwise. A sanitizer must not hoard what was freed."""
    monkeypatch.setenv("ASAN_OPTIONS", "quarantine_size_mb=1:thread_local_quarantine_size_kb=16")
    daemon = Farthingd(installation)
    yield daemon
    daemon.stop()


@pytest.fixture
def goes_on():
    """Not here: the daemon is one test's own, and its end is asserted."""


@pytest.fixture
def say(capsys):
    def show(text):
        with capsys.disabled():
            print("\n#", text, flush=True)
    return show


# --- patience ---

def purchases(browser, api, count):
    """Milliseconds of each whole purchase: offer, buy window, buy."""
    taken = []
    for number in range(count):
        begun = time.monotonic()
        offer = api.initiate(ContentURL=f"{api.vendor.home_url}{time.time_ns()}-{number}",
                             Price="0.001")
        page = browser.get(offer.BuyURL)
        answer = browser.session.post(offer.BuyURL, allow_redirects=False, timeout=30,
                                      data={"form_token": form_token(page), "action": "buy"})
        taken.append((time.monotonic() - begun) * 1000)
        assert answer.status_code == 303, answer.text
    return taken


def form_token(page):
    form = page.text.index('action="/buy/')
    return re.compile(r'name="form_token" value="([^"]+)"').search(page.text, form).group(1)


def p99(taken):
    return statistics.quantiles(taken, n=100)[98]


@contextlib.contextmanager
def crowd(farthingd, directory):
    """1,000 connections that say nothing and 200 that say little, until the block ends."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    slow = ["slowhttptest", "-c", str(SLOW), "-r", str(SLOW), "-i", "2", "-l", "120", "-p", "30"]
    with contextlib.ExitStack() as stack:
        for _ in range(IDLE):
            stack.enter_context(connect(farthingd.port))
        for kind in (["-H", "-u", farthingd.url + "/login"],
                     ["-B", "-s", "8192", "-u", farthingd.url + "/soap/vendor/1"]):
            process = subprocess.Popen(slow + kind, cwd=directory, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        wait_until(lambda: farthingd.metrics()["farthing_http_connections{}"] >= IDLE + 2 * SLOW,
                   "they are all connected")
        yield
        connected = farthingd.metrics()["farthing_http_connections{}"]
        assert connected >= IDLE + SLOW, f"only {connected} stayed"
    resource.setrlimit(resource.RLIMIT_NOFILE, limit)


def test_slow_clients_do_not_slow_a_purchase(installation, farthingd, tmp_path, say):
    """1,000 idle and 200 slow connections leave a new purchase under 100 ms at p99."""
    api = VendorApi(farthingd.url, add_vendor(installation, "http://localhost:9/"))
    user = add_user(installation, funds="50")
    browser = Browser(farthingd.url)
    browser.log_in(user)
    purchases(browser, api, 20)
    alone = p99(purchases(browser, api, PURCHASES))
    with crowd(farthingd, tmp_path):
        taken = purchases(browser, api, PURCHASES)
    say(f"whole purchase, p99 of {PURCHASES}: {alone:.1f} ms alone, {p99(taken):.1f} ms among "
        f"{IDLE:,} idle and {2 * SLOW} slow connections, ratio {p99(taken) / alone:.2f}; "
        f"median {statistics.median(taken):.1f} ms")
    assert p99(taken) < P99_MS


# --- numbers ---

def post(body, path="/soap/vendor/1", head=HEAD):
    return to_bytes(f"POST {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}")


def mixture(caller):
    """Good calls, bad ones, pages and forms, each with the status that it must get."""
    form = "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return [(post(envelope(caller.call())), 200),
            (post(envelope(caller.call("Lock_Content"))), 200),
            (post(envelope(caller.call(Price=element("Price", "none")))), 500),
            (post(envelope(caller.call())[:-9]), 500),
            (post(envelope("<?a?>" + caller.call("Lock_Content"))), 200),
            (to_bytes("GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200),
            (post("login_name=a&password=b", "/login", form), 403),
            (to_bytes("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"), 404)]


def call_many(port, requests, rounds):
    """All of requests, rounds times, on one connection that is renewed now and then."""
    batch = 10
    for _ in range(0, rounds, batch):
        with connect(port) as client:
            last = to_bytes("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            sender = threading.Thread(
                target=client.sendall, args=(b"".join(r for r, _ in requests) * batch + last,))
            sender.start()
            statuses = [answer[0] for answer in split(read_all(client))]
            sender.join()
            assert statuses == [status for _, status in requests] * batch + [200]


def call_at_once(port, requests, calls, connections=4):
    rounds = calls // connections // len(requests)
    failures = []

    def work():
        try:
            call_many(port, requests, rounds)
        except AssertionError as problem:
            failures.append(problem)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]


def rss_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def test_memory_is_flat(installation, farthingd, say):
    """FARTHING_CALLS calls, good and bad, leave the daemon as large as the first tenth left it."""
    caller = Caller(farthingd, add_vendor(installation, "http://localhost:9/"))
    assert caller.send(envelope(caller.call())).code == "OK"
    requests = mixture(caller)
    call_at_once(farthingd.port, requests, max(CALLS // 10, 4000))
    before, begun = rss_kb(farthingd.pid), time.monotonic()
    call_at_once(farthingd.port, requests, CALLS)
    after, seconds = rss_kb(farthingd.pid), time.monotonic() - begun
    say(f"resident memory {before:,} KiB before and {after:,} KiB after {CALLS:,} calls "
        f"({CALLS / seconds:,.0f}/s)")
    assert after < before + GROWTH_KB


def test_idle_connections_take_what_is_configured(farthingd, say):
    """
    http.header_bytes and 4 KiB, whatever page each has fetched; and when they are parked, next to
    nothing.
    """
    if "jemalloc" not in subprocess.run(["ldd", program("farthingd")], check=True, text=True,
                                        stdout=subprocess.PIPE).stdout:
        pytest.skip("with a sanitizer, memory is not what it is without")
    page = to_bytes("GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n")
    with contextlib.ExitStack() as stack:
        def fetch(client):
            client.sendall(page)
            answer = http.client.HTTPResponse(client)
            answer.begin()
            assert answer.status == 200 and answer.read()

        for _ in range(IDLE):
            with connect(farthingd.port) as client:
                fetch(client)
        before = rss_kb(farthingd.pid)
        for _ in range(IDLE):
            fetch(stack.enter_context(connect(farthingd.port)))
        each = (rss_kb(farthingd.pid) - before) / IDLE
        assert farthingd.metrics()["farthing_http_connections{}"] >= IDLE
        wait_until(lambda: farthingd.metrics()["farthing_http_connections_parked{}"] == IDLE,
                   "they are parked")
        wait_until(lambda: rss_kb(farthingd.pid) < before + PARKED_KB * IDLE,
                   "their memory is given back")
        parked = (rss_kb(farthingd.pid) - before) / IDLE
    say(f"an idle connection takes {each:.1f} KiB, {IDLE:,} of them {each * IDLE / 1024:.0f} MiB; "
        f"parked, {parked:.1f} KiB")
    assert 0 < each < HEADER_KB + 5


# --- guesses ---

class Guesser:
    """Tries passwords from an address of its own, as fast as it is answered."""

    def __init__(self, port, caller, address):
        self.codes = {}
        self.port, self.caller, self.address = port, caller, address
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()

    def _run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30,
                                                source_address=(self.address, 0))
        number = 0
        while not self.stopping.is_set():
            number += 1
            guess = element("VendorPassword", f"guess {number} of {self.address}")
            connection.request("POST", "/soap/vendor/1", envelope(
                self.caller.call(VendorPassword=guess)), {"Content-Type": "text/xml"})
            code = re.search(rb"Code>([A-Z_]+)<", connection.getresponse().read()).group(1).decode()
            self.codes[code] = self.codes.get(code, 0) + 1
        connection.close()


def test_flood_of_wrong_passwords(installation, farthingd, say):
    """
    It is limited for each vendor and address; the vendor itself, from its own address, is let in
    for the first time while it lasts, and sells on.
    """
    vendor = add_vendor(installation, "http://localhost:9/")
    caller = Caller(farthingd, vendor)
    with contextlib.ExitStack() as stack:
        guessers = [stack.enter_context(Guesser(farthingd.port, caller, f"127.0.0.{n}"))
                    for n in (2, 3, 4)]
        wait_until(lambda: all(guesser.codes.get("RATE_LIMITED") for guesser in guessers),
                   "they are limited")
        codes = [caller.send(envelope(caller.call())).code for _ in range(100)]
    assert codes == ["OK"] * 100
    for guesser in guessers:
        assert guesser.codes["AUTHENTICATION_FAILED"] <= 5
        assert set(guesser.codes) == {"AUTHENTICATION_FAILED", "RATE_LIMITED"}
    guesses = sum(sum(guesser.codes.values()) for guesser in guessers)
    say(f"{guesses} guesses from {len(guessers)} addresses: "
        f"{sum(g.codes['AUTHENTICATION_FAILED'] for g in guessers)} were tried, "
        f"the others refused; the vendor's 100 calls went through")
