# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages say in their headers and cookies, and what their forms do when all is not well."""

import lxml.html
import pytest
import requests

from support.web import Browser, arrival_of, find_form

NEW_USER = {"password": "a good long secret", "password_again": "a good long secret",
            "full_name": "Zoë Newcomer", "email": "zoe@example.org", "answer": "Rex"}


def find(page, path):
    return lxml.html.fromstring(page.content).xpath(path)


def text(page, path="//main"):
    """Of the first such element."""
    return " ".join(find(page, path)[0].text_content().split())


def directives(page):
    policy = page.headers["Content-Security-Policy"]
    return {name: value for name, _, value in
            (part.strip().partition(" ") for part in policy.split(";"))}


@pytest.fixture
def stranger(farthingd):
    """A browser that nobody logged in with."""
    return Browser(farthingd.url)


def test_every_page_is_guarded_by_its_headers(shop, browser):
    """S2: no other site's script, frame or form; nothing stays in a cache."""
    for path in ("/", "/login", "/register", "/account", "/content", "/buy/unknown",
                 shop.api.initiate().BuyURL):
        page = browser.get(path)
        policy = directives(page)
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "Cross-Origin-Opener-Policy" not in page.headers  # the popup needs its opener


def test_forms_lead_nowhere_but_to_the_vendor(shop, stranger, browser):
    """B6: a browser holds the redirect after a form to the policy of the form's page."""
    offer = shop.api.initiate(IsPost=True)
    leading = f"'self' {shop.url.rstrip('/')}"
    assert directives(browser.get(offer.BuyURL))["form-action"] == leading
    assert directives(stranger.get("/login?transaction=" + offer.TransactionID))["form-action"] \
        == leading
    assert directives(browser.get("/login"))["form-action"] == "'self'"
    assert directives(browser.get("/content"))["form-action"] == "'self'"
    assert directives(browser.press(browser.get(offer.BuyURL), "buy"))["form-action"] == leading


def test_static_files_are_kept_for_good(stranger):
    """Their address changes with their content."""
    style, = find(stranger.get("/"), "//link[@rel='stylesheet']/@href")
    file = stranger.get(style)
    assert file.status_code == 200 and "immutable" in file.headers["Cache-Control"]
    assert file.headers["Content-Type"] == "text/css; charset=utf-8"
    again = requests.get(stranger.url + style, timeout=30,
                         headers={"If-None-Match": file.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert stranger.get(style + "0").headers["Cache-Control"] == "no-cache"
    assert stranger.get("/static/../pages/buy.xsl").status_code == 404


@pytest.mark.parametrize("accepted, language", [
    ("de-AT,en;q=0.8", "de"), ("fr,de;q=0.2", "de"), ("fr", "en"), ("de;q=0.1,en;q=0.2", "en")])
def test_browser_chooses_the_language(farthingd, accepted, language):
    """U17"""
    assert find(Browser(farthingd.url, accepted).get("/"), "string(/html/@lang)") == language


def test_chosen_language_stays(stranger):
    """U17: in this browser, above what the browser says of itself."""
    assert "Anmelden" in text(stranger.get("/login?lang=de"), "//h1")
    assert "Anmelden" in text(stranger.get("/login"), "//h1")
    assert "Anmelden" in text(stranger.get("/login?lang=xx"), "//h1")
    assert "Log in" in text(stranger.get("/login?lang=en"), "//h1")


def test_account_brings_its_language(stranger, farthingd):
    """U2: to a browser in which none was chosen."""
    german = Browser(farthingd.url, "de")
    page = german.get("/register")
    german.submit(page, {**NEW_USER, "login_name": "sprachlos"}, action="/register")
    page = stranger.get("/login")
    assert "Log in" in text(page, "//h1")
    page = stranger.submit(page, {"login_name": "sprachlos", "password": NEW_USER["password"]},
                           action="/login")
    assert "Guten Tag, Zoë Newcomer" in text(page, "//h1")


def test_cookies_are_for_this_host_over_tls_alone(start_farthingd, user):
    """S2: with https."""
    daemon = start_farthingd(**{"": {"public_url": "https://pay.example"}})
    page = requests.get(daemon.url + "/login", timeout=30)
    visit = page.headers["Set-Cookie"]
    assert visit.startswith("__Host-farthing_visit=")
    form = dict(find_form(page, "/login").form_values())
    answer = requests.post(
        daemon.url + "/login", timeout=30, allow_redirects=False,
        headers={"Cookie": visit.partition(";")[0]},
        data={**form, "login_name": user.login_name, "password": user.password})
    login, = [value for name, value in answer.raw.headers.items()
              if name == "Set-Cookie" and value.startswith("__Host-farthing_login=")]
    for cookie in (visit, login):
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie and "Max-Age" not in cookie


def test_login_begins_a_new_visit(stranger, user):
    """Forms from before it are of no use to who saw them."""
    page = stranger.get("/login")
    before = stranger.session.cookies["farthing_visit"]
    stranger.log_in(user, page)
    assert stranger.session.cookies["farthing_visit"] != before
    assert stranger.log_in(user, page).status_code == 403


def test_spoilt_visit_is_replaced(stranger, user):
    stranger.session.cookies.set("farthing_visit", "no such thing", domain="127.0.0.1", path="/")
    assert "Hello" in text(stranger.log_in(user), "//h1")


def test_old_form_keeps_what_was_typed(stranger, user):
    """B2: and says that nothing was done."""
    page = stranger.submit(
        stranger.get("/login"), action="/login",
        fields={"form_token": "A" * 43, "login_name": user.login_name, "password": user.password})
    assert page.status_code == 403
    assert "too old" in text(page, "//*[@role='alert']")
    assert find(page, "//input[@name='login_name']/@value") == [user.login_name]
    assert user.password not in page.text


@pytest.mark.parametrize("minutes", ["0", "-5", "", "soon", "99999999999999999999"])
def test_login_of_no_length(stranger, user, minutes):
    """B3"""
    page = stranger.submit(
        stranger.get("/login"), action="/login",
        fields={"login_name": user.login_name, "password": user.password, "minutes": minutes})
    assert page.status_code == 422
    assert find_form(page, "/login").fields["minutes"] == minutes
    assert text(page, "//*[@id='minutes-hint'][@role='alert']").startswith("1 to ")
    assert "farthing_login" not in stranger.session.cookies


@pytest.mark.parametrize("next_page, lands",
                         [("content", "/content"), ("//evil.example", "/account")])
def test_login_leads_on(stranger, user, next_page, lands):
    page = stranger.submit(
        stranger.get("/login"), action="/login",
        fields={"login_name": user.login_name, "password": user.password, "next": next_page})
    assert page.url == stranger.url + lands


def test_pages_of_the_account_ask_for_a_login(stranger, user):
    """U5, U7: and lead to where the user wanted to go."""
    assert stranger.get("/account").url.endswith("/login")
    page = stranger.get("/content")
    assert page.url.endswith("/login?next=content")
    assert stranger.log_in(user, page).url.endswith("/content")


@pytest.mark.parametrize("field, value", [
    ("login_name", "ab"), ("login_name", "white space"), ("password", "short"),
    ("password_again", "something else"), ("full_name", ""), ("email", "nobody"),
    ("address", "x" * 501), ("currency", "XYZ"), ("payment_method", "barter"),
    ("question", "shoe size"), ("answer", "")])
def test_registration_says_what_is_wrong(stranger, field, value):
    """U1: next to the field, and keeps the rest."""
    fields = {**NEW_USER, "login_name": "somebody-new", field: value}
    if field == "password":
        fields["password_again"] = value
    page = stranger.submit(stranger.get("/register"), fields, action="/register")
    assert page.status_code == 422
    wrong, = find(page, "//*[@aria-invalid='true']")
    alert, = find(page, "//*[@role='alert']")
    assert wrong.get("name") == field and wrong.get("aria-describedby") == alert.get("id")
    assert alert.text_content().strip()
    for kept in ("login_name", "full_name", "email"):
        assert find(page, f"string(//*[@name='{kept}']/@value)") == fields[kept]
    assert fields["password"] not in page.text and "Rex" not in page.text


def test_login_name_is_taken(stranger, user):
    """U1: without regard to case."""
    page = stranger.submit(stranger.get("/register"),
                           {**NEW_USER, "login_name": user.login_name.upper()}, action="/register")
    assert page.status_code == 422
    assert "already" in text(page, "//*[@id='login_name-hint'][@role='alert']")


def test_registration_goes_on_with_the_purchase(installation, shop, stranger):
    """U1: logged in at once, with the bonus; the buy window asks before anything is charged."""
    offer = shop.api.initiate(Price="0.25")
    page = stranger.get("/register?transaction=" + offer.TransactionID)
    assert "Morning Post sent you" in text(page)
    assert "1.00 EUR" in text(page, "//*[@class='bonus']")
    page = stranger.submit(page, {**NEW_USER, "login_name": "on-the-way"}, action="/register")
    assert page.url == offer.BuyURL and "1.00 EUR" in text(page, "//*[@class='sums']")
    assert installation.cluster.query(
        "SELECT count(*) FROM purchase.sales JOIN account.users USING (user_id)"
        " WHERE login_name = 'on-the-way'") == [(0,)]
    assert arrival_of(stranger.press(page, "buy"), stranger.url).encrypted_user_id


def test_sign_up_bonus_is_in_the_providers_currency(installation, stranger):
    """U1, U2: a unit of another currency may be worth more."""
    for currency, bonus in (("EUR", 1_000_000), ("USD", 0)):
        stranger.submit(stranger.get("/register"), action="/register",
                        fields={**NEW_USER, "login_name": "new-" + currency, "currency": currency})
        assert installation.cluster.query(
            "SELECT currency, balance FROM account.wallets JOIN account.users USING (user_id)"
            " WHERE login_name = %s", ("new-" + currency,)) == [(currency, bonus)]


def test_expired_transaction_is_offered_again(installation, shop, browser, user):
    """V11, B8: the same item under a new transaction, and the page says so."""
    offer = shop.api.initiate(ContentTitle="Yesterday's news")
    window = browser.get(offer.BuyURL)
    installation.cluster.query("UPDATE purchase.transactions SET expires_at = now()"
                               " WHERE transaction_id = %s RETURNING 1", (offer.TransactionID,))
    for page in (browser.get(offer.BuyURL), browser.press(window, "buy")):
        assert page.url != offer.BuyURL and text(page, "//h1") == "Yesterday's news"
        assert "new offer" in text(page, "//*[@role='status']")
    assert user.sales() == []


def test_cancelled_purchase_can_be_taken_up_again(shop, browser, user):
    """B1, B8"""
    offer = shop.api.initiate()
    page = browser.press(browser.get(offer.BuyURL), "cancel")
    assert text(page, "//h1") == "Purchase cancelled"
    assert find(page, f"//main//a[@href='{shop.url}']")
    page = browser.get(offer.BuyURL)
    assert text(page, "//h1") == "Purchase cancelled" and "data-close-window" not in page.text
    page = browser.press(page, "again")
    assert page.url != offer.BuyURL and "too" not in text(page)
    assert arrival_of(browser.press(page, "buy"), browser.url).encrypted_user_id
    assert len(user.sales()) == 1


def test_bought_transaction_cannot_be_cancelled(shop, browser, user):
    """B1: the page leads on to what was bought."""
    offer = shop.api.initiate()
    page = browser.get(offer.BuyURL)
    browser.press(page, "buy")
    answer = browser.press(page, "cancel")
    assert answer.status_code == 409 and text(answer, "//h1") == "Already bought"
    link, = find(answer, "//main//a/@href")
    assert arrival_of(browser.get(link), browser.url).encrypted_user_id
    assert len(user.sales()) == 1


def test_content_is_listed_page_by_page(shop, browser, user):
    """U7: newest first."""
    for number in range(27):
        browser.buy(shop.api.initiate(ContentTitle=f"Item {number:02}", Price="0.01",
                                      ContentURL=f"{shop.url}items/{number}").BuyURL)
    first = browser.get("/content")
    assert "Item 26" in text(first) and "Item 02" in text(first) and "Item 01" not in text(first)
    older, = find(first, "//a[@rel='next']/@href")
    last = browser.get(older)
    assert "Item 01" in text(last) and "Item 02" not in text(last)
    newer, = find(last, "//a[@rel='prev']/@href")
    assert browser.get(newer).text.count("<li>") == first.text.count("<li>")
    assert not find(last, "//a[@rel='next']")


def test_content_of_others_does_not_open(shop, browser, installation, stranger, farthingd):
    """U7, V11"""
    browser.buy(shop.api.initiate().BuyURL)
    page = browser.get("/content")
    content, = find(page, "//form[starts-with(@action, '/content/')]/@action")
    other = Browser(farthingd.url)
    other.submit(other.get("/register"), {**NEW_USER, "login_name": "nosy"}, action="/register")
    token = find_form(page, content).fields["form_token"]
    answer = other.session.post(farthingd.url + content, data={"form_token": token}, timeout=30)
    assert answer.status_code == 403
    item = "/item/" + content.rpartition("/")[2]
    assert other.get(item).url.startswith(farthingd.url + "/buy/")
    assert arrival_of(browser.get(item), browser.url).encrypted_user_id
    assert stranger.get(item).url.startswith(farthingd.url + "/buy/")
    assert browser.get("/item/unknown").status_code == 404


def test_head_is_answered(shop, browser):
    for path in ("/", "/login", shop.api.initiate().BuyURL):
        answer = browser.session.head(requests.compat.urljoin(browser.url, path), timeout=30)
        assert (answer.status_code, answer.content) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 1000
