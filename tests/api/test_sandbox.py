# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox vendor: play money, shown as such, and refusals that a price provokes."""

import lxml.html
import pytest

from support.api import VendorApi
from support.market import add_vendor
from support.web import Browser, arrival_of

REFUSALS = {
    "0.000020": "Not enough funds", "0.000021": "Spending limit reached",
    "0.000022": "Spending limit reached", "0.000023": "Spending limit reached",
    "0.000024": "Spending limit reached", "0.000025": "Spending limit reached",
    "0.000026": "Your account is disabled",
}


@pytest.fixture
def api(installation, farthingd):
    return VendorApi(farthingd.url, add_vendor(installation, "http://localhost:9/", name="Try it",
                                               currency="XTS"))


def says_so(page):
    return "play money" in lxml.html.fromstring(page.content).xpath(
        "string(//p[@class='sandbox'])")


def test_purchase_with_play_money(api, browser, user):
    """Every page says so, no real money moves, and the vendor's calls work as ever."""
    offer = api.initiate(Price="12.50", IsPost=True)
    page = browser.get(offer.BuyURL)
    assert says_so(page)
    assert "12.50 XTS" in page.text and "1000.00 XTS" in page.text
    page = browser.press(page, "buy")
    assert says_so(page)
    arrival = arrival_of(page, browser.url)
    assert api.lock(arrival.encrypted_user_id, api.vendor.home_url + "items/1").Authorized
    assert api.get(offer.TransactionID).Currency == "XTS"
    assert (user.balance(), user.balance("XTS")) == (5_000_000, 987_500_000)
    account = browser.get("/account").text
    assert "987.50 XTS" in account and "Play money" in account
    assert "Play money" in browser.get("/content").text
    api.refund(offer.TransactionID)
    assert user.balance("XTS") == 1_000_000_000


def test_every_page_on_the_way_says_so(api, farthingd):
    stranger = Browser(farthingd.url)
    page = stranger.get(api.initiate().BuyURL)
    assert says_so(page)
    login = stranger.press(page, "buy")
    assert says_so(login)
    register = stranger.get(lxml.html.fromstring(login.content).xpath(
        "//main//a[starts-with(@href, '/register')]/@href")[0])
    assert says_so(register)
    assert "XTS" not in lxml.html.fromstring(register.content).xpath("//option/@value")
    assert says_so(stranger.press(page, "cancel"))


@pytest.mark.parametrize("price", REFUSALS)
def test_price_provokes_a_refusal(api, browser, user, price):
    """B4, B5: as it would look."""
    page = browser.press(browser.get(api.initiate(Price=price).BuyURL), "buy")
    assert says_so(page) and REFUSALS[price] in page.text
    assert user.sales() == []


@pytest.mark.parametrize("price", ["0.000019", "0.000027"])
def test_other_prices_do_not(api, browser, user, price):
    assert arrival_of(browser.press(browser.get(api.initiate(Price=price).BuyURL), "buy"),
                      browser.url)


def test_real_money_is_not_refused_so(farthingd, vendor, browser, user):
    api = VendorApi(farthingd.url, vendor)
    page = browser.get(api.initiate(Price="0.000020").BuyURL)
    assert not says_so(page)
    assert arrival_of(browser.press(page, "buy"), browser.url)
