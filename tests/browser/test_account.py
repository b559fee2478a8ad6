# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's own pages: login, account, content."""

import time

from support.market import receive_funds


def buy(chromium, shop, path="items/1", **parameters):
    chromium.open(shop.offer(path, **{"Price": "0.25", "IsPost": False, **parameters}))
    chromium.click("#buy")
    chromium.press_buy()
    assert chromium.delivered()


def test_public_computer_is_the_default(farthingd, user, chromium):
    """B2: the cookie ends with the browser."""
    chromium.open(farthingd.url + "/login")
    assert chromium.find("[name=public_computer]").is_selected()
    chromium.log_in(user)
    chromium.find("form[action='/logout']")
    cookie = chromium.cookie()
    assert "expiry" not in cookie
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"


def test_own_computer_remembers_for_the_chosen_time(farthingd, user, chromium):
    """B3"""
    chromium.open(farthingd.url + "/login")
    chromium.click("[name=public_computer]")
    chromium.fill(minutes="7")
    chromium.log_in(user)
    chromium.find("form[action='/logout']")
    assert 6 * 60 < chromium.cookie()["expiry"] - time.time() <= 7 * 60 + 5


def test_purchase_renews_the_login(farthingd, shop, user, chromium):
    """B3: when the user chose to count from the last purchase."""
    assert login_after_purchase(farthingd, shop, user, chromium, "#from_last_purchase")


def test_purchase_does_not_renew_the_login(farthingd, shop, user, chromium):
    """B3: when the user chose to count from the login."""
    assert not login_after_purchase(farthingd, shop, user, chromium, "#from_login")


def login_after_purchase(farthingd, shop, user, chromium, choice):
    """Whether the login cookie was made anew by a purchase."""
    chromium.open(farthingd.url + "/login")
    chromium.click("[name=public_computer]")
    chromium.click(choice)
    chromium.log_in(user)
    chromium.find("form[action='/logout']")
    before = chromium.cookie()["value"]
    buy(chromium, shop)
    chromium.open(farthingd.url + "/account")
    chromium.find("form[action='/logout']")
    return chromium.cookie()["value"] != before


def test_wrong_password(farthingd, user, chromium):
    """B2: it does not say which of the two is wrong; the name stays typed."""
    chromium.open(farthingd.url + "/login")
    chromium.fill(login_name=user.login_name, password="not this one")
    chromium.click("main form button.primary")
    assert chromium.reads("[role=alert]", "The user name or the password is wrong.")
    assert chromium.find("[name=login_name]").get_attribute("value") == user.login_name
    assert chromium.cookie() is None
    chromium.complaints()  # the browser's own note on the status


def test_logout(farthingd, shop, user, chromium):
    """B3: a cookie kept from before opens nothing."""
    chromium.log_in_first(farthingd, user)
    kept = chromium.cookie()
    chromium.click("form[action='/logout'] button")
    chromium.find("a[href='/login']")
    chromium.driver.add_cookie(kept)
    chromium.open(farthingd.url + "/account")
    assert chromium.find("[name=password]")
    assert user.sales() == []


def test_account_summary(installation, farthingd, shop, user, chromium):
    """U2, U5: balances per currency and the last ten transactions, newest first."""
    receive_funds(installation, user.login_name, "3.00", "CHF")
    chromium.log_in_first(farthingd, user)
    for number in range(11):
        buy(chromium, shop, f"items/{number}", Price="0.01", ContentTitle=f"Song {number:02}")
    chromium.open(farthingd.url + "/account")
    text = chromium.text("main")
    assert "4.89" in text and "3.00" in text and "CHF" in text
    titles = [line for line in text.splitlines() if line.startswith("Song")]
    assert titles == [f"Song {number:02}" for number in range(10, 0, -1)]


def test_my_content_opens_again(farthingd, shop, user, chromium):
    """U7: with a renewed ID, without a charge."""
    chromium.log_in_first(farthingd, user)
    buy(chromium, shop, IsPost=True)
    buy(chromium, shop, "items/2", IsPost=False)
    for title in ("Item items/1", "Item items/2"):
        chromium.open(farthingd.url + "/content")
        rows = [row for row in chromium.driver.find_elements("css selector", "main li form")
                if title in row.find_element("xpath", "..").text]
        rows[0].find_element("css selector", "button").click()
        assert chromium.delivered()
    tokens = {visit.fields["EncryptedUserID"] for visit in shop.arrivals()}
    assert len(tokens) == 4
    assert len(user.sales()) == 2


def test_used_up_content_no_longer_opens(farthingd, shop, user, chromium):
    """U7, V8: it stays in the list, and says so."""
    chromium.log_in_first(farthingd, user)
    buy(chromium, shop, NumberOfTimesToView=1)
    chromium.open(farthingd.url + "/content")
    assert "No longer opens" in chromium.text("main")
    assert not chromium.has("main li form")


def test_disabled_account(farthingd, user, chromium):
    """U10: it cannot log in, and says why to who knows the password."""
    user.disable()
    chromium.open(farthingd.url + "/login")
    chromium.log_in(user)
    assert "disabled" in chromium.text("[role=alert]")
    chromium.complaints()
