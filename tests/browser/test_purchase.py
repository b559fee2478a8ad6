# SPDX-License-Identifier: GPL-3.0-or-later
"""Buying in a real browser, from the click on the vendor's page to the content."""

import pytest
from selenium.webdriver.common.keys import Keys

from support.chromium import PHONE, POPUP
from support.market import add_user
from support.place import wait_until

PRICE = 250_000


def sell(shop, path="items/1", **parameters):
    """Puts an item up for 0.25 EUR; its URL."""
    return shop.offer(path, **{"Price": "0.25", "IsPost": False, **parameters})


def charged(user):
    return [sale[1] for sale in user.sales()]


@pytest.mark.parametrize("size", [POPUP, PHONE], ids=["popup", "phone"])
@pytest.mark.parametrize("is_post", [False, True], ids=["GET", "POST"])
def test_purchase_with_login(shop, user, open_chromium, is_post, size):
    """V5, B1, B2, B6: the price is said before the login, and the login buys."""
    chromium = open_chromium(size=size)
    chromium.open(sell(shop, IsPost=is_post, ContentTitle="News <of> today & \"tomorrow\"",
                       ShortDescription="All that is fit to print.", OptionalData="page=3&x=ü"))
    chromium.click("#buy")
    assert chromium.reads("h1", 'News <of> today & "tomorrow"')
    window = chromium.text("main")
    assert "0.25" in window and "Morning Post" in window and "fit to print" in window
    assert fits(chromium)
    chromium.press_buy()
    assert chromium.find("[name=public_computer]").is_selected()
    assert "0.25" in chromium.text("main") and "News <of> today" in chromium.text("main")
    assert fits(chromium)
    assert user.sales() == []
    chromium.log_in(user)
    assert chromium.delivered()
    assert charged(user) == [PRICE]
    arrival, = shop.arrivals()
    assert arrival.method == ("POST" if is_post else "GET")
    assert arrival.fields == {"EncryptedUserID": arrival.fields["EncryptedUserID"],
                              "ContentID": "id of items/1", "OptionalData": "page=3&x=ü"}


def fits(chromium):
    """Nothing has to be scrolled sideways."""
    return chromium.driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")


def test_vendor_learns_nothing_else(shop, user, open_chromium):
    """S1, S2: neither cookies nor the referring page tell of the user or the transaction."""
    chromium = open_chromium()
    chromium.open(sell(shop))
    chromium.click("#buy")
    transaction = chromium.url.rpartition("/")[2]
    chromium.press_buy()
    chromium.log_in(user)
    assert chromium.delivered()
    arrival, = shop.arrivals()
    assert "Cookie" not in arrival.headers
    told = str(arrival.headers) + str(arrival.fields)
    assert transaction not in told
    assert user.login_name not in told


@pytest.mark.parametrize("is_post", [False, True], ids=["GET", "POST"])
def test_purchase_when_logged_in(farthingd, shop, user, chromium, is_post):
    """B3: one login serves all vendors; the purchase is one click."""
    chromium.log_in_first(farthingd, user)
    for number in (1, 2):
        chromium.open(sell(shop, f"items/{number}", IsPost=is_post))
        chromium.click("#buy")
        assert f"{5 - 0.25 * (number - 1):.2f}" in chromium.text("main")
        chromium.press_buy()
        assert chromium.delivered()
    assert charged(user) == [PRICE, PRICE]


def test_ready_html_opens_the_buy_window_on_the_click(farthingd, shop, user, chromium):
    """V4: in a second window where scripts run; the content shows in the end."""
    chromium.log_in_first(farthingd, user)
    chromium.open(sell(shop))
    chromium.click("#ready a, #ready button")
    chromium.follow_popup()
    chromium.press_buy()
    assert chromium.delivered()
    assert charged(user) == [PRICE]


@pytest.mark.parametrize("is_post", [False, True], ids=["GET", "POST"])
def test_without_scripts(shop, user, open_chromium, is_post):
    """Every page works without JavaScript: links are links, and forms have buttons."""
    chromium = open_chromium(scripts=False)
    chromium.open(sell(shop, IsPost=is_post))
    chromium.click("#ready a, #ready button")
    chromium.press_buy()
    chromium.log_in(user)
    if is_post:
        chromium.click("main form[data-submit] button")
    assert chromium.delivered()
    assert charged(user) == [PRICE]


def test_purchase_with_registration(installation, shop, chromium):
    """U1: the sign-up bonus pays, and the vendor that sent the user is remembered."""
    chromium.open(sell(shop))
    chromium.click("#buy")
    chromium.press_buy()
    chromium.click("main a[href^='/register']")
    assert "Morning Post" in chromium.text("main") and "0.25" in chromium.text("main")
    login_name = f"newcomer-{shop.vendor.vendor_id}"
    chromium.fill(login_name=login_name, password="a good long secret",
                  password_again="a good long secret", full_name="Zoë Newcomer",
                  email="zoe@example.org", answer="Rex")
    chromium.click("main form button.primary")
    if not chromium.find("#delivered, button[name=action]").get_attribute("id"):
        chromium.press_buy()
    assert chromium.delivered()
    rows = installation.cluster.query(
        "SELECT via_vendor_id, balance FROM account.users JOIN account.wallets USING (user_id)"
        " WHERE login_name = %s", (login_name,))
    assert rows == [(int(shop.vendor.vendor_id), 1_000_000 - PRICE)]


def test_too_few_tokens(installation, farthingd, shop, chromium):
    """B4: the shortage is said, with how to add funds, and nothing is charged."""
    poor = add_user(installation, funds="0.10")
    chromium.log_in_first(farthingd, poor)
    chromium.open(sell(shop))
    chromium.click("#buy")
    chromium.press_buy()
    assert chromium.reads("h1", "Not enough funds")
    told = chromium.text("main")
    assert "0.10" in told and "0.15" in told and "DE02" in told
    assert poor.sales() == []


@pytest.mark.parametrize("limit", ["transaction", "session", "day", "week", "month"])
def test_spending_limit(farthingd, shop, user, chromium, limit):
    """B5, U8: exactly the limit may be spent; one more micro-unit is refused, and said."""
    user.limit(**{limit: "0.25"})
    chromium.log_in_first(farthingd, user)
    chromium.open(sell(shop))
    chromium.click("#buy")
    chromium.press_buy()
    assert chromium.delivered()
    chromium.open(sell(shop, "items/2", Price="0.250001" if limit == "transaction" else "0.000001"))
    chromium.click("#buy")
    chromium.press_buy()
    assert chromium.reads("h1", "Spending limit reached")
    assert charged(user) == [PRICE]


def test_item_bought_twice_is_charged_once(farthingd, shop, user, chromium):
    """V7: the second click leads straight to the content."""
    chromium.log_in_first(farthingd, user)
    for _ in range(2):
        chromium.open(sell(shop))
        chromium.click("#buy")
        if chromium.has("button[name=action]"):
            chromium.press_buy()
        assert chromium.delivered()
    assert charged(user) == [PRICE]
    assert len(shop.arrivals()) == 2


def test_going_back_and_buying_again(farthingd, shop, user, chromium):
    """V7: an old buy window that the browser kept."""
    chromium.log_in_first(farthingd, user)
    chromium.open(sell(shop))
    chromium.click("#buy")
    window = chromium.url
    chromium.press_buy()
    assert chromium.delivered()
    chromium.open(window)
    assert chromium.delivered()
    assert charged(user) == [PRICE]


def test_copied_buy_window(installation, farthingd, shop, user, open_chromium):
    """V11: somebody else gets an offer of the same item, and pays for it."""
    buyer, friend = open_chromium(), open_chromium()
    buyer.log_in_first(farthingd, user)
    buyer.open(sell(shop))
    buyer.click("#buy")
    window = buyer.url
    buyer.press_buy()
    assert buyer.delivered()
    other = add_user(installation)
    friend.log_in_first(farthingd, other)
    friend.open(window)
    assert friend.find("[role=status]").is_displayed()
    assert friend.url != window
    friend.press_buy()
    assert friend.delivered()
    assert (charged(user), charged(other)) == ([PRICE], [PRICE])


def test_copied_link_to_the_content(installation, start_farthingd, open_shop, user, open_chromium):
    """V11: the ID in it is stale; who follows it is led to buy, the buyer gets in again."""
    daemon = start_farthingd(security={"encrypted_user_id_s": 1})
    shop = open_shop(daemon)
    buyer, friend = open_chromium(), open_chromium()
    buyer.log_in_first(daemon, user)
    buyer.open(sell(shop))
    buyer.click("#buy")
    buyer.press_buy()
    assert buyer.delivered()
    link = buyer.url
    wait_until(lambda: revisit(friend, link) == "ID_EXPIRED", "the ID is stale")
    friend.click("#buy")
    friend.press_buy()
    friend.log_in(add_user(installation))
    assert friend.delivered()
    assert revisit(buyer, link) == "ID_EXPIRED"
    buyer.click("#buy")
    assert buyer.delivered()
    assert charged(user) == [PRICE]


def revisit(chromium, link):
    chromium.open(link)
    return chromium.text("h1")


def test_cancel(farthingd, shop, user, chromium):
    """B1: nothing is charged, and there is a way back to the vendor."""
    chromium.log_in_first(farthingd, user)
    chromium.open(sell(shop))
    chromium.click("#buy")
    chromium.click("button[name=action][value=cancel]")
    assert chromium.reads("h1", "Purchase cancelled")
    assert chromium.find(f"main a[href='{shop.url}']")
    assert user.sales() == []
    chromium.click("button[name=action][value=again]")
    chromium.press_buy()
    assert chromium.delivered()
    assert charged(user) == [PRICE]


def test_in_german(shop, user, open_chromium):
    """U17: by the browser's language, with the numbers of that language."""
    chromium = open_chromium(language="de")
    chromium.open(sell(shop, Price="1.50"))
    chromium.click("#buy")
    assert chromium.find("html").get_attribute("lang") == "de"
    assert "1,50" in chromium.text("main")
    assert chromium.text("button[value=buy]") == "Kaufen"
    chromium.press_buy()
    chromium.find("[name=login_name]")
    assert "Anmelden" in chromium.text("main")
    chromium.log_in(user)
    assert chromium.delivered()
    assert charged(user) == [1_500_000]


def test_language_is_chosen_on_the_page(farthingd, chromium):
    """U17: and stays chosen."""
    chromium.open(farthingd.url + "/login")
    chromium.click("footer a[lang=de]")
    assert chromium.find("html[lang=de]")
    chromium.open(farthingd.url + "/register")
    assert chromium.find("html").get_attribute("lang") == "de"


def test_keyboard_alone(farthingd, shop, user, chromium):
    """Tab reaches the button, Enter buys."""
    chromium.log_in_first(farthingd, user)
    chromium.open(sell(shop))
    chromium.click("#buy")
    chromium.find("button[name=action][value=buy]")
    for _ in range(20):
        chromium.driver.switch_to.active_element.send_keys(Keys.TAB)
        if chromium.driver.switch_to.active_element.get_attribute("value") == "buy":
            break
    chromium.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert chromium.delivered()
    assert charged(user) == [PRICE]


def test_unknown_transaction(farthingd, open_chromium):
    """B8: an error page that says what to do. The browser itself notes the 404."""
    chromium = open_chromium()
    chromium.open(farthingd.url + "/buy/0190163d-8694-739b-aea5-966c26f8ad91")
    assert chromium.reads("h1", "No such purchase")
    assert any("404" in complaint for complaint in chromium.complaints())
