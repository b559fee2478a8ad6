# SPDX-License-Identifier: GPL-3.0-or-later
"""What a vendor asks about itself: its account, its settlements, a new password (V14)."""

import dataclasses
import datetime
from decimal import Decimal

import pytest
import zeep.exceptions

from support.api import VendorApi, fault_of
from support.market import add_user, add_vendor
from support.web import Browser

YEAR = datetime.timedelta(days=365)


@pytest.fixture(params=["1.1", "1.2"])
def api(request, installation, farthingd):
    """Of a vendor of the test's own."""
    return VendorApi(farthingd.url, add_vendor(installation, "http://localhost:9/"), request.param)


def refusal(call, *arguments, **parameters):
    with pytest.raises(zeep.exceptions.Fault) as caught:
        call(*arguments, **parameters)
    return fault_of(caught.value)


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def figures(api):
    account = api.call("GetAccount", {}).Account
    assert account.Currency == "EUR"
    assert account.SettlementThreshold is None and account.NextSettlementDate is None
    assert account.Payable == (account.Sales - account.Incentives - account.Refunds
                               - account.Royalties)
    return account.Sales, account.Incentives, account.Refunds, account.Payable


def test_account_follows_sales_and_refunds(api, farthingd, installation):
    """V14: exact to the millionth."""
    assert figures(api) == (0, 0, 0, 0)
    browser = Browser(farthingd.url)
    browser.log_in(add_user(installation))
    offers = [api.initiate(Price=price, ContentURL=f"{api.vendor.home_url}{price}")
              for price in ("1.000001", "0.25")]
    for offer in offers:
        browser.buy(offer.BuyURL)
    assert figures(api) == (Decimal("1.250001"), 0, 0, Decimal("1.250001"))
    api.call("RefundTransaction", {"TransactionID": offers[0].TransactionID, "Amount": "0.3"})
    assert figures(api) == (Decimal("1.250001"), 0, Decimal("0.3"), Decimal("0.950001"))


def test_settlements_are_none_yet(api):
    """V14: an empty list, a page's limits checked."""
    period = {"Since": now() - YEAR, "Until": now() + YEAR}
    answer = api.call("ListSettlements", period)
    assert not (answer.Settlements and answer.Settlements.Settlement)
    assert answer.NextPageToken is None
    assert "PageToken" in refusal(api.call, "ListSettlements",
                                  {**period, "PageToken": "second page"})["Message"]
    for name in period:
        fault = refusal(api.call, "ListSettlements", period, raw={name: "2026-01-01T00:00:00"})
        assert fault["Code"] == "INVALID_PARAMETER" and name in fault["Message"]


def as_vendor(api, password):
    return VendorApi(api.client.wsdl.location.split("/soap")[0],
                     dataclasses.replace(api.vendor, password=password), api.version)


def test_new_password_holds_at_once_everywhere(api, start_farthingd):
    """V14: no server accepts the old one any more, every server the new one."""
    other = start_farthingd()
    old_there = VendorApi(other.url, api.vendor, api.version)
    figures(api)
    figures(old_there)  # both servers remember the password now
    new = as_vendor(api, "a better secret, 新しい")
    new_there = VendorApi(other.url, new.vendor, api.version)
    assert refusal(new.call, "GetAccount", {})["Code"] == "AUTHENTICATION_FAILED"
    assert api.call("ChangePassword", {"NewPassword": new.vendor.password})
    for old in (api, old_there):
        assert refusal(old.call, "GetAccount", {})["Code"] == "AUTHENTICATION_FAILED"
        assert refusal(old.initiate)["Code"] == "AUTHENTICATION_FAILED"
        assert refusal(old.call, "ChangePassword", {"NewPassword": "yet another secret"})[
            "Code"] == "AUTHENTICATION_FAILED"
    figures(new)
    figures(new_there)
    assert new_there.initiate().TransactionID


def test_weak_password_is_refused(api):
    """Without being quoted; the old one stays."""
    for password in ("", "eleven char", "x" * 129):
        fault = refusal(api.call, "ChangePassword", {"NewPassword": password})
        assert fault["Code"] == "INVALID_PARAMETER"
        assert fault["Message"] == "NewPassword must be 12 to 128 characters."
    figures(api)


def test_password_is_stored_as_a_hash(api, installation):
    """S2: nobody reads it in the database."""
    api.call("ChangePassword", {"NewPassword": "a secret that is hashed"})
    [(stored,)] = installation.cluster.query(
        "SELECT password_hash FROM vendor.vendors WHERE vendor_id = %s", (api.vendor.vendor_id,))
    assert stored.startswith("$scrypt$ln=14,r=8,p=1$") and "secret" not in stored


@pytest.mark.parametrize("operation, parameters", [
    ("GetAccount", {}),
    ("ListSettlements", {"Since": now(), "Until": now()}),
    ("ChangePassword", {"NewPassword": "another good secret"}),
    ("IssueIncentive", {"Amount": "1", "Count": 1, "ExpiresAt": now() + YEAR}),
    ("SetContentOwners", {"ContentURL": "http://localhost:9/x", "Owners": []}),
])
def test_stranger_and_disabled_vendor_are_refused(api, operation, parameters):
    """V2: in every operation."""
    stranger = as_vendor(api, "wrong")
    assert refusal(stranger.call, operation, parameters)["Code"] == "AUTHENTICATION_FAILED"
    api.vendor.disable()
    assert refusal(api.call, operation, parameters)["Code"] == "VENDOR_DISABLED"
