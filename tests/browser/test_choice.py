# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user chooses in the buy window: an incentive (B7), and who may know the address (V12)."""

import pytest

from support.chromium import PHONE, POPUP
from support.market import add_user

ADDRESS = "1 Mill Road\nCambridge"


def sums(chromium):
    """{"Price": "0.25 EUR", …} of the buy window."""
    texts = [row.text.split("\n") for row in chromium.find_all(".sums > div")]
    return {text[0]: text[1] for text in texts}


def open_offer(chromium, shop, **parameters):
    """The buy window of an item for 0.25 EUR."""
    chromium.open(shop.offer("items/1", Price="0.25", IsPost=False, **parameters))
    chromium.click("#buy")


def open_checkout(chromium, shop, **parameters):
    shop.offers["thanks"] = {}
    chromium.open(shop.api.checkout("ORDER-7", **parameters).BuyURL)


def enter(chromium, code, then):
    """Types a code and waits for what the window then shows."""
    chromium.fill(incentive_code=code)
    chromium.click("button[value=incentive]")
    chromium.find(then)


PAYS = ".sums .price ~ .price"
REFUSED = "#incentive_code-hint[role=alert]"
EMPTY = "details[open] #incentive_code-hint:not([role=alert])"


@pytest.mark.parametrize("size", [POPUP, PHONE], ids=["popup", "phone"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_incentive_pays_in_part(farthingd, shop, user, open_chromium, scripts, size):
    """B1, B7: by its button; the window says what is left to pay, and no more is charged."""
    code, = shop.api.issue("0.10")
    chromium = open_chromium(size=size, scripts=scripts)
    chromium.log_in_first(farthingd, user)
    open_offer(chromium, shop)
    assert chromium.find("details") and not chromium.has("details[open]")
    chromium.click("summary")
    chromium.find("details[open]")
    enter(chromium, code.lower(), PAYS)
    assert sums(chromium)["Price"] == "0.25 EUR"
    assert sums(chromium)["Left to pay"] == "0.15 EUR"
    assert fits(chromium)
    chromium.press_buy()
    assert chromium.delivered()
    assert user.balance() == 4_850_000


def fits(chromium):
    """Nothing has to be scrolled sideways."""
    return chromium.driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")


def test_wrong_code_is_said_at_its_field(farthingd, shop, user, open_chromium):
    """B7: and the item can still be bought."""
    shop.api.issue("0.10")
    chromium = open_chromium()
    chromium.log_in_first(farthingd, user)
    open_offer(chromium, shop)
    chromium.click("summary")
    enter(chromium, "NOT-A-CODE", REFUSED)
    assert "Nothing was charged" in chromium.text(REFUSED)
    assert chromium.driver.switch_to.active_element.get_attribute("name") == "incentive_code"
    assert user.sales() == []
    enter(chromium, "", EMPTY)
    chromium.press_buy()
    assert chromium.delivered()
    assert user.balance() == 4_750_000
    assert any("422" in complaint for complaint in chromium.complaints())


def test_incentive_and_login(shop, user, chromium):
    """B2, B7: who is not logged in yet does not type the code again."""
    code, = shop.api.issue("0.10")
    open_offer(chromium, shop)
    chromium.click("summary")
    enter(chromium, code, PAYS)
    chromium.press_buy()
    assert "0.15 EUR left to pay" in chromium.text("main")
    chromium.log_in(user)
    assert chromium.delivered()
    assert user.balance() == 4_850_000


def test_no_incentive_no_button(shop, chromium):
    """B1"""
    shop.api.issue("0.10")
    open_offer(chromium, shop, IncentiveIDs="-1")
    assert chromium.find("button[value=buy]") and not chromium.has("details")


@pytest.mark.parametrize("agrees", [True, False])
def test_order_with_shipping(installation, farthingd, shop, chromium, agrees):
    """V12: the box is empty; the vendor learns the address of who ticks it, and no other's."""
    buyer = add_user(installation, address=ADDRESS)
    chromium.log_in_first(farthingd, buyer)
    open_checkout(chromium, shop)
    transaction = chromium.url.rpartition("/")[2]
    assert "Two hats" in chromium.text("h1") and "ORDER-7" in chromium.text("main")
    assert not chromium.find("[name=shares_shipping]").is_selected()
    if agrees:
        chromium.click("label[for=shares_shipping]")
    chromium.press_buy()
    chromium.find("#refused, #delivered, #teaser")
    arrival, = shop.arrivals()
    assert (arrival.path, arrival.fields["ContentID"]) == ("/thanks", "ORDER-7")
    assert "Mill Road" not in str(arrival.fields)
    assert shop.api.get(transaction).Shipping == ("Ada Buyer\n" + ADDRESS if agrees else None)


def test_order_without_shipping(farthingd, shop, user, chromium):
    """V12"""
    chromium.log_in_first(farthingd, user)
    open_checkout(chromium, shop, ShippingRequested=False)
    assert chromium.find("button[value=buy]") and not chromium.has("[name=shares_shipping]")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_cancelled_order(farthingd, shop, user, open_chromium, scripts):
    """V12: the user is back at the vendor's, and nothing was charged."""
    chromium = open_chromium(scripts=scripts)
    chromium.log_in_first(farthingd, user)
    open_checkout(chromium, shop, CancelURL=shop.url + "thanks?cancelled=1")
    chromium.click("button[value=cancel]")
    chromium.find("#teaser, #refused")
    assert chromium.url == shop.url + "thanks?cancelled=1"
    assert user.sales() == []


def test_sandbox(installation, farthingd, open_shop, user, chromium):
    """Play money is called so, before and after the purchase."""
    shop = open_shop(currency="XTS")
    chromium.log_in_first(farthingd, user)
    open_offer(chromium, shop)
    assert "play money" in chromium.text(".sandbox")
    chromium.press_buy()
    assert chromium.delivered()
    chromium.open(farthingd.url + "/account")
    assert "Play money" in chromium.text("main") and "999.75 XTS" in chromium.text("main")
    assert user.balance() == 5_000_000
