# SPDX-License-Identifier: GPL-3.0-or-later
"""InitiateTransaction, and the purchase that follows from it."""

import datetime
import decimal
import secrets

import lxml.html
import pytest
import zeep.exceptions

from support.api import NIL, VendorApi, fault_of
from support.web import Browser, arrival_of

IN_AN_HOUR = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) \
    + datetime.timedelta(hours=1)

EVERYTHING = {
    "VendorContentID": "article 7 / №2",
    "NumberOfTimesToView": 3,
    "AbsoluteExpTime": IN_AN_HOUR,
    "NumberOfDaysToView": 1,
    "NumberOfHoursToView": 12,
    "IncentiveIDs": "-1",
    "ShortDescription": "Fish & chips < 1 £ — \"fresh\" 🐟",
    "OptionalData": "a=b&c=<\"ü€\"> +%41; d",
}
TEXTS = ["VendorContentID", "IncentiveIDs", "ShortDescription", "OptionalData"]


def new_request_id():
    return secrets.token_hex(8)


@pytest.fixture(scope="session")
def api11(farthingd, vendor):
    return VendorApi(farthingd.url, vendor)


def refused(api, code="INVALID_PARAMETER", raw=None, **parameters):
    """The fault of an InitiateTransaction that must be refused."""
    with pytest.raises(zeep.exceptions.Fault) as error:
        api.initiate(raw=raw, **parameters)
    fault = fault_of(error.value)
    assert fault["Code"] == code, fault
    assert fault["Retry"] == "false"
    assert fault["CorrelationID"]
    return fault


def test_required_parameters_are_enough(api):
    """V1, V4: the answer has all that a vendor's page needs."""
    offer = api.initiate()
    assert offer.Message
    assert offer.TransactionID in offer.BuyURL
    assert offer.BuyURL.startswith(api.client.service._binding_options["address"][:16])
    left = offer.ExpiresAt - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(minutes=50) < left <= datetime.timedelta(minutes=60)
    assert offer.ExpiresAt.utcoffset() == datetime.timedelta(0)


def test_buy_html_is_a_link_to_the_buy_window(api):
    """V4: it opens synchronously on the click, and without scripts it is a plain link."""
    offer = api.initiate()
    links = [link for element, attribute, link, _ in
             lxml.html.fragment_fromstring(offer.BuyHTML, create_parent=True).iterlinks()
             if attribute in ("href", "action")]
    assert links == [offer.BuyURL]


@pytest.mark.parametrize("name", EVERYTHING)
def test_each_optional_parameter_alone(api, name):
    """V1"""
    assert api.initiate(**{name: EVERYTHING[name]}).TransactionID


def test_all_optional_parameters_together(api):
    """V1"""
    assert api.initiate(RequestID=new_request_id(), **EVERYTHING).TransactionID


@pytest.mark.parametrize("name", TEXTS)
def test_empty_optional_text_is_as_absent(api, name):
    """V1: so one RequestID may say the one and then the other."""
    request_id = new_request_id()
    first = api.initiate(RequestID=request_id)
    empty = api.initiate(RequestID=request_id, **{name: ""})
    nil = api.initiate(RequestID=request_id, raw={name: NIL}, **{name: "x"})
    assert first.TransactionID == empty.TransactionID == nil.TransactionID


def test_empty_request_id_is_as_absent(api):
    """V1"""
    assert api.initiate(RequestID="").TransactionID != api.initiate(RequestID="").TransactionID


@pytest.mark.parametrize("name", ["VendorID", "VendorPassword", "ContentTitle", "Price",
                                  "ContentURL", "IsPost"])
@pytest.mark.parametrize("text", [None, ""], ids=["absent", "empty"])
def test_required_parameter_missing(api, name, text):
    """V1: the fault names it."""
    assert name in refused(api, raw={name: text})["Message"]


@pytest.mark.parametrize("name, text", [
    ("VendorID", "7" * 65),
    ("VendorPassword", "p" * 129),
    ("ContentTitle", "t" * 201),
    ("Price", "0"), ("Price", "-1"), ("Price", "0.0000001"), ("Price", "1000000.000001"),
    ("Price", "1e-5"), ("Price", "1,5"), ("Price", "NaN"), ("Price", "INF"), ("Price", "free"),
    ("Price", "0x10"), ("Price", "9" * 40),
    ("ContentURL", "ftp://example.org/"), ("ContentURL", "javascript:alert(1)"),
    ("ContentURL", "/items/1"), ("ContentURL", "http://"), ("ContentURL", "http:///items"),
    ("ContentURL", "http://localhost/" + "x" * 2048),
    ("IsPost", "maybe"), ("IsPost", "2"),
    ("VendorContentID", "v" * 129),
    ("NumberOfTimesToView", "0"), ("NumberOfTimesToView", "-3"), ("NumberOfTimesToView", "1.5"),
    ("NumberOfTimesToView", "many"), ("NumberOfTimesToView", "99999999999"),
    ("NumberOfTimesToView", ""),
    ("AbsoluteExpTime", "2031-01-01T00:00:00"), ("AbsoluteExpTime", "2031-02-30T00:00:00Z"),
    ("AbsoluteExpTime", "2021-01-01T00:00:00Z"),
    ("AbsoluteExpTime", "2031-01-01"), ("AbsoluteExpTime", "soon"),
    ("AbsoluteExpTime", "2031-01-01T25:00:00Z"), ("AbsoluteExpTime", ""),
    ("NumberOfDaysToView", "0"), ("NumberOfDaysToView", "week"),
    ("NumberOfHoursToView", "0"), ("NumberOfHoursToView", "-1"),
    ("ShortDescription", "d" * 1001),
    ("OptionalData", "o" * 4097),
    ("RequestID", "r" * 65),
], ids=lambda value: value[:24])
def test_wrong_value(api, name, text):
    """V1: refused, and the fault names the parameter."""
    assert name in refused(api, raw={name: text}, RequestID=new_request_id(),
                           **EVERYTHING)["Message"]


@pytest.mark.parametrize("name, text", [
    ("ContentTitle", "ü" * 200),
    ("Price", "0.000001"), ("Price", "1000000"), ("Price", "+0.50"), ("Price", ".5"),
    ("Price", "007.2500000"),
    ("IsPost", "1"), ("IsPost", "0"), ("IsPost", "true"),
    ("VendorContentID", "ü" * 128),
    ("NumberOfTimesToView", "2147483647"),
    ("AbsoluteExpTime", "2031-01-01T00:00:00+05:30"), ("AbsoluteExpTime", "2031-01-01T00:00:00.5Z"),
    ("ShortDescription", "€" * 1000),
    ("OptionalData", "€" * 4096),
    ("RequestID", "ü" * 48 + secrets.token_hex(8)),
], ids=lambda value: value[:24])
def test_value_on_the_edge(api, name, text):
    """V1: lengths count characters, numbers are exact."""
    request_id = new_request_id()
    assert api.initiate(raw={name: text}, RequestID=request_id, **EVERYTHING).TransactionID


def test_password_is_never_repeated(api):
    """A fault can be logged safely."""
    fault = refused(api, raw={"VendorPassword": "hunter2-" * 20})
    assert "hunter2" not in fault["Message"]


def test_same_request_id_gives_the_same_answer(api):
    """V3"""
    request_id = new_request_id()
    first = api.initiate(RequestID=request_id, Price="0.75")
    again = api.initiate(RequestID=request_id, Price="0.75")
    assert (again.TransactionID, again.BuyURL, again.ExpiresAt) == \
        (first.TransactionID, first.BuyURL, first.ExpiresAt)


@pytest.mark.parametrize("change", [
    {"Price": "0.76"}, {"ContentTitle": "Another"}, {"IsPost": True}, {"OptionalData": "x"},
    {"NumberOfTimesToView": 2},
], ids=lambda change: next(iter(change)))
def test_same_request_id_with_other_parameters(api, change):
    """V3"""
    same = {"RequestID": new_request_id(), "Price": "0.75"}
    api.initiate(**same)
    refused(api, "IDEMPOTENCY_CONFLICT", **{**same, **change})


def test_request_ids_belong_to_the_vendor(open_shop):
    """Two vendors may use the same."""
    ids = {open_shop().api.initiate(RequestID="1").TransactionID for _ in range(2)}
    assert len(ids) == 2


@pytest.mark.parametrize("is_post", [False, True], ids=["GET", "POST"])
def test_purchase_returns_to_the_content(api, vendor, browser, user, is_post):
    """V5, V10, B6: the vendor gets three values and nothing else, its own ones unchanged."""
    url = vendor.home_url + "articles/7?edition=3&lang=de"
    offer = api.initiate(ContentURL=url, IsPost=is_post, Price="0.0005", **EVERYTHING)
    arrival = browser.buy(offer.BuyURL)
    assert arrival.method == ("POST" if is_post else "GET")
    own = {} if is_post else {"edition": "3", "lang": "de"}
    assert arrival.url.split("?")[0] == vendor.home_url + "articles/7"
    assert arrival.fields == {
        **own, "EncryptedUserID": arrival.encrypted_user_id,
        "ContentID": EVERYTHING["VendorContentID"], "OptionalData": EVERYTHING["OptionalData"]}
    access = api.lock(arrival.encrypted_user_id, url)
    assert (access.Authorized, access.Reason, access.TransactionID) == \
        (True, "OK", offer.TransactionID)
    assert (access.VendorContentID, access.OptionalData) == \
        (EVERYTHING["VendorContentID"], EVERYTHING["OptionalData"])
    assert access.ViewsLeft == 2
    assert access.ExpiresAt == IN_AN_HOUR
    assert user.balance() == 5_000_000 - 500


@pytest.mark.parametrize("again", [False, True], ids=["bought", "again"])
def test_long_way_back_is_a_page(api, vendor, browser, user, again):
    """B6: 4,096 characters may be more than a header can hold, so the page has them."""
    offer = api.initiate(ContentURL=vendor.home_url + "a" * 1900, Price="0.01",
                         OptionalData="€" * 4096)
    arrival = browser.buy(offer.BuyURL)
    if again:
        arrival = browser.buy(offer.BuyURL)
    assert arrival.method == "GET"
    assert arrival.fields["OptionalData"] == "€" * 4096
    assert user.balance() == 5_000_000 - 10_000


def test_redirects_are_as_long_as_the_operator_says(start_farthingd, open_shop, user):
    """B6: redirect_bytes"""
    daemon = start_farthingd(http={"redirect_bytes": 0})
    browser = Browser(daemon.url)
    browser.log_in(user)
    page = browser.press(browser.get(open_shop(daemon).api.initiate().BuyURL), "buy")
    assert page.status_code == 200
    assert arrival_of(page, daemon.url).method == "GET"


def test_longest_redirect_has_room_beside_cookies(api11, vendor, browser):
    """B6: what the headers of a purchase leave suffices for those of its answer."""
    offer = api11.initiate(ContentURL=vendor.home_url + "a" * 1850)

    def fill(size):
        browser.session.cookies.set("other", "a" * size)
        return browser.get(offer.BuyURL).status_code

    limit = next(size for size in range(3000, 8000, 50) if fill(size) == 431)
    fill(limit - 200)  # the form's headers are more than the page's
    arrival = browser.buy(offer.BuyURL)
    assert arrival.method == "GET" and 1950 < len(arrival.url) <= 2048


def test_values_that_the_vendor_did_not_give_are_empty(api11, browser):
    """V10"""
    arrival = browser.buy(api11.initiate().BuyURL)
    assert arrival.fields == {"EncryptedUserID": arrival.encrypted_user_id, "ContentID": "",
                              "OptionalData": ""}


@pytest.mark.parametrize("price", ["0.000001", "0.0005", "0.333333", "2.50"])
def test_stored_price_is_charged_to_the_micro_unit(api11, browser, user, price):
    """V3"""
    browser.buy(api11.initiate(Price=price).BuyURL)
    micros = int(decimal.Decimal(price) * 1_000_000)
    assert user.balance() == 5_000_000 - micros
    assert [sale[1] for sale in user.sales()] == [micros]


def test_item_bought_before_is_not_charged_again(api11, browser, user):
    """V7: not by the same transaction, and not by another of the same item."""
    first = api11.initiate()
    browser.buy(first.BuyURL)
    assert browser.buy(first.BuyURL).encrypted_user_id
    assert browser.buy(api11.initiate(Price="0.99").BuyURL).encrypted_user_id
    assert len(user.sales()) == 1
    assert user.balance() == 4_750_000


def test_double_click_is_charged_once(api11, browser, user):
    """V7: the form is sent twice before the first answer is shown."""
    page = browser.get(api11.initiate().BuyURL)
    arrivals = [arrival_of(browser.press(page, "buy"), browser.url) for _ in range(2)]
    assert all(arrival.encrypted_user_id for arrival in arrivals)
    assert len(user.sales()) == 1


def test_cancelled_transaction_is_not_charged(api11, browser, user):
    """B1"""
    offer = api11.initiate()
    page = browser.get(offer.BuyURL)
    browser.press(page, "cancel")
    assert user.sales() == []
    assert user.balance() == 5_000_000


def test_form_of_another_site_buys_nothing(api11, browser, user):
    """A page elsewhere can send the form, but it cannot know the token."""
    page = browser.get(api11.initiate().BuyURL)
    answer = browser.submit(page, {"action": "buy", "form_token": "A" * 43}, action="/buy/")
    assert answer.status_code in (400, 403)
    stranger = Browser(browser.url)
    stranger.get("/login")
    stranger.session.cookies.set("farthing_login", browser.session.cookies["farthing_login"])
    answer = stranger.submit(page, {"action": "buy"}, action="/buy/")
    assert answer.status_code in (400, 403)
    assert user.sales() == []


@pytest.mark.parametrize("transaction", ["0190163d-8694-739b-aea5-966c26f8ad91", "x", "../health",
                                         "%00", "0" * 3000])
def test_unknown_transaction_gives_an_error_page(browser, transaction):
    """B8"""
    page = browser.get("/buy/" + transaction)
    assert page.status_code in (400, 404, 414, 431) or page.url.endswith("/health")
