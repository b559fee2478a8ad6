# SPDX-License-Identifier: GPL-3.0-or-later
"""GetTransaction, RefundTransaction and ListTransactions: a vendor looks after its sales (V14)."""

import datetime
import decimal
import secrets

import pytest
import zeep.exceptions

from support.api import VendorApi, code_of, fault_of
from support.market import add_vendor

HOUR = datetime.timedelta(hours=1)


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def sell(api, browser, **parameters):
    """An item of its own, bought; (transaction ID, its URL, the buyer's encrypted ID)."""
    url = api.vendor.home_url + "sold/" + secrets.token_hex(8)
    offer = api.initiate(ContentURL=url, **parameters)
    return offer.TransactionID, url, browser.buy(offer.BuyURL).encrypted_user_id


def message_of(call, *arguments, **parameters):
    with pytest.raises(zeep.exceptions.Fault) as error:
        call(*arguments, **parameters)
    fault = fault_of(error.value)
    assert fault["Code"] == "INVALID_PARAMETER"
    return fault["Message"]


def test_record_of_a_purchase(api, browser, user):
    """V14: all that the vendor said, and nothing of the user."""
    request_id = secrets.token_hex(8)
    url = api.vendor.home_url + "articles/" + request_id
    before = now()
    offer = api.initiate(ContentURL=url, Price="0.250001", ContentTitle="Fünf <Lieder>",
                         VendorContentID="№ 7", OptionalData="a=b&c", RequestID=request_id)
    pending = api.get(offer.TransactionID)
    assert (pending.State, pending.PurchasedAt, pending.ExpiresAt) == \
        ("PENDING", None, offer.ExpiresAt)
    browser.buy(offer.BuyURL)
    record = api.get(request_id=request_id)
    assert record.TransactionID == offer.TransactionID
    assert (record.State, record.Currency, record.ExpiresAt) == ("PURCHASED", "EUR", None)
    assert (record.ContentTitle, record.ContentURL) == ("Fünf <Lieder>", url)
    assert (record.VendorContentID, record.OptionalData) == ("№ 7", "a=b&c")
    assert record.Price == decimal.Decimal("0.250001")
    assert (record.IncentiveAmount, record.RefundedAmount, record.Royalty) == (0, 0, 0)
    assert before - HOUR / 60 < record.InitiatedAt <= record.PurchasedAt < now() + HOUR / 60
    assert (record.RefundedAt, record.OrderID, record.Shipping) == (None, None, None)
    answer = api.transport.last.text
    for secret in (user.login_name, "Ada Buyer", "example.org"):
        assert secret not in answer


def test_cancelled_and_expired(start_farthingd, vendor, browser, api):
    """V14"""
    offer = api.initiate()
    browser.press(browser.get(offer.BuyURL), "cancel")
    assert api.get(offer.TransactionID).State == "CANCELLED"
    hasty = VendorApi(start_farthingd(security={"transaction_s": 60}).url, vendor)
    soon = now() + datetime.timedelta(seconds=1)
    expired = hasty.initiate(AbsoluteExpTime=soon)
    while hasty.get(expired.TransactionID).State == "PENDING":
        assert now() < soon + HOUR / 60
    assert hasty.get(expired.TransactionID).State == "EXPIRED"


@pytest.mark.parametrize("ask", [
    {"transaction_id": "0190163d-8694-739b-aea5-966c26f8ad91"}, {"transaction_id": "no such"},
    {"transaction_id": "' OR ''='"}, {"request_id": "never used"},
], ids=str)
def test_unknown_transaction(api, ask):
    """V14"""
    assert code_of(api.get, **ask) == "TRANSACTION_NOT_FOUND"
    if "transaction_id" in ask:
        assert code_of(api.refund, **ask) == "TRANSACTION_NOT_FOUND"


def test_either_id_is_needed(api):
    """V14: and not both."""
    offer = api.initiate()
    assert message_of(api.get).startswith("TransactionID must be given, or RequestID")
    assert message_of(api.get, offer.TransactionID, "x").startswith("TransactionID must be given")
    assert message_of(api.get, "7" * 65).startswith("TransactionID must be at most 64")


def test_transactions_are_the_vendors_own(installation, farthingd, api, browser):
    """V14: another vendor is told that there is no such transaction."""
    other = VendorApi(farthingd.url, add_vendor(installation, "http://localhost:9/"))
    request_id = secrets.token_hex(8)
    sold, _, _ = sell(api, browser, RequestID=request_id)
    assert code_of(other.get, sold) == "TRANSACTION_NOT_FOUND"
    assert code_of(other.get, request_id=request_id) == "TRANSACTION_NOT_FOUND"
    assert code_of(other.refund, sold) == "TRANSACTION_NOT_FOUND"
    assert other.list_page(now() - HOUR, now() + HOUR) == ([], None)


def test_stranger_and_disabled_vendor(installation, farthingd):
    """V2: in every operation."""
    vendor = add_vendor(installation, "http://localhost:9/")
    api = VendorApi(farthingd.url, vendor)
    unknown = "0190163d-8694-739b-aea5-966c26f8ad91"
    calls = [(api.get, unknown), (api.refund, unknown), (api.list_page, now(), now()),
             (api.checkout, "1")]
    vendor.disable()
    assert {code_of(*call) for call in calls} == {"VENDOR_DISABLED"}
    vendor.password = "wrong"
    assert {code_of(*call) for call in calls} == {"AUTHENTICATION_FAILED"}


def test_whole_refund(api, browser, user):
    """V14: the user has the money back, and the content no more."""
    sold, url, user_id = sell(api, browser, Price="0.75")
    assert user.balance() == 4_250_000
    refund = api.refund(sold, Reason="It was the wrong song.")
    assert refund.RefundID != sold
    assert (refund.RefundedAmount, refund.RefundedTotal, refund.State) == \
        (decimal.Decimal("0.75"), decimal.Decimal("0.75"), "REFUNDED")
    assert user.balance() == 5_000_000
    access = api.lock(user_id, url)
    assert (access.Authorized, access.Reason) == (False, "REFUNDED")
    record = api.get(sold)
    assert (record.State, record.RefundedAmount) == ("REFUNDED", decimal.Decimal("0.75"))
    assert record.RefundedAt >= record.PurchasedAt
    assert code_of(api.refund, sold) == "INVALID_STATE"
    assert "Refund: The news of today" in browser.get("/account").text


def test_refund_in_parts(api, browser, user):
    """V14: to the micro-unit, and never more than was paid."""
    sold, url, user_id = sell(api, browser, Price="0.10")
    assert api.refund(sold, "0.03").State == "PARTLY_REFUNDED"
    assert api.lock(user_id, url).Authorized
    assert code_of(api.refund, sold, "0.070001") == "AMOUNT_EXCEEDS_REMAINING"
    assert api.refund(sold, "0.000001").RefundedTotal == decimal.Decimal("0.030001")
    rest = api.refund(sold)
    assert (rest.RefundedAmount, rest.State) == (decimal.Decimal("0.069999"), "REFUNDED")
    assert code_of(api.refund, sold, "0.000001") == "INVALID_STATE"
    assert user.balance() == 5_000_000


def test_refunded_item_can_be_bought_again(api, browser, user):
    """V7, V14"""
    sold, url, _ = sell(api, browser, Price="0.50")
    api.refund(sold)
    again = browser.buy(api.initiate(ContentURL=url, Price="0.50").BuyURL)
    assert api.lock(again.encrypted_user_id, url).Authorized
    assert user.balance() == 4_500_000
    assert [price for _, price in user.sales()] == [500_000, 500_000]


def test_repeated_refund_is_paid_once(api, browser, user):
    """V14: with its RequestID."""
    sold, _, _ = sell(api, browser, Price="1.00")
    first = api.refund(sold, "0.40", RequestID="r-" + sold)
    again = api.refund(sold, "0.40", RequestID="r-" + sold)
    assert (again.RefundID, again.RefundedTotal) == (first.RefundID, first.RefundedTotal)
    assert user.balance() == 4_400_000
    assert code_of(api.refund, sold, "0.50", RequestID="r-" + sold) == "IDEMPOTENCY_CONFLICT"
    assert code_of(api.refund, sold, RequestID="r-" + sold) == "IDEMPOTENCY_CONFLICT"


def test_pending_transaction_cannot_be_refunded(api):
    """V14"""
    assert code_of(api.refund, api.initiate().TransactionID) == "INVALID_STATE"


@pytest.mark.parametrize("amount", ["0", "-1", "0.0000001", "1e-3", "1000000.5", "all", ""])
def test_wrong_amount_of_a_refund(api, browser, user, amount):
    """V14: it is refused, and not taken for all that is left."""
    offer = api.initiate()
    assert message_of(api.refund, offer.TransactionID, "1", raw={"Amount": amount}) \
        .startswith("Amount must be")


def test_list_of_all_page_by_page(installation, farthingd, browser):
    """V14: oldest first, each once, in every state, and what comes later follows."""
    api = VendorApi(farthingd.url, add_vendor(installation, "http://localhost:9/"))
    since, until = now() - HOUR, now() + HOUR
    ids = []
    for number in range(7):
        offer = api.initiate(ContentURL=f"http://localhost:9/{number}", Price="0.10")
        ids.append(offer.TransactionID)
        if number % 3 == 1:
            browser.buy(offer.BuyURL)
        elif number % 3 == 2:
            browser.press(browser.get(offer.BuyURL), "cancel")
    api.refund(ids[4], "0.01")

    states = ["PENDING", "PURCHASED", "CANCELLED", "PENDING", "PARTLY_REFUNDED", "CANCELLED",
              "PENDING"]
    for size in (1, 3, 7, 1000):
        seen, token = [], None
        while True:
            page, following = api.list_page(since, until, PageToken=token, PageSize=size)
            if not page:
                assert following is None
                break
            assert len(page) <= size
            seen += [(row.TransactionID, row.State) for row in page]
            token = following
        assert seen == list(zip(ids, states))
    ids.append(api.initiate().TransactionID)
    assert [row.TransactionID for row in api.list_page(since, until, PageToken=token)[0]] == ids[-1:]
    bought, _ = api.list_page(since, until, State="PURCHASED")
    assert [row.TransactionID for row in bought] == [ids[1]]
    assert api.list_page(since, since + HOUR / 2) == ([], None)
    assert [row.TransactionID for row in api.list_page(since, until)[0]] == ids


@pytest.mark.parametrize("name, text", [
    ("Since", "2031-01-01T00:00:00"), ("Since", ""), ("Since", None), ("Until", "tomorrow"),
    ("Until", None), ("PageSize", "0"), ("PageSize", "1001"), ("PageSize", "x"),
    ("State", "SOLD"), ("State", "pending"), ("PageToken", "2"), ("PageToken", "x" * 65),
])
def test_wrong_parameter_of_a_list(api, name, text):
    """V14: the fault names it."""
    message = message_of(api.list_page, now() - HOUR, now(), State="PENDING", PageSize=1,
                         PageToken="0190163d-8694-739b-aea5-966c26f8ad91", raw={name: text})
    assert message.startswith(name + " must be")
