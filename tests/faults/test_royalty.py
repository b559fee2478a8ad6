# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever breaks while royalties are accrued, each sale is accrued once (O4, O5)."""

import itertools
import threading

import pytest

from support.api import VendorApi
from support.market import add_user, add_vendor
from support.place import DEADLINE_S, wait_until
from support.settlement import call
from support.web import Browser


@pytest.fixture
def terms(installation, shop):
    """10% to the provider, a quarter to the singer."""
    installation.operate("royalty", "schedule", shop.vendor.vendor_id, "--period=month", "--tier=0:10%")
    installation.operate("owner", "shares", shop.vendor.vendor_id, shop.url, "singer=25%")


@pytest.fixture
def hold_progress(hold):
    """
    A rollup has written all but its progress then, and none of it is committed. The lock takes no
    transaction number: a rollup would not pass that.
    """
    return hold("LOCK TABLE royalty.progress IN EXCLUSIVE MODE")


def kill_daemon(farthingd, _cluster, _backend):
    """Its rollup goes on in the database, or is undone at its deadline."""
    farthingd.kill()


def lose_connection(_farthingd, cluster, backend):
    cluster.query("SELECT pg_terminate_backend(%s)", (backend,))


def crash_database(_farthingd, cluster, _backend):
    cluster.stop("immediate")


@pytest.mark.parametrize("disturb", [kill_daemon, lose_connection, crash_database])
def test_rollup_broken_off(installation, farthingd, shop, browser, terms, hold_progress, disturb):
    """O4: what it had not committed is undone, or it commits by itself; the next goes on."""
    def totals():
        return installation.cluster.query(
            "SELECT count(*), sum(royalty)::bigint, sum(content_royalty)::bigint"
            " FROM royalty.accruals WHERE vendor_id = %s", (shop.vendor.vendor_id,))[0]

    def payable():
        return installation.cluster.query(
            "SELECT payable FROM vendor.account(%s, 1)", (shop.vendor.vendor_id,))[0][0]

    def buy(*items):
        for item in items:
            browser.buy(shop.api.initiate(
                Price="0.25", ContentURL=f"{shop.url}items/{item}").BuyURL)

    cluster = installation.cluster
    with hold_progress as stuck:
        buy(1)
        backend = stuck()
        buy(2, 3)
        assert totals() == (0, None, None)
        disturb(farthingd, cluster, backend)
        if disturb is crash_database:
            cluster.start()
    if farthingd.process.poll() is not None:
        farthingd.start()
    wait_until(lambda: totals()[0] == 3, "all sales are accrued")
    buy(4)
    wait_until(lambda: totals()[0] == 4, "so is the next")
    assert totals() == (4, 100_000, 250_000)
    assert payable() == 1_000_000 - 350_000
    assert cluster.query("SELECT volume FROM royalty.volumes WHERE vendor_id = %s",
                         (shop.vendor.vendor_id,)) == [(1_000_000,)]


def test_daemon_ends_promptly(start_farthingd):
    """SIGTERM between two rollups that are an hour apart."""
    start_farthingd(royalty={"rollup_ms": 3600000}).stop()


@pytest.mark.parametrize("roll_up", [
    lambda installation: installation.operate("royalty", "roll-up", "--slice=1", "--share=10"),
    lambda installation: call(installation, "royalty.roll_up_all(in_slice => 1, in_share_percent => 10)"),
], ids=["command", "procedure"])
def test_rollup_of_everything_ends(start_farthingd, installation, background, roll_up):
    """O4: with what was sold before it began, although more is sold meanwhile than it covers."""
    daemon = start_farthingd(royalty={"rollup_ms": 3600000})
    api = VendorApi(daemon.url, add_vendor(installation, "http://localhost:9/"))
    browser = Browser(daemon.url)
    browser.log_in(add_user(installation))
    enough = threading.Event()

    def count(condition="true"):
        return installation.query(f"SELECT count(*) FROM purchase.sales WHERE {condition} AND vendor_id = %s",
                                  (api.vendor.vendor_id,))[0][0]

    def go_on():
        for item in itertools.count():
            if enough.is_set():
                return
            browser.buy(api.initiate(Price="0.000001", ContentURL=f"{api.vendor.home_url}{item}").BuyURL)

    purchases = background(go_on)
    try:
        before = wait_until(lambda: count() if count() >= 5 else 0, "purchases go on")
        background(roll_up, installation).result(timeout=DEADLINE_S)
        covered = count("purchase.xact_number(xact_id) < (SELECT rollup_id FROM royalty.progress)")
        assert before <= covered < count()
    finally:
        enough.set()
    purchases.result(timeout=DEADLINE_S)
