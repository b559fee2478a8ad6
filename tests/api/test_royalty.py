# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendors say who is due a share of what they sell (V14, O5); royalties accrue as it is sold (O4)."""

import datetime
from decimal import Decimal

import pytest
import zeep.exceptions

from support.api import VendorApi, fault_of
from support.market import add_user, add_vendor
from support.place import wait_until
from support.web import Browser

FUTURE = datetime.datetime(2099, 4, 1, tzinfo=datetime.timezone.utc)


def set_owners(api, *owners, raw=None, **parameters):
    return api.call("SetContentOwners", {
        "ContentURL": api.vendor.home_url + "songs/", "Owners": {"Owner": list(owners)},
        **parameters}, raw)


def share(owner_id, part):
    return {"OwnerID": owner_id, "Share": part}


def each(owner_id, amount):
    return {"OwnerID": owner_id, "AmountPerSale": amount}


def as_set(answer):
    owners = answer.ContentOwners.Owners
    return [(owner.OwnerID, owner.Share, owner.AmountPerSale)
            for owner in (owners.Owner if owners else [])]


def refusal(api, *owners, **parameters):
    with pytest.raises(zeep.exceptions.Fault) as caught:
        set_owners(api, *owners, **parameters)
    return fault_of(caught.value)


def test_shares_are_exact(api, installation):
    """A part of the price to the millionth, or an amount; the list is answered as it is valid."""
    answer = set_owners(api, share("singer", "0.333333"), share("label", Decimal("0.5")),
                        each("writer", "0.000001"), share("Ærø & <co>", "0.000001"),
                        ValidFrom=FUTURE)
    assert as_set(answer) == sorted([
        ("label", Decimal("0.5"), None), ("singer", Decimal("0.333333"), None),
        ("writer", None, Decimal("0.000001")), ("Ærø & <co>", Decimal("0.000001"), None)])
    assert answer.ContentOwners.ContentURL == api.vendor.home_url + "songs/"
    assert answer.ContentOwners.ValidFrom == FUTURE
    assert installation.cluster.query(
        "SELECT owner_id, share_ppm, amount_per_sale FROM royalty.owner_shares"
        " WHERE owner_list_id = (SELECT max(owner_list_id) FROM royalty.owner_lists)"
        " AND owner_id IN ('singer', 'writer') ORDER BY 1") == [
            ("singer", 333333, None), ("writer", None, 1)]


def test_list_is_valid_from_now(api):
    """Also one that is said to be valid from a past day: what was sold, was sold."""
    for parameters in ({}, {"ValidFrom": datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)}):
        valid_from = set_owners(api, share("singer", 1), **parameters).ContentOwners.ValidFrom
        age = datetime.datetime.now(datetime.timezone.utc) - valid_from
        assert abs(age) < datetime.timedelta(minutes=1)


def test_nobody_any_more(api):
    assert as_set(set_owners(api, share("singer", "1"))) != []
    assert as_set(set_owners(api)) == []


def test_single_item(api):
    url = api.vendor.home_url + "songs/7?take=2"
    assert set_owners(api, share("a", "1"), ContentURL=url).ContentOwners.ContentURL == url


def test_repeat_gives_the_first_answer(api, installation):
    """The same RequestID sets once; with other parameters it is refused."""
    def lists():
        return installation.cluster.query("SELECT count(*) FROM royalty.owner_lists")
    parameters = {"RequestID": f"owners {api.version}"}
    first = set_owners(api, share("singer", "0.1"), **parameters)
    before = lists()
    again = set_owners(api, share("singer", "0.1"), **parameters)
    assert as_set(again) == as_set(first)
    assert again.ContentOwners.ValidFrom == first.ContentOwners.ValidFrom
    assert lists() == before
    assert refusal(api, share("singer", "0.2"), **parameters)["Code"] == "IDEMPOTENCY_CONFLICT"
    assert refusal(api, share("writer", "0.1"), **parameters)["Code"] == "IDEMPOTENCY_CONFLICT"


@pytest.mark.parametrize("owners, named", [
    ([share("a", "0.6"), share("b", "0.400001")], "Share must be at most 1 in sum"),
    ([share("a", "0.1"), share("a", "0.1")], "OwnerID must be different for each owner"),
    ([{"OwnerID": "a"}], "Owner must be given either Share or AmountPerSale"),
    ([{"OwnerID": "a", "Share": "0.1", "AmountPerSale": "1"}], "Owner must be given either"),
    ([share("a", "0")], "Share must be a decimal greater than 0"),
    ([share("a", "1.000001")], "Share must be a decimal greater than 0 and at most 1"),
    ([share("a", "0.0000001")], "Share must be"),
    ([each("a", "0")], "AmountPerSale must be"),
    ([each("a", "1000001")], "AmountPerSale must be"),
    ([share("", "0.1")], "OwnerID must be 1 to 64 characters"),
    ([share("x" * 65, "0.1")], "OwnerID must be 1 to 64 characters"),
], ids=str)
def test_wrong_list_is_refused(api, owners, named):
    fault = refusal(api, *owners)
    assert fault["Code"] == "INVALID_PARAMETER" and fault["Message"].startswith(named), fault


def test_url_must_be_the_vendors(api):
    """V2: URL_NOT_REGISTERED"""
    fault = refusal(api, share("a", "1"), ContentURL="https://elsewhere.example/")
    assert fault["Code"] == "URL_NOT_REGISTERED"
    fault = refusal(api, share("a", "1"), ContentURL="ftp://elsewhere.example/")
    assert fault["Code"] == "INVALID_PARAMETER" and "ContentURL" in fault["Message"]


@pytest.fixture
def seller(installation, farthingd):
    """A vendor of the test's own, charged 10% of the first 1.00 of a month, then 5%."""
    vendor = add_vendor(installation, "http://localhost:9/")
    installation.operate("royalty", "schedule", vendor.vendor_id, "--period=month", "--tier=0:10%",
                         "--tier=1:5%+0.0001")
    return VendorApi(farthingd.url, vendor)


@pytest.fixture
def buy(installation, farthingd, seller):
    """buy(price): a transaction of the seller that a user has bought."""
    browser = Browser(farthingd.url)
    browser.log_in(add_user(installation))

    def buying(price):
        offer = seller.initiate(Price=price, ContentURL=f"{seller.vendor.home_url}{price}")
        browser.buy(offer.BuyURL)
        return offer.TransactionID

    return buying


def royalty_is(api, transaction_id, royalty):
    """Waits until a rollup has got there; a sale shows none before."""
    def shown():
        return api.call("GetTransaction", {"TransactionID": transaction_id}).Transaction.Royalty
    wait_until(lambda: shown() == Decimal(royalty), f"the royalty is {royalty}, not {shown()}")


def account_of(api):
    return api.call("GetAccount", {}).Account


def test_royalty_accrues_within_a_second(installation, seller, buy):
    """
    O4: by the database's clock. Each sale is made after the rollup of the one before and so waits
    for a turn; the shortest wait counts, since a busy machine may lengthen any.
    """
    waits = []
    for price, royalty in ("0.1", "0.01"), ("0.2", "0.02"), ("0.3", "0.03"):
        sale = buy(price)
        royalty_is(seller, sale, royalty)
        waits += installation.query(
            "SELECT p.rolled_up_at - s.sold_at FROM purchase.sales s"
            " JOIN royalty.accruals a ON a.accrual_id = s.transaction_id, royalty.progress p"
            " WHERE s.transaction_id = %s", (sale,))
    assert len(waits) == 3 and min(waits)[0] <= datetime.timedelta(seconds=1), waits


def test_royalty_is_by_the_schedule(farthingd, seller, buy):
    """O4: the edge sale is split, a refund gives back its part; account and metrics show it."""
    royalty_is(seller, buy("0.8"), "0.08")
    edge = buy("0.4")
    royalty_is(seller, edge, "0.03")
    account = account_of(seller)
    assert (account.Sales, account.Royalties, account.Payable) == (
        Decimal("1.2"), Decimal("0.11"), Decimal("1.09"))
    seller.call("RefundTransaction", {"TransactionID": edge})
    royalty_is(seller, edge, "0")
    assert account_of(seller).Payable == Decimal("0.72")
    wait_until(lambda: farthingd.metrics()["farthing_royalty_lag_milliseconds{}"] == 0,
               "no sale waits")
    metrics = farthingd.metrics()
    assert metrics["farthing_royalty_covered_total{}"] >= 3
    assert metrics["farthing_royalty_rollups_failed_total{}"] == 0


def test_content_royalty_is_withheld(installation, seller, buy):
    """O5: what SetContentOwners said, deducted at once and credited by the operator's collection."""
    seller.call("SetContentOwners", {
        "ContentURL": seller.vendor.home_url,
        "Owners": {"Owner": [share(f"singer of {seller.vendor.vendor_id}", "0.25"),
                             each(f"writer of {seller.vendor.vendor_id}", "0.000001")]}})
    royalty_is(seller, buy("0.5"), "0.175001")
    assert account_of(seller).Royalties == Decimal("0.175001")
    installation.operate("owner", "collect")
    shown = installation.operate("owner", "show", f"singer of {seller.vendor.vendor_id}")
    assert "0.125 EUR" in shown and "not registered" in shown


def test_account_is_exact_before_any_rollup(start_farthingd, installation):
    """V14: also of sales that no rollup has covered yet."""
    daemon = start_farthingd(royalty={"rollup_ms": 3600000})
    api = VendorApi(daemon.url, add_vendor(installation, "http://localhost:9/"))
    browser = Browser(daemon.url)
    browser.log_in(add_user(installation))
    with installation.cluster.connect() as session:
        session.cursor().execute("SELECT pg_advisory_xact_lock(hashtext('royalty'))")
        browser.buy(api.initiate(Price="0.7").BuyURL)
        account = account_of(api)
        assert (account.Sales, account.Payable) == (Decimal("0.7"), Decimal("0.7"))
    session.close()
