# SPDX-License-Identifier: GPL-3.0-or-later
"""sqlmap tries every text of the vendor API and every field of the pages, and gets nowhere (S2)."""

import contextlib
import http.server
import shutil
import subprocess
import threading
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg2
import pytest

from attack.soap import element, envelope
from support.api import VendorApi
from support.daemon import Farthingd
from support.market import add_user, add_vendor
from support.web import Browser, find_form

MARK = "*"  # where sqlmap puts its tries
NOTHING = "all tested parameters do not appear to be injectable"
TRIES_MIN = 40  # for each mark; it makes about a hundred
DEADLINE_S = 600
TIME = "2031-01-01T00:00:00Z"
# {operation: values}; a mark stands behind each, and in what is no text. Each try of a password takes its time, so that of
# the API is tried once.
OPERATIONS = {
    "GetAccount": {"VendorID": "1001", "VendorPassword": "secret"},
    "InitiateTransaction": {
        "ContentTitle": "News", "Price": "0.25", "ContentURL": "http://localhost:9/items/1",
        "IsPost": "false", "VendorContentID": "a", "NumberOfTimesToView": "3",
        "AbsoluteExpTime": TIME, "IncentiveIDs": "-1", "ShortDescription": "b", "OptionalData": "c"},
    "Lock_Content": {"EncryptedUserID": "none", "ContentURL": "http://localhost:9/items/1",
                     "RequestID": "d"},
    "GetTransaction": {"TransactionID": "@"},
    "RefundTransaction": {"TransactionID": "@", "Amount": "0.1", "Reason": "e"},
    "ListTransactions": {"Since": TIME, "Until": TIME, "State": "PENDING", "PageToken": "@"},
    "InitiateCheckout": {
        "OrderID": "f", "Amount": "0.25", "Description": "g",
        "ReturnURL": "http://localhost:9/thanks", "CancelURL": "http://localhost:9/cart",
        "ShippingRequested": "true"},
    "ListSettlements": {"Since": TIME, "Until": TIME, "PageToken": "@"},
    "IssueIncentive": {"Amount": "0.1", "Count": "1", "ExpiresAt": TIME, "CodePrefix": "H"},
    "SetContentOwners": {
        "ContentURL": "http://localhost:9/items/1",
        "Owners": element("Owner", element("OwnerID", "i*") + element("Share", "0.5*"))},
    "ChangePassword": {"NewPassword": "short"},
}

pytestmark = pytest.mark.skipif(shutil.which("sqlmap") is None, reason="sqlmap is not installed")


@pytest.fixture(scope="module")
def farthingd(installation):
    """It counts wrong passwords, but not for long: what is tried must reach the database."""
    daemon = Farthingd(installation,
                       security={"login_attempts": 1000, "login_attempts_window_s": 1})
    yield daemon
    daemon.stop()


@pytest.fixture
def vendor(installation):
    """One for each test: ChangePassword does what it says."""
    return add_vendor(installation, "http://localhost:9/")


@pytest.fixture
def transaction(farthingd, vendor):
    return VendorApi(farthingd.url, vendor).initiate().TransactionID


@pytest.fixture
def attack(farthingd, tmp_path):
    """attack(method, path, headers, body): what sqlmap says, after it tried each mark."""
    def run(method, path, headers=(), body="", port=farthingd.port, techniques="BEUST"):
        request = tmp_path / "request"
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", body]
        request.write_text("\r\n".join(lines))
        done = subprocess.run(
            ["sqlmap", "-r", request, "--batch", "--ignore-stdin", "--level=2", "--risk=2", f"--technique={techniques}",
             "--dbms=PostgreSQL", "--ignore-redirects", "--drop-set-cookie", "--disable-coloring",
             "--flush-session", f"--output-dir={tmp_path}"], timeout=DEADLINE_S, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={"HOME": str(tmp_path),
                                                                   "PATH": "/usr/bin:/bin"})
        return done.stdout
    return run


def answered(daemon):
    """{outcome: requests of pages and calls} so far."""
    counts = {}
    for sample, count in daemon.metrics().items():
        name, _, labels = sample.partition("{")
        if name == "farthing_http_requests_total" and "health" not in labels \
                and "metrics" not in labels:
            outcome = labels.partition('outcome="')[2].partition('"')[0]
            counts[outcome] = counts.get(outcome, 0) + count
    return counts


@contextlib.contextmanager
def expects_tries(daemon, marks):
    """They were answered, and not all of them by the throttle or by a failure."""
    before = answered(daemon)
    yield
    made = {outcome: count - before.get(outcome, 0) for outcome, count in answered(daemon).items()}
    assert sum(made.values()) >= TRIES_MIN * marks, made
    assert made.get("RATE_LIMITED", 0) + made.get("INTERNAL", 0) + made.get("UNAVAILABLE", 0) == 0


@pytest.mark.parametrize("operation", OPERATIONS)
def test_vendor_api(farthingd, vendor, attack, transaction, operation):
    values = {name: value.replace("@", transaction) + MARK * (value[0] != "<")
              for name, value in OPERATIONS[operation].items()}
    login = {"VendorID": vendor.vendor_id, "VendorPassword": vendor.password}
    fields = "".join(element(*pair) for pair in {**login, **values}.items())
    with expects_tries(farthingd, fields.count(MARK)):
        said = attack("POST", "/soap/vendor/1", ["Content-Type: text/xml; charset=utf-8"],
                      envelope(element(operation, fields)))
    assert NOTHING in said, said[-3000:]


@pytest.fixture
def forms(farthingd, installation, transaction):
    """{name: (path, browser, action of the form)}"""
    stranger, buyer = Browser(farthingd.url), Browser(farthingd.url)
    buyer.log_in(add_user(installation))
    return {"login": ("/login?transaction=" + transaction, stranger, "/login", {}),
            "register": ("/register", stranger, "/register", {
                "login_name": "zoe", "password": "a good long secret", "full_name": "Zoe",
                "password_again": "a good long secret", "email": "zoe@example.org", "answer": "Rex"}),
            "buy": ("/buy/" + transaction, buyer, "/buy/", {"action": "incentive"}),
            "logout": ("/account", buyer, "/logout", {})}


@pytest.mark.parametrize("name", ["login", "register", "buy", "logout"])
def test_form(farthingd, attack, forms, name):
    path, browser, action, typed = forms[name]
    page = browser.get(path)
    form = find_form(page, action)
    fields = {**dict(form.form_values()), **typed}
    token = {"form_token": fields.pop("form_token")}
    marked = {field: value + MARK for field, value in fields.items()} or {"form_token": MARK}
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.session.cookies)
    with expects_tries(farthingd, len(marked)):
        said = attack("POST", urlsplit(form.action).path,
                      ["Content-Type: application/x-www-form-urlencoded", "Cookie: " + cookies],
                      urlencode({**token, **marked}, safe=MARK))
    assert NOTHING in said, said[-3000:]


@pytest.mark.parametrize("path", [
    "/buy/@*", "/item/#*", "/login?transaction=@*&next=content*&lang=en*",
    "/register?transaction=@*", "/content?from=0*"])
def test_address(farthingd, installation, vendor, attack, transaction, path):
    """@ stands for a transaction, # for an item."""
    item = VendorApi(farthingd.url, vendor).lock("none", vendor.home_url + "items/1").BuyURL
    path = path.replace("@", transaction).replace("#", item.rpartition("/")[2])
    browser = Browser(farthingd.url)
    browser.log_in(add_user(installation))
    cookies = "; ".join(f"{cookie.name}={cookie.value}*" for cookie in browser.session.cookies)
    with expects_tries(farthingd, path.count(MARK) + cookies.count(MARK)):
        said = attack("GET", path, ["Cookie: " + cookies])
    assert NOTHING in said, said[-3000:]


def test_it_would_find_something(installation, attack):
    """The same sqlmap, before a page that builds its SQL of what it gets."""
    class Careless(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = parse_qs(urlsplit(self.path).query)["name"][0]
            with contextlib.closing(psycopg2.connect(
                    installation.cluster.conninfo_as("farthing_daemon", "farthing"))) as database:
                cursor = database.cursor()
                try:
                    cursor.execute("SELECT 1 WHERE 'ada' = '" + name + "'")
                    body = b"found" if cursor.fetchall() else b"nobody"
                except psycopg2.Error:
                    body = b"nobody"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Careless) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said = attack("GET", "/?name=ada*", port=server.server_port, techniques="BE")
        server.shutdown()
    assert "is vulnerable" in said or "injection point" in said, said[-3000:]
