# SPDX-License-Identifier: GPL-3.0-or-later
"""
Whatever SOAP client a vendor has, it can look after its sales: every operation but those of
test_clients.py, with what is nested in the answers (V12, V14, U15, O5).
"""

import datetime
import uuid

import pytest

from interop.reading import is_absent, listed, moment, money
from support.market import add_vendor

HOUR = datetime.timedelta(hours=1)
FUTURE = "2099-04-01T00:00:00Z"


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def period(since, until):
    return {name: time.strftime("%Y-%m-%dT%H:%M:%SZ")
            for name, time in (("Since", since), ("Until", until))}


AROUND_NOW = period(now() - HOUR, now() + 24 * HOUR)
LONG_AGO = period(now() - 48 * HOUR, now() - 24 * HOUR)


def test_record_of_a_sale(client, passes, sell):
    """V14: what the vendor said comes back, amounts to the millionth."""
    key = str(uuid.uuid4())
    said, transaction_id = sell(Price="0.250001", ContentTitle="Fünf <Lieder> & mehr",
                                VendorContentID="№ 7", OptionalData="a=b&c", RequestID=key)
    record = client.answer("GetTransaction", TransactionID=transaction_id)["Transaction"]
    assert record["TransactionID"] == transaction_id
    assert (record["State"], record["Currency"]) == ("PURCHASED", "EUR")
    for name in ("ContentTitle", "ContentURL", "VendorContentID", "OptionalData"):
        assert record[name] == said[name]
    assert money(record["Price"]) == money("0.250001")
    for name in ("IncentiveAmount", "RefundedAmount", "Royalty"):
        assert money(record[name]) == 0
    initiated, purchased = moment(record["InitiatedAt"]), moment(record["PurchasedAt"])
    assert now() - HOUR < initiated <= purchased < now() + HOUR
    for name in ("RefundedAt", "ExpiresAt", "OrderID", "Shipping"):
        assert is_absent(record, name)
    assert client.answer("GetTransaction", RequestID=key)["Transaction"] == record
    passes("`GetTransaction`")


def test_refund_in_parts(client, passes, sell):
    """V14: each is told, and what they come to."""
    _, transaction_id = sell(Price="0.1")
    parameters = {"TransactionID": transaction_id, "Amount": "0.030001",
                  "Reason": "Zu kurz & zu <laut>", "RequestID": str(uuid.uuid4())}
    part = client.answer("RefundTransaction", **parameters)["Refund"]
    assert money(part["RefundedAmount"]) == money(part["RefundedTotal"]) == money("0.030001")
    assert part["State"] == "PARTLY_REFUNDED"
    again = client.answer("RefundTransaction", **parameters)["Refund"]
    assert again["RefundID"] == part["RefundID"]

    rest = client.answer("RefundTransaction", TransactionID=transaction_id)["Refund"]
    assert rest["RefundID"] != part["RefundID"]
    assert money(rest["RefundedAmount"]) == money("0.069999")
    assert (money(rest["RefundedTotal"]), rest["State"]) == (money("0.1"), "REFUNDED")
    record = client.answer("GetTransaction", TransactionID=transaction_id)["Transaction"]
    assert (record["State"], money(record["RefundedAmount"])) == ("REFUNDED", money("0.1"))
    assert moment(record["RefundedAt"]) >= moment(record["PurchasedAt"])
    passes("`RefundTransaction`")


def test_list_page_by_page(client, passes, buyer, item):
    """V14: two transactions, one and none; of the state and time that were asked for."""
    titles = ["Eins", "Zwei & <mehr>", "三"]
    ids = []
    for title in titles:
        offer = client.answer("InitiateTransaction", **item(ContentTitle=title))
        buyer.press(buyer.get(offer["BuyURL"]), "cancel")
        ids.append(offer["TransactionID"])

    wanted = {**AROUND_NOW, "State": "CANCELLED", "PageSize": 2}
    pages = []
    while not pages or pages[-1]:
        page = client.answer("ListTransactions", **wanted)
        pages.append(listed(page.get("Transactions"), "Transaction"))
        wanted["PageToken"] = page.get("NextPageToken")
    assert [len(page) for page in pages] == [2, 1, 0]
    records = [record for page in pages for record in page]
    assert [record["TransactionID"] for record in records] == ids
    assert [record["ContentTitle"] for record in records] == titles
    assert [(record["State"], money(record["Price"])) for record in records] \
        == [("CANCELLED", money("0.000025"))] * 3
    assert is_absent(page, "NextPageToken")

    page = client.answer("ListTransactions", **LONG_AGO)
    assert listed(page.get("Transactions"), "Transaction") == []
    passes("`ListTransactions`")


def test_order_of_goods(client, passes, buyer):
    """V12: paid in the same window; the address in its lines, since the user agreed."""
    order_id = f"ORDER-{uuid.uuid4()}"
    home = client.vendor.home_url
    offer = client.answer(
        "InitiateCheckout", OrderID=order_id, Amount="2.500001", Description="Zwei Hüte & <Kappe>",
        ReturnURL=home + "thanks?a=1&b=2", CancelURL=home + "cart?c=3&d=4", ShippingRequested=True,
        RequestID=str(uuid.uuid4()))
    assert offer["BuyURL"].endswith("/buy/" + offer["TransactionID"])
    assert offer["BuyURL"] in offer["BuyHTML"]
    assert moment(offer["ExpiresAt"]) > now()

    window = buyer.get(offer["BuyURL"])
    returned = buyer.submit(window, {"action": "buy", "shares_shipping": "1"}, action="/buy/")
    assert returned.headers["Location"].startswith(home + "thanks?a=1&b=2&")
    record = client.answer("GetTransaction", TransactionID=offer["TransactionID"])["Transaction"]
    assert (record["State"], record["OrderID"]) == ("PURCHASED", order_id)
    assert (record["ContentTitle"], money(record["Price"])) \
        == ("Zwei Hüte & <Kappe>", money("2.500001"))
    assert record["Shipping"] == "Ada Buyer\n1 Mill Road\nCambridge"
    assert is_absent(record, "VendorContentID")
    passes("`InitiateCheckout`")


def figures(client):
    account = client.answer("GetAccount")["Account"]
    assert account["Currency"] == "EUR"
    return {name: money(account[name])
            for name in ("Sales", "Incentives", "Refunds", "Royalties", "Payable")}


def test_account_follows_sales(client, passes, sell):
    """V14: exact to the millionth."""
    before = figures(client)
    _, transaction_id = sell(Price="1.000001")
    client.answer("RefundTransaction", TransactionID=transaction_id, Amount="0.3")
    after = figures(client)
    assert {name: after[name] - before[name] for name in after} == {
        "Sales": money("1.000001"), "Refunds": money("0.3"), "Payable": money("0.700001"),
        "Incentives": 0, "Royalties": 0}
    passes("`GetAccount`")


@pytest.fixture
def settle(installation, client):
    """Settles the client's vendor by what it has sold so far: the IDs of all its settlements."""
    def run():
        vendor_id = client.vendor.vendor_id
        installation.query("SELECT settlement.set_vendor_terms(%s, 10000, 'any_day',"
                           " in_method => 'check')", (vendor_id,))
        installation.cluster.query_alone("CALL royalty.roll_up_all()")
        installation.cluster.query_alone(
            f"CALL settlement.settle_vendors(in_vendor_id => {vendor_id})")
        return [row[0] for row in installation.query(
            "SELECT s.settlement_id::text FROM settlement.settlements s JOIN settlement.payees p"
            " ON p.payee_id = s.payee_id WHERE p.vendor_id = %s ORDER BY 1", (vendor_id,))]
    return run


@pytest.fixture
def list_settlements(client):
    def ask(period):
        answer = client.answer("ListSettlements", **period)
        assert is_absent(answer, "NextPageToken")
        return listed(answer.get("Settlements"), "Settlement")
    return ask


def test_settlements(client, passes, sell, settle, list_settlements):
    """V14, O6: none, one more, and what each says."""
    assert list_settlements(LONG_AGO) == []
    sell(Price="0.5")
    before = settle()
    _, transaction_id = sell(Price="1.000001")
    client.answer("RefundTransaction", TransactionID=transaction_id, Amount="0.3")
    after = settle()
    assert after[:-1] == before
    rows = list_settlements(AROUND_NOW)
    assert [row["SettlementID"] for row in rows] == after
    row = rows[-1]
    assert row["Currency"] == "EUR"
    assert [money(row[name]) for name in ("Sales", "Refunds", "Royalties")] \
        == [money("1.000001"), money("0.3"), 0]
    paid = money(row["SettledAmount"])  # whole cents, with what was left of those before
    assert paid % money("0.01") == 0 and abs(paid - money("0.700001")) < money("0.01")
    settled = moment(row["SettledAt"])
    assert moment(row["SoldFrom"]) <= moment(row["SoldUntil"]) <= settled < now() + HOUR
    passes("`ListSettlements`")


@pytest.fixture
def great_day(installation, client):
    """A day that only this test puts into the vendor's books: nobody buys for so much."""
    vendor_id = client.vendor.vendor_id
    installation.query("INSERT INTO royalty.vendor_days (vendor_id, day, sales)"
                       " VALUES (%s, '2001-01-01', 123456789012345678)", (vendor_id,))
    yield
    installation.query("DELETE FROM royalty.vendor_days WHERE vendor_id = %s"
                       " AND day = '2001-01-01'", (vendor_id,))


def test_amounts_of_many_digits(installation, client, passes, great_day):
    """V14, O5: more than a floating-point number holds."""
    (others,), = installation.query("SELECT coalesce(sum(price), 0)::text FROM purchase.sales"
                                    " WHERE vendor_id = %s", (client.vendor.vendor_id,))
    sum_of_all = 123_456_789_012_345_678 + int(others)
    assert figures(client)["Sales"] == money(f"{sum_of_all // 10**6}.{sum_of_all % 10**6:06}")
    passes("an amount of 18 digits")


def test_codes(client, passes, buyer, item):
    """V14, U15: a list of two and of one; the number that InitiateTransaction takes."""
    def issue(count, key):
        incentive = client.answer("IssueIncentive", Amount="0.300001", Count=count, ExpiresAt=FUTURE,
                                  CodePrefix="GIFT-7", RequestID=key)["Incentive"]
        return int(incentive["IncentiveID"]), listed(incentive["Codes"], "Code")

    key = str(uuid.uuid4())
    number, codes = issue(2, key)
    assert len(set(codes)) == 2 and all(code.startswith("GIFT-7-") for code in codes)
    assert issue(2, key) == (number, codes)
    other, single = issue(1, str(uuid.uuid4()))
    assert other != number and len(single) == 1

    offer = client.answer("InitiateTransaction", **item(Price="0.5", IncentiveIDs=f"{other}, {number}"))
    pay_with(buyer, offer["BuyURL"], codes[1])
    record = client.answer("GetTransaction", TransactionID=offer["TransactionID"])["Transaction"]
    assert (record["State"], money(record["IncentiveAmount"])) == ("PURCHASED", money("0.300001"))
    passes("`IssueIncentive`")


def pay_with(buyer, buy_url, code):
    """The buy window's Incentive button, its field, then Buy."""
    window = buyer.submit(buyer.get(buy_url), {"action": "incentive", "incentive_code": code},
                          action="/buy/")
    buyer.press(window, "buy")


def test_owners_of_an_item(client, passes, item):
    """V14, O5: a list of two, one and none goes out and comes back."""
    url = item()["ContentURL"] + "?song=7&take=2"

    def set_owners(*owners, **parameters):
        said = client.answer("SetContentOwners", ContentURL=url, Owners={"Owner": list(owners)},
                             **parameters)["ContentOwners"]
        assert said["ContentURL"] == url
        return moment(said["ValidFrom"]), {
            owner["OwnerID"]: {name: money(owner[name]) for name in ("Share", "AmountPerSale")
                               if not is_absent(owner, name)}
            for owner in listed(said.get("Owners"), "Owner")}

    shared = [{"OwnerID": "Ærø & <co>", "Share": "0.25"},
              {"OwnerID": "writer", "AmountPerSale": "0.010001"}]
    valid_from, owners = set_owners(*shared)
    assert owners == {"Ærø & <co>": {"Share": money("0.25")},
                      "writer": {"AmountPerSale": money("0.010001")}}
    assert abs(now() - valid_from) < HOUR
    assert set_owners(shared[0], ValidFrom=FUTURE, RequestID=str(uuid.uuid4())) \
        == (moment(FUTURE), {"Ærø & <co>": {"Share": money("0.25")}})
    assert set_owners()[1] == {}
    passes("`SetContentOwners`")


def test_new_password(client, passes, installation):
    """V14: it holds at once, the old one no more."""
    vendor = add_vendor(installation, "http://localhost:9/")
    old = {"VendorID": vendor.vendor_id, "VendorPassword": vendor.password}
    new = {**old, "VendorPassword": "ein besseres, 新 & <7>"}
    said = client.answer("ChangePassword", **old, NewPassword=new["VendorPassword"])
    # The only element of an answer, some clients hand over as it is.
    assert "password" in (said["Message"] if isinstance(said, dict) else said)
    assert client.fault("GetAccount", **old)["Code"] == "AUTHENTICATION_FAILED"
    assert money(client.answer("GetAccount", **new)["Account"]["Sales"]) == 0
    passes("`ChangePassword`")
