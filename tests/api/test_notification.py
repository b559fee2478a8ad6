# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendors are told of sales and refunds, signed, at least once, and only at public addresses."""

import os
import re
import signal
import ssl
import subprocess
import time

import pytest
import requests

from conftest import run_installation
from support.api import VendorApi
from support.hook import Hook
from support.market import add_user, add_vendor
from support.place import SOURCE, free_port, wait_until
from support.settlement import agree, call
from support.web import Browser

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
QUICK = {"allow_private": "true", "retry_first_s": 1, "retry_last_s": 2, "timeout_ms": 2000}


@pytest.fixture(scope="module")
def installation():
    """Of its own: every server on a database sends what is due there."""
    yield from run_installation()


@pytest.fixture
def serve(start_farthingd):
    def start(**options):
        return start_farthingd(notifications={**QUICK, **options})

    return start


@pytest.fixture
def hook():
    hook = Hook()
    yield hook
    hook.stop()


class Shop:
    """A vendor that is told at a URL, and a buyer."""

    def __init__(self, installation, url):
        self.installation = installation
        self.vendor = add_vendor(installation, "http://localhost:9/")
        self.secret = installation.operate("vendor", "notify", self.vendor.vendor_id, url)
        self.user = add_user(installation)
        self.sold = 0

    def sell(self, daemon, **parameters):
        """The transaction's ID."""
        self.sold += 1
        browser = Browser(daemon.url)
        browser.log_in(self.user)
        offer = VendorApi(daemon.url, self.vendor).initiate(
            ContentURL=f"{self.vendor.home_url}items/{self.sold}", **parameters)
        browser.buy(offer.BuyURL)
        return offer.TransactionID

    def events(self):
        """[(attempts, delivered, due, last problem)], oldest first"""
        return self.installation.cluster.query(
            "SELECT attempts, delivered_at IS NOT NULL, due_at IS NOT NULL, last_problem"
            " FROM notification.events WHERE vendor_id = %s ORDER BY event_id",
            (self.vendor.vendor_id,))

    def await_problem(self, problem):
        return wait_until(
            lambda: [event for event in self.events() if re.search(problem, event[3] or "")],
            f"an attempt ended with {problem}")


@pytest.fixture
def shop(installation, hook):
    shop = Shop(installation, hook.url)
    yield shop
    installation.operate("vendor", "silence", shop.vendor.vendor_id)


def test_sale_is_told(serve, shop, hook):
    """Once, signed, with all that the vendor may know."""
    daemon = serve()
    transaction_id = shop.sell(daemon, Price="0.000300", VendorContentID="song 7",
                               OptionalData="für \"dich\" & </mich>\n")
    delivery = hook.await_deliveries(1)[0]
    assert delivery.path == "/hook?shop=7"
    assert delivery.headers["Content-Type"] == "application/json"
    assert delivery.is_signed(shop.secret)
    assert not delivery.is_signed(shop.secret[:-1] + "~")
    event = delivery.event
    assert re.fullmatch(UUID, event.pop("event_id"))
    assert re.fullmatch(TIME, event.pop("occurred_at"))
    assert re.fullmatch(TIME, event.pop("purchased_at"))
    assert event == {
        "kind": "purchased", "transaction_id": transaction_id, "state": "PURCHASED",
        "currency": "EUR", "price": "0.0003", "incentive_amount": "0", "refunded_amount": "0",
        "vendor_content_id": "song 7", "optional_data": "für \"dich\" & </mich>\n"}
    wait_until(lambda: shop.events() == [(1, True, False, None)], "it is marked as delivered")


def test_failure_is_tried_again(serve, shop, hook):
    """With the same event, signed anew, until the vendor takes it; the metrics count."""
    daemon = serve()
    answers = iter([500, 404, (302, {"Location": "/elsewhere"}, b"")])
    hook.answer = lambda delivery: next(answers, 200)
    shop.sell(daemon)
    first, *rest = hook.await_deliveries(4)
    assert {delivery.body for delivery in rest} == {first.body}
    assert {delivery.path for delivery in rest} == {first.path}, "a redirect was followed"
    assert all(delivery.is_signed(shop.secret) for delivery in hook.deliveries)
    wait_until(lambda: shop.events() == [(4, True, False, None)], "it is marked as delivered")
    metrics = daemon.metrics()
    assert metrics['farthing_notifications_total{outcome="failed"}'] == 3
    assert metrics['farthing_notifications_total{outcome="delivered"}'] == 1
    wait_until(lambda: daemon.metrics()["farthing_notifications_waiting{}"] == 0, "none waits")


def test_restart_keeps_what_waits(serve, shop, hook):
    """Killed or ended, with a notification under way: another server delivers it."""
    first = serve()
    hook.answer = lambda delivery: 503
    transaction_id = shop.sell(first)
    hook.await_deliveries(1)
    first.kill()
    hook.answer = lambda delivery: 204
    before = len(hook.deliveries)
    # What a killed server had taken is due again when its lease is over.
    shop.installation.cluster.query("UPDATE notification.events SET due_at = now()"
                                    " WHERE due_at IS NOT NULL")
    second = serve()
    assert hook.await_deliveries(before + 1)[-1].event["transaction_id"] == transaction_id
    wait_until(lambda: shop.events()[0][1], "it is marked as delivered")

    def hang(delivery):
        time.sleep(QUICK["timeout_ms"] / 1000)  # a server that is slow: longer than it may take
        return 204
    hook.answer = hang
    shop.sell(second)
    hook.await_deliveries(before + 2)
    second.stop()
    assert shop.events()[1][1:] == (False, True, "broken off")
    hook.answer = lambda delivery: 204
    third = serve()
    wait_until(lambda: shop.events()[1][1], "the next server delivers what was broken off")
    third.stop()


def test_refund_is_told(serve, shop, hook):
    """V14: with the state and the amounts it led to."""
    daemon = serve()
    transaction_id = shop.sell(daemon, Price="0.50")
    api = VendorApi(daemon.url, shop.vendor)
    hook.await_deliveries(1)
    api.call("RefundTransaction", {"TransactionID": transaction_id, "Amount": "0.20"})
    partly = hook.await_deliveries(2)[1].event
    assert (partly["kind"], partly["state"]) == ("refunded", "PARTLY_REFUNDED")
    assert (partly["price"], partly["refunded_amount"]) == ("0.5", "0.2")
    assert re.fullmatch(TIME, partly["refunded_at"])
    api.call("RefundTransaction", {"TransactionID": transaction_id})
    whole = hook.await_deliveries(3)[2].event
    assert (whole["state"], whole["refunded_amount"]) == ("REFUNDED", "0.5")
    assert whole["transaction_id"] == transaction_id
    assert len({delivery.event["event_id"] for delivery in hook.deliveries}) == 3


def test_settlement_is_told(installation, serve, shop, hook):
    """O6: what was paid out, by the ID under which ListSettlements has it."""
    shop.sell(serve(), Price="1.509")
    hook.await_deliveries(1)
    agree(installation, [int(shop.vendor.vendor_id)])
    call(installation, "royalty.roll_up_all()")
    installation.operate("settle", "vendors", "--vendor", shop.vendor.vendor_id)
    event = hook.await_deliveries(2)[1].event
    settlement_id, = installation.query("SELECT settlement_id::text FROM settlement.settlements")[0]
    assert {name: event[name] for name in ("kind", "settlement_id", "amount", "currency")} == {
        "kind": "settled", "settlement_id": settlement_id, "amount": "1.5", "currency": "EUR"}
    assert "transaction_id" not in event


def test_given_up_then_redelivered(serve, shop, hook):
    """After its time a notification is given up; the operator has it sent again."""
    daemon = serve(give_up_hours=1)
    hook.answer = lambda delivery: 500
    shop.sell(daemon)
    shop.await_problem("status 500")
    shop.installation.cluster.query(
        "UPDATE notification.events SET queued_at = queued_at - interval '1 hour'")
    wait_until(lambda: not shop.events()[0][2], "it is given up")
    assert daemon.metrics()["farthing_notifications_given_up_total{}"] == 1

    hook.answer = lambda delivery: 204
    redeliver = ["notification", "redeliver", shop.vendor.vendor_id]
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    assert shop.installation.operate(*redeliver, "--since", since) == "1"
    wait_until(lambda: shop.events()[0][1], "it is delivered")
    count = len(hook.deliveries)
    event_id = hook.deliveries[-1].event["event_id"]
    assert shop.installation.operate(*redeliver, "--event", event_id) == "1"
    assert hook.await_deliveries(count + 1)[-1].event["event_id"] == event_id
    assert shop.installation.operate(*redeliver, "--since", "2020-01-01T00:00:00Z",
                                     "--until", "2020-01-02T00:00:00Z") == "0"


@pytest.mark.parametrize("url", [
    "http://localhost:{port}/", "http://127.0.0.1:{port}/", "http://[::1]:{port}/",
    "http://0.0.0.0:{port}/", "http://2130706433:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://169.254.169.254/latest/", "http://10.0.0.1/", "http://[fe80::1]/", "http://224.0.0.1/",
])
def test_private_address_is_refused_by_default(start_farthingd, installation, hook, url):
    """A vendor's URL reaches nothing behind the provider's walls, by name or by number."""
    port = re.search(r":(\d+)/", hook.url)[1]
    shop = Shop(installation, url.format(port=port))
    daemon = start_farthingd()
    try:
        shop.sell(daemon)
        shop.await_problem("the host's address is not of the public internet")
    finally:
        installation.operate("vendor", "silence", shop.vendor.vendor_id)
    assert hook.deliveries == []


def test_proxy_of_the_environment_is_not_used(start_farthingd, installation, hook, monkeypatch):
    """It would connect in our place, to any address."""
    shop = Shop(installation, "http://localhost:9/")
    with monkeypatch.context() as environment:
        environment.setenv("http_proxy", hook.url.split("/hook")[0])
        environment.setenv("no_proxy", "127.0.0.1")  # for the test's own calls
        daemon = start_farthingd()
    try:
        shop.sell(daemon)
        shop.await_problem("not of the public internet")
    finally:
        installation.operate("vendor", "silence", shop.vendor.vendor_id)
    assert hook.deliveries == []


def test_certificate_is_verified(serve, installation, tmp_path):
    """TLS without a certificate that we trust is no TLS."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                    "-subj", "/CN=localhost", "-keyout", tmp_path / "key", "-out", tmp_path / "cert"],
                   check=True, stderr=subprocess.DEVNULL)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    hook = Hook(tls)
    try:
        shop = Shop(installation, hook.url)
        shop.sell(serve())
        shop.await_problem("certificate")
        installation.operate("vendor", "silence", shop.vendor.vendor_id)
    finally:
        hook.stop()
    assert hook.deliveries == []


def test_long_answer_is_cut_off(serve, shop, hook):
    """The status has come before; no more is read than allowed."""
    daemon = serve(answer_bytes=2000)
    hook.answer = lambda delivery: (200, {}, b"x" * 5_000_000)
    shop.sell(daemon)
    wait_until(lambda: shop.events() == [(1, True, False, None)], "it is delivered all the same")
    hook.answer = lambda delivery: (200, {"X-Long": "x" * 5000}, b"")
    shop.sell(daemon)
    wait_until(lambda: shop.events()[1][1], "long headers, too")


def test_slow_vendor_keeps_nobody_waiting(serve, shop, hook, installation):
    """One that does not answer has its time; others are told meanwhile."""
    def hang(delivery):
        time.sleep(1.5)
        return 204
    hook.answer = hang
    quick_hook = Hook()
    quick = Shop(installation, quick_hook.url)
    daemon = serve(connections=2, connections_per_vendor=1)
    try:
        for _ in range(3):
            shop.sell(daemon)
        hook.await_deliveries(1)
        for count in range(1, 4):
            quick.sell(daemon)
            quick_hook.await_deliveries(count)
        assert sum(event[1] for event in shop.events()) < 3, "the slow one was waited for"
        wait_until(lambda: all(event[1] for event in shop.events()), "the slow one is told, too")
    finally:
        installation.operate("vendor", "silence", quick.vendor.vendor_id)
        quick_hook.stop()


def test_operator_is_told_what_is_wrong(installation):
    """Each wrong command line has its sentence."""
    def refusal(*arguments):
        done = subprocess.run(
            [*installation.command(), *arguments], text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        assert done.returncode != 0 and done.stdout == ""
        return done.stderr

    vendor = add_vendor(installation, "http://localhost:9/")
    assert "URL must be" in refusal("vendor", "notify", vendor.vendor_id, "ftp://x.example/")
    assert "vendor not found" in refusal("vendor", "notify", "999999", "https://x.example/")
    assert "a vendor's number" in refusal("vendor", "notify", "shop", "https://x.example/")
    redeliver = ["notification", "redeliver", vendor.vendor_id]
    assert "either --event" in refusal(*redeliver)
    assert "either --event" in refusal(*redeliver, "--until", "2026-01-01T00:00:00Z")
    assert "--since must be a time" in refusal(*redeliver, "--since", "yesterday")
    assert "has no URL" in refusal(*redeliver, "--since", "2026-01-01T00:00:00Z")
    installation.operate("vendor", "notify", vendor.vendor_id, "https://x.example/")
    assert "--event must be an event's ID" in refusal(*redeliver, "--event", "7")
    assert "no event of this ID" in refusal(
        *redeliver, "--event", "01900000-0000-7000-8000-000000000000")
    installation.operate("vendor", "silence", vendor.vendor_id)


SAMPLES = {
    "php": lambda port: ["php", "-S", f"127.0.0.1:{port}",
                         SOURCE / "deploy/samples/notification/receiver.php"],
    "python": lambda port: ["/usr/bin/python3",
                            SOURCE / "deploy/samples/notification/receiver.py", str(port)],
}


@pytest.mark.parametrize("language", SAMPLES)
def test_sample_receiver(serve, installation, tmp_path, language):
    """It takes what is genuine and refuses every forgery."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    shop = Shop(installation, url)
    log = tmp_path / "log"
    with open(log, "wb") as out:
        process = subprocess.Popen(SAMPLES[language](port), stdout=out, stderr=out,
                                   env=os.environ | {"FARTHING_SECRET": shop.secret})
    try:
        def is_up():
            try:
                return requests.post(url, data=b"{}", timeout=5).status_code == 400
            except requests.ConnectionError:
                return False
        wait_until(is_up, "the sample answers")
        transaction_id = shop.sell(serve())
        wait_until(lambda: shop.events() == [(1, True, False, None)], "the sample has taken it")
        wait_until(lambda: f"purchased {transaction_id} PURCHASED" in log.read_text(), "it is told")
        for forged in forgeries(shop.secret):
            answer = requests.post(url, data=forged.body, headers=forged.headers, timeout=5)
            assert answer.status_code == 400, forged
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        installation.operate("vendor", "silence", shop.vendor.vendor_id)


def forgeries(secret):
    """Like a genuine one in all but one thing."""
    import hashlib
    import hmac

    from support.hook import Delivery

    def signed(timestamp, body, key=secret, version="v1"):
        mac = hmac.new(key.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
        return {"Farthing-Timestamp": timestamp, "Farthing-Signature": f"{version}={mac}"}

    now, body = str(int(time.time())), '{"event_id": "1"}'
    good = signed(now, body)
    assert Delivery("/", good, body.encode()).is_signed(secret)
    for headers, text in [
            ({}, body), (good, body + " "), (signed(now, body, "another secret"), body),
            (signed(now, body, ""), body), (signed(str(int(now) - 3600), body), body),
            (signed(str(int(now) + 3600), body), body), (signed("", body), body),
            (signed(now, body, version="v2"), body), (signed("-" + now, body), body),
            ({**good, "Farthing-Signature": good["Farthing-Signature"].upper()}, body),
            ({**good, "Farthing-Timestamp": str(int(now) - 1)}, body),
            ({**good, "Farthing-Signature": "v1="}, body)]:
        yield Delivery("/", headers, text.encode())
