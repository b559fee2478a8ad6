# SPDX-License-Identifier: GPL-3.0-or-later
"""InitiateCheckout: an order of goods, paid in the same window (V12)."""

import secrets

import lxml.html
import pytest
import requests

from support.api import VendorApi, code_of
from support.market import add_user, add_vendor
from support.web import Browser, arrival_of, find_form

ADDRESS = "1 Mill Road\nCambridge"


@pytest.fixture
def api(farthingd, vendor):
    return VendorApi(farthingd.url, vendor)


@pytest.fixture
def user(installation):
    return add_user(installation, address=ADDRESS)


def new_order():
    return "ORDER-" + secrets.token_hex(4)


def pay(browser, buy_url, **choice):
    return arrival_of(browser.submit(browser.get(buy_url), {"action": "buy", **choice},
                                     action="/buy/"), browser.url)


def ticked(page):
    """Whether the page asks for leave to ship, and the answer that it suggests; None: no."""
    boxes = lxml.html.fromstring(page.content).xpath("//input[@name='shares_shipping']")
    return bool(boxes[0].get("checked")) if boxes else None


def test_order_is_paid_and_comes_back(api, browser, user):
    """V12: to ReturnURL, with the order as ContentID."""
    order = new_order()
    offer = api.checkout(order, Description="Two hats & a <cap>")
    assert offer.TransactionID in offer.BuyURL and offer.BuyURL in offer.BuyHTML
    page = browser.get(offer.BuyURL)
    assert "Two hats &amp; a &lt;cap&gt;" in page.text and order in page.text
    arrival = pay(browser, offer.BuyURL)
    assert arrival.method == "GET"
    assert arrival.url.startswith(api.vendor.home_url + "thanks?")
    assert arrival.fields == {"EncryptedUserID": arrival.encrypted_user_id, "ContentID": order,
                              "OptionalData": ""}
    record = api.get(offer.TransactionID)
    assert (record.State, record.OrderID, record.VendorContentID) == ("PURCHASED", order, None)
    assert user.balance() == 2_500_000


@pytest.mark.parametrize("leave, shipping", [
    ({}, None), ({"shares_shipping": "1"}, "Ada Buyer\n" + ADDRESS)], ids=["without", "with leave"])
def test_address_is_passed_with_leave_only(api, browser, leave, shipping):
    """V12: the box is not ticked beforehand."""
    offer = api.checkout(new_order())
    assert ticked(browser.get(offer.BuyURL)) is False
    assert pay(browser, offer.BuyURL, **leave)
    assert api.get(offer.TransactionID).Shipping == shipping


def test_leave_that_nobody_asked_for(api, browser):
    """V12, S1: neither for an order without shipping nor for content."""
    for offer in (api.checkout(new_order(), ShippingRequested=False),
                  api.initiate(ContentURL=api.vendor.home_url + new_order())):
        assert ticked(browser.get(offer.BuyURL)) is None
        assert pay(browser, offer.BuyURL, shares_shipping="1")
        assert api.get(offer.TransactionID).Shipping is None


def test_leave_outlives_the_login(api, farthingd, user):
    """V12: also one whose password was wrong at first."""
    browser = Browser(farthingd.url)
    offer = api.checkout(new_order())
    page = browser.submit(browser.get(offer.BuyURL), {"action": "buy", "shares_shipping": "1"},
                          action="/buy/")
    page = browser.submit(page, {"login_name": user.login_name, "password": "wrong"},
                          action="/login")
    assert page.status_code == 403
    page = browser.log_in(user, page)
    assert arrival_of(page, browser.url).encrypted_user_id
    assert api.get(offer.TransactionID).Shipping == "Ada Buyer\n" + ADDRESS


def test_order_is_paid_once(installation, farthingd, api, browser, user):
    """V7, V12: not by a repeat, not under another transaction, not by another user."""
    order = new_order()
    first, second = api.checkout(order), api.checkout(order)
    other = add_user(installation)
    stranger = Browser(farthingd.url)
    stranger.log_in(other)
    window = stranger.get(second.BuyURL)
    pay(browser, first.BuyURL)
    for offer in (first, api.checkout(order, Amount="3.00")):
        assert arrival_of(browser.get(offer.BuyURL), browser.url).fields["ContentID"] == order
    assert len(user.sales()) == 1
    for offer, page in ((second, stranger.press(window, "buy")),
                        (first, stranger.get(first.BuyURL))):
        assert "can no longer be paid" in page.text
        assert page.url == offer.BuyURL and not lxml.html.fromstring(page.content).xpath(
            "//button[@name='action']")
    assert other.sales() == []


def test_order_paid_back_in_whole_is_paid_again(installation, farthingd, api, browser):
    """V12: by whoever the vendor offers it to."""
    order = new_order()
    first = api.checkout(order)
    pay(browser, first.BuyURL)
    again = api.checkout(order)
    other = Browser(farthingd.url)
    other.log_in(add_user(installation))
    for amount in ("1.00", None):
        assert "can no longer be paid" in other.get(again.BuyURL).text
        api.refund(first.TransactionID, amount)
    assert pay(other, again.BuyURL).fields["ContentID"] == order
    assert api.get(again.TransactionID).State == "PURCHASED"


def test_order_is_no_content(api, browser):
    """U7, V6"""
    offer = api.checkout(new_order(), Description="Hats beyond compare")
    arrival = pay(browser, offer.BuyURL)
    assert api.lock(arrival.encrypted_user_id, api.vendor.home_url + "thanks").Reason == \
        "NOT_PURCHASED"
    assert "Hats beyond compare" not in browser.get("/content").text
    assert "Hats beyond compare" in browser.get("/account").text


def test_cancelled_order_goes_back_to_the_vendor(api, browser, user):
    """V12: to CancelURL."""
    offer = api.checkout(new_order(), CancelURL=api.vendor.home_url + "cart?a=1&b=2")
    page = browser.press(browser.get(offer.BuyURL), "cancel")
    document = lxml.html.fromstring(page.content)
    target = api.vendor.home_url + "cart?a=1&b=2"
    assert document.xpath("//meta[@http-equiv='refresh']/@content") == ["0;url=" + target]
    assert document.xpath("//main//a/@href") == [target]
    assert api.get(offer.TransactionID).State == "CANCELLED"
    form = find_form(page, "/buy/")
    answer = browser.session.post(offer.BuyURL, allow_redirects=False, timeout=30, data={
        **dict(form.form_values()), "action": "again"})
    assert answer.headers["Location"] == offer.BuyURL.removeprefix(browser.url)
    assert user.sales() == []


def test_refunded_order_is_closed(api, browser, user):
    """V12, V14"""
    offer = api.checkout(new_order())
    pay(browser, offer.BuyURL)
    assert api.refund(offer.TransactionID).State == "REFUNDED"
    assert "can no longer be paid" in browser.get(offer.BuyURL).text
    assert user.balance() == 5_000_000


def test_request_id(api):
    """V12"""
    order, request_id = new_order(), new_order()
    first = api.checkout(order, RequestID=request_id)
    again = api.checkout(order, RequestID=request_id)
    assert (again.TransactionID, again.ExpiresAt) == (first.TransactionID, first.ExpiresAt)
    for change in ({"Amount": "2.51"}, {"ShippingRequested": False}, {"Description": "One hat"},
                   {"CancelURL": api.vendor.home_url}):
        assert code_of(api.checkout, order, RequestID=request_id, **change) == \
            "IDEMPOTENCY_CONFLICT"
    assert code_of(api.checkout, new_order(), RequestID=request_id) == "IDEMPOTENCY_CONFLICT"
    assert api.get(request_id=request_id).OrderID == order


@pytest.mark.parametrize("name", ["ReturnURL", "CancelURL"])
def test_ways_back_are_registered(installation, farthingd, name):
    """V2: neither leads a user to another's site."""
    api = VendorApi(farthingd.url, add_vendor(
        installation, "http://shop.example/", urls=["http://shop.example/shop/"]))
    ways = {"ReturnURL": "http://shop.example/shop/thanks",
            "CancelURL": "http://shop.example/shop/cart"}
    assert code_of(api.checkout, "1", **ways) == "OK"
    for url in ("http://evil.example/shop/", "http://shop.example/shopping",
                "http://shop.example/shop/../x"):
        assert code_of(api.checkout, "1", **{**ways, name: url}) == "URL_NOT_REGISTERED"


@pytest.mark.parametrize("name, text", [
    ("OrderID", ""), ("OrderID", "o" * 129), ("OrderID", None), ("Amount", "0"), ("Amount", None),
    ("Amount", "1,50"), ("Description", ""), ("Description", "d" * 201), ("ReturnURL", "ftp://x/"),
    ("ReturnURL", None), ("CancelURL", "javascript:alert(1)"), ("CancelURL", ""),
    ("ShippingRequested", "maybe"), ("ShippingRequested", None), ("RequestID", "r" * 65),
], ids=str)
def test_wrong_parameter(api, name, text):
    """V12"""
    assert code_of(api.checkout, "1", RequestID="r", raw={name: text}) == "INVALID_PARAMETER"


def test_order_cannot_be_found_by_guessing(api, installation, browser):
    """S1: an order's description is for who was sent its link."""
    order = new_order()
    api.checkout(order)
    content_id, = installation.query(
        "SELECT content_id::text FROM purchase.offers WHERE vendor_content_id = %s", (order,))[0]
    page = requests.get(f"{browser.url}/item/{content_id}", timeout=30)
    assert page.status_code == 404 and "Two hats" not in page.text
