# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever breaks while a purchase is under way, repeating it charges once (V7)."""

import pytest
import requests
import zeep.exceptions

from support.api import VendorApi, fault_of
from support.place import wait_until
from support.web import arrival_of

PRICE = 250_000


@pytest.fixture
def page(shop, browser):
    """The buy window of an item, before the click."""
    return browser.get(shop.api.initiate(Price="0.25").BuyURL)


def ended(cluster, pid):
    return wait_until(
        lambda: not cluster.query("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,)),
        "the daemon's call is over")


def buys_once(browser, page, user):
    """The repeat brings the buyer to the content, and one price is gone."""
    assert arrival_of(browser.press(page, "buy"), browser.url).encrypted_user_id
    assert [sale[1] for sale in user.sales()] == [PRICE]
    assert user.balance() == 5_000_000 - PRICE


def test_daemon_killed_after_the_commit(
        farthingd, browser, page, user, hold_wallet, background):
    """kill -9 when the purchase is on disk and its answer is not yet on the way."""
    with hold_wallet as stuck:
        answer = background(browser.press, page, "buy")
        stuck()
        farthingd.freeze()
    wait_until(user.sales, "the purchase is committed")
    farthingd.kill()
    with pytest.raises(requests.ConnectionError):
        answer.result()
    farthingd.start()
    buys_once(browser, page, user)


def test_daemon_killed_before_the_commit(
        installation, farthingd, browser, page, user, hold_wallet, background):
    """kill -9, and then the database undoes the purchase."""
    with hold_wallet as stuck:
        answer = background(browser.press, page, "buy")
        backend = stuck()
        farthingd.kill()
        with pytest.raises(requests.ConnectionError):
            answer.result()
        installation.cluster.query("SELECT pg_terminate_backend(%s)", (backend,))
        ended(installation.cluster, backend)
    assert user.sales() == []
    farthingd.start()
    buys_once(browser, page, user)


def test_connection_lost_during_purchase(
        installation, browser, page, user, hold_wallet, background):
    """The daemon says that the outcome is unknown, or has repeated the call itself."""
    with hold_wallet as stuck:
        answer = background(browser.press, page, "buy")
        installation.cluster.query("SELECT pg_terminate_backend(%s)", (stuck(),))
        wait_until(answer.done, "the buyer has an answer", deadline_s=20)
    assert answer.result().status_code in (200, 303, 500, 503)
    buys_once(browser, page, user)


def test_purchase_that_takes_too_long(browser, page, user, hold_wallet, background):
    """Every wait has a deadline: an error page comes while the wallet is still locked."""
    with hold_wallet as stuck:
        answer = background(browser.press, page, "buy")
        stuck()
        wait_until(answer.done, "the buyer has an answer", deadline_s=20)
        assert answer.result().status_code in (500, 503)
    buys_once(browser, page, user)


def test_sigterm_with_a_purchase_under_way(
        farthingd, browser, page, user, hold_wallet, background):
    """What was accepted is finished and answered, then the daemon ends with 0."""
    with hold_wallet as stuck:
        answer = background(browser.press, page, "buy")
        stuck()
        farthingd.terminate()
        wait_until(lambda: refuses(farthingd), "nobody else is let in")
        assert not answer.done()
    assert arrival_of(answer.result(), browser.url).encrypted_user_id
    assert farthingd.wait() == 0
    assert len(user.sales()) == 1


def refuses(farthingd):
    try:
        requests.get(farthingd.url + "/health", timeout=5)
    except requests.ConnectionError:
        return True
    return False


def test_many_clicks_at_once(browser, page, user, hold_wallet, background):
    """The same form, sent 20 times while the wallet is locked."""
    with hold_wallet as stuck:
        answers = [background(browser.press, page, "buy") for _ in range(20)]
        stuck()
    tokens = [arrival_of(answer.result(), browser.url).encrypted_user_id for answer in answers]
    assert len(tokens) == 20
    buys_once(browser, page, user)


def test_initiation_repeated_after_a_crash(
        installation, farthingd, shop, hold, background):
    """The vendor repeats its call with the same RequestID: one transaction, not two."""
    parameters = {"RequestID": "order 12", "Price": "0.25"}
    shop.api.initiate()
    with hold("LOCK TABLE purchase.transactions IN EXCLUSIVE MODE") as stuck:
        answer = background(shop.api.initiate, **parameters)
        backend = stuck()
        farthingd.kill()
        with pytest.raises(requests.ConnectionError):
            answer.result()
    ended(installation.cluster, backend)
    farthingd.start()
    first = shop.api.initiate(**parameters)
    assert shop.api.initiate(**parameters).TransactionID == first.TransactionID
    stored = installation.cluster.query(
        "SELECT count(*) FROM purchase.transactions JOIN purchase.offers USING (offer_id)"
        " WHERE vendor_id = %s", (shop.vendor.vendor_id,))
    assert stored == [(2,)]


def test_database_away(installation, farthingd, shop, browser, user):
    """PostgreSQL ends as by a power failure: clean faults, and recovery without a restart."""
    offer = shop.api.initiate(Price="0.25")
    page = browser.get(offer.BuyURL)
    assert requests.get(farthingd.url + "/health", timeout=30).status_code == 200
    installation.cluster.stop("immediate")
    try:
        for call in (shop.api.initiate, lambda: shop.api.lock("x", shop.url + "items/1")):
            with pytest.raises(zeep.exceptions.Fault) as error:
                call()
            fault = fault_of(error.value)
            assert (fault["Code"], fault["Retry"]) == ("UNAVAILABLE", "true")
        assert browser.press(page, "buy").status_code == 503
        assert browser.get(offer.BuyURL).status_code == 503
        assert requests.get(farthingd.url + "/health", timeout=30).status_code == 503
    finally:
        installation.cluster.start()
    wait_until(lambda: requests.get(farthingd.url + "/health", timeout=30).status_code == 200,
               "the daemon has found the database again")
    assert VendorApi(farthingd.url, shop.vendor).initiate().TransactionID
    buys_once(browser, page, user)
