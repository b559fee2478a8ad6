# SPDX-License-Identifier: GPL-3.0-or-later
"""Paying with an incentive code in the buy window (B1, B7, V9)."""

import decimal
import secrets

import lxml.html
import pytest

from support.api import VendorApi
from support.market import add_user, add_vendor
from support.web import Browser, arrival_of


@pytest.fixture
def api(installation, farthingd):
    """Of a vendor whose incentives are the test's own."""
    return VendorApi(farthingd.url, add_vendor(installation, "http://localhost:9/"))


def sums(page):
    """{"Price": "0.25 EUR", …} of the buy window."""
    document = lxml.html.fromstring(page.content)
    return {row.findtext("dt"): row.findtext("dd")
            for row in document.xpath("//dl[@class='sums']/div")}


def problem(page):
    """What stands at the field of the code."""
    document = lxml.html.fromstring(page.content)
    return document.xpath("string(//p[@id='incentive_code-hint'][@role='alert'])")


def press(browser, page, action, **fields):
    return browser.submit(page, {"action": action, **fields}, action="/buy/")


def offer(api, price="0.25", **parameters):
    return api.initiate(ContentURL=api.vendor.home_url + secrets.token_hex(8), Price=price,
                        **parameters)


def test_button_only_where_an_incentive_can_pay(api, browser):
    """B1, V9"""
    assert "<details" not in browser.get(offer(api).BuyURL).text
    api.issue("0.10")
    assert "<details" in browser.get(offer(api).BuyURL).text
    assert "<details" not in browser.get(offer(api, IncentiveIDs="-1").BuyURL).text


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{spaced}"])
def test_code_pays_in_part(api, browser, user, typed):
    """B7: the page says what is left to pay, which is what is charged."""
    code, = api.issue("0.10")
    typed = typed.format(code, lower=code.lower(), spaced=code.replace("-", "- "))
    sold = offer(api)
    page = press(browser, browser.get(sold.BuyURL), "incentive", incentive_code=typed)
    assert page.status_code == 200 and not problem(page)
    assert sums(page) == {"Price": "0.25 EUR", "Incentive": "−0.10 EUR", "Left to pay": "0.15 EUR",
                          "Your balance": "5.00 EUR"}
    assert user.sales() == []
    assert arrival_of(press(browser, page, "buy"), browser.url).encrypted_user_id
    assert user.balance() == 4_850_000
    record = api.get(sold.TransactionID)
    assert (record.Price, record.IncentiveAmount) == (decimal.Decimal("0.25"), decimal.Decimal("0.1"))


def test_code_pays_in_whole_what_the_user_could_not(installation, farthingd, api):
    """B7: and what is left of it pays the next time."""
    poor = add_user(installation, funds=None)
    browser = Browser(farthingd.url)
    browser.log_in(poor)
    code, = api.issue("0.40")
    page = press(browser, browser.get(offer(api).BuyURL), "incentive", incentive_code=code)
    assert sums(page)["Left to pay"] == "0.00 EUR" and "You are short of" not in sums(page)
    assert arrival_of(press(browser, page, "buy"), browser.url)
    page = press(browser, browser.get(offer(api).BuyURL), "incentive", incentive_code=code)
    assert sums(page)["Left to pay"] == "0.10 EUR"
    assert sums(page)["You are short of"] == "0.10 EUR"
    refused = press(browser, page, "buy")
    assert "Not enough funds" in refused.text and "0.10 EUR" in refused.text
    assert len(poor.sales()) == 1
    again = press(browser, refused, "incentive")
    assert sums(again)["Left to pay"] == "0.10 EUR"


def test_code_typed_and_bought_at_once(api, browser, user):
    """B7: without a look at what is left, which is less than the price."""
    code, = api.issue("0.10")
    page = browser.get(offer(api).BuyURL)
    assert arrival_of(press(browser, page, "buy", incentive_code=code), browser.url)
    assert user.balance() == 4_850_000


@pytest.mark.parametrize("code", ["NO-SUCH-CODE", "ü", "'; --", "<b>", "A" * 5000, "%00", "-"])
def test_code_that_pays_nothing(api, browser, user, code):
    """B7: said at its field, and nothing is charged."""
    api.issue("0.10")
    page = browser.get(offer(api).BuyURL)
    for action in ("incentive", "buy"):
        answer = press(browser, page, action, incentive_code=code)
        assert answer.status_code == 422
        assert "Nothing was charged" in problem(answer)
        assert sums(answer) == {"Price": "0.25 EUR", "Your balance": "5.00 EUR"}
    assert user.sales() == []


def test_code_of_another_vendor_or_offer(installation, farthingd, api, browser, user):
    """B7, V9: it is no good here."""
    other = VendorApi(farthingd.url, add_vendor(installation, "http://localhost:9/"))
    other.issue("0.10")
    code, = api.issue("0.10")
    for sold in (offer(other), offer(api, IncentiveIDs="-1"), offer(api, IncentiveIDs="999999, 2")):
        assert problem(press(browser, browser.get(sold.BuyURL), "buy", incentive_code=code))
    assert user.sales() == []


def test_empty_field_changes_nothing(api, browser, user):
    """B7"""
    api.issue("0.10")
    page = press(browser, browser.get(offer(api).BuyURL), "incentive", incentive_code="")
    assert page.status_code == 200 and not problem(page)
    assert arrival_of(press(browser, page, "buy"), browser.url)
    assert user.balance() == 4_750_000


def test_no_other_sum_than_the_page_said(installation, farthingd, api, browser, user):
    """B7: a code that somebody else used meanwhile, and one that was taken out again."""
    code, = api.issue("0.10")
    page = press(browser, browser.get(offer(api).BuyURL), "incentive", incentive_code=code)
    friend = Browser(farthingd.url)
    friend.log_in(add_user(installation))
    assert arrival_of(press(friend, friend.get(offer(api, price="0.04").BuyURL), "buy",
                            incentive_code=code), friend.url)
    answer = press(browser, page, "buy")
    assert sums(answer)["Left to pay"] == "0.19 EUR" and user.sales() == []
    answer = press(browser, answer, "buy", incentive_code="")
    assert "Left to pay" not in sums(answer) and user.sales() == []
    assert arrival_of(press(browser, answer, "buy"), browser.url)
    assert user.balance() == 4_750_000


def test_double_click_is_charged_once(api, browser, user):
    """V7, B7: the second finds the code used up, and the item bought."""
    code, = api.issue("0.10")
    page = press(browser, browser.get(offer(api).BuyURL), "incentive", incentive_code=code)
    arrivals = [arrival_of(press(browser, page, "buy"), browser.url) for _ in range(2)]
    assert all(arrival.encrypted_user_id for arrival in arrivals)
    assert user.balance() == 4_850_000 and len(user.sales()) == 1


def test_code_outlives_the_login(api, farthingd, user):
    """B2, B7: also when the first password was wrong."""
    code, = api.issue("0.10")
    browser = Browser(farthingd.url)
    page = press(browser, browser.get(offer(api).BuyURL), "incentive", incentive_code=code)
    assert sums(page)["Left to pay"] == "0.15 EUR"
    page = press(browser, page, "buy")
    assert "0.15 EUR left to pay" in page.text
    page = browser.submit(page, {"login_name": user.login_name, "password": "no"}, action="/login")
    assert "0.15 EUR left to pay" in page.text
    assert arrival_of(browser.log_in(user, page), browser.url)
    assert user.balance() == 4_850_000


def test_code_used_up_during_the_login(installation, api, farthingd, browser, user):
    """B7: nothing is charged; the window opens again."""
    code, = api.issue("0.10")
    stranger = Browser(farthingd.url)
    page = press(stranger, stranger.get(offer(api).BuyURL), "buy", incentive_code=code)
    friend = Browser(farthingd.url)
    friend.log_in(add_user(installation))
    assert arrival_of(press(friend, friend.get(offer(api).BuyURL), "buy", incentive_code=code),
                      friend.url)
    page = stranger.log_in(user, page)
    assert problem(page) and user.sales() == []


def test_refund_gives_back_what_the_user_paid(api, browser, user):
    """V14, B7: the incentive's part goes to who issued it."""
    code, = api.issue("0.10")
    sold = offer(api)
    press(browser, browser.get(sold.BuyURL), "buy", incentive_code=code)
    refund = api.refund(sold.TransactionID)
    assert (refund.RefundedAmount, refund.State) == (decimal.Decimal("0.15"), "REFUNDED")
    assert user.balance() == 5_000_000


def test_provider_incentive_pays_everywhere(installation, api, browser, user):
    """U15: at the provider's cost."""
    code = installation.operate("incentive", "issue", "0.05", "1", "--currency=EUR",
                                "--expires=2099-01-01T00:00:00Z").split()[-1]
    assert arrival_of(press(browser, browser.get(offer(api).BuyURL), "buy", incentive_code=code),
                      browser.url)
    assert user.balance() == 4_800_000
