# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages, forms, cookies and tokens in the hands of others (S2, B2, B3, B6)."""

import itertools
from urllib.parse import urlsplit

import lxml.html
import pytest
import requests

from attack.test_values import HTML, SQL
from attack.wire import HEALTH, exchange
from support.api import VendorApi
from support.market import add_user, add_vendor
from support.web import Browser, arrival_of, find_form

HOST = "Host: localhost\r\n"
NOBODY = {"password": "a good long secret", "password_again": "a good long secret",
          "full_name": "Zoe", "email": "zoe@example.org", "answer": "Rex"}


@pytest.fixture
def stranger(farthingd):
    return Browser(farthingd.url)


def shows(page, text):
    """As text, in the page's content or in a field's value, and never as markup."""
    document = lxml.html.fromstring(page.content)
    assert not document.xpath("//img[@src='x'] | //script[contains(., 'alert')] | //*[@onerror]")
    texts = [document.text_content(), *document.xpath("//@value")]
    assert "<script>alert" not in page.text
    return any(text in shown for shown in texts)


# --- every text that a page shows ---

@pytest.fixture(scope="module")
def marked(installation, farthingd):
    """A vendor, a user and an offer whose every text is a program."""
    vendor = add_vendor(installation, "http://localhost:9/", name=HTML[:60])
    user = add_user(installation)
    installation.query("UPDATE account.users SET full_name = %s WHERE user_id = %s RETURNING 1",
                       (HTML, user.user_id))
    api = VendorApi(farthingd.url, vendor)
    numbers = itertools.count()
    return user, lambda **more: api.initiate(
        ContentTitle=HTML, ShortDescription=HTML, OptionalData=HTML, VendorContentID=HTML,
        ContentURL=f"http://localhost:9/'\"<script>alert({next(numbers)})</script>", **more)


def test_buy_window_shows_texts(marked, farthingd):
    user, offer = marked
    browser = Browser(farthingd.url)
    for path in (offer().BuyURL, "/login?transaction=" + offer().TransactionID,
                 "/register?transaction=" + offer().TransactionID):
        assert shows(browser.get(path), HTML)


def test_bought_texts_are_shown(marked, farthingd):
    """On the page that leads back, the account's and the list of content."""
    user, offer = marked
    browser = Browser(farthingd.url)
    browser.log_in(user)
    sale = offer(IsPost=True)
    page = browser.press(browser.get(sale.BuyURL), "buy")
    assert shows(page, HTML)
    assert arrival_of(page, farthingd.url).fields["OptionalData"] == HTML
    assert shows(browser.get("/account"), HTML) and shows(browser.get("/content"), HTML)


def test_cancelled_and_refused_texts_are_shown(marked, farthingd):
    user, offer = marked
    browser = Browser(farthingd.url)
    browser.log_in(user)
    page = browser.press(browser.get(offer(Price="900000").BuyURL), "buy")
    assert shows(page, HTML)
    assert shows(browser.press(browser.get(offer().BuyURL), "cancel"), HTML)


def test_buy_html_is_escaped(marked):
    user, offer = marked
    fragment = lxml.html.fragments_fromstring(offer().BuyHTML)
    assert len(fragment) == 1 and fragment[0].tag == "a" and len(fragment[0]) == 0
    assert set(fragment[0].keys()) <= {"class", "href", "title", "onclick", "target"}


@pytest.mark.parametrize("field", ["login_name", "full_name", "email", "address"])
def test_register_shows_what_was_typed(stranger, field):
    page = stranger.submit(stranger.get("/register"), action="/register", fields={
        **NOBODY, "login_name": "x", "password_again": "differs", field: HTML})
    assert page.status_code == 422 and shows(page, HTML)


@pytest.mark.parametrize("field", ["login_name", "minutes", "next", "form_token", "transaction"])
def test_login_repeats_no_markup(stranger, field):
    page = stranger.submit(stranger.get("/login"), action="/login", fields={
        "login_name": "x", "password": "y", field: HTML})
    assert page.status_code in (403, 404, 422)
    shows(page, "")


@pytest.mark.parametrize("path", [
    "/login?lang=%s", "/login?next=%s", "/login?transaction=%s", "/buy/%s", "/item/%s",
    "/content/%s", "/register?transaction=%s", "/static/%s", "/%s", "/?%s", "/content?from=%s"])
def test_address_is_not_repeated_as_markup(stranger, path):
    page = stranger.get(path % requests.utils.quote(HTML, safe=""))
    assert page.status_code in (200, 404, 405)
    shows(page, "")


# --- SQL ---

@pytest.mark.parametrize("text", SQL[:5])
@pytest.mark.parametrize("path, status", [
    ("/buy/%s", 404), ("/item/%s", 404), ("/login?transaction=%s", 404),
    ("/register?transaction=%s", 404), ("/login?next=%s", 200), ("/content?from=%s", 200)])
def test_sql_in_addresses(stranger, path, status, text):
    assert stranger.get(path % requests.utils.quote(text, safe="")).status_code == status


@pytest.mark.parametrize("text", SQL[:5])
@pytest.mark.parametrize("field", ["login_name", "password", "minutes", "transaction"])
def test_sql_in_login(stranger, user, field, text):
    fields = {"login_name": user.login_name, "password": user.password, field: text}
    page = stranger.submit(stranger.get("/login"), fields, action="/login")
    assert page.status_code == {"minutes": 422, "transaction": 404}.get(field, 403) \
        or (field == "minutes" and text[:1].isdigit())


# --- headers and redirects ---

@pytest.mark.parametrize("path", [
    "/login?lang=de%0d%0aSet-Cookie:%20evil=1", "/buy/%0d%0aSet-Cookie:%20evil=1",
    "/item/x%0d%0aLocation:%20http://evil.example/", "/login?next=%0d%0aEvil:%201",
    "/%0d%0aEvil:%201", "/static/farthing.css?v=%0d%0aEvil:%201"])
def test_no_header_is_injected(farthingd, path):
    (_, headers, _), = exchange(farthingd.port, f"GET {path} HTTP/1.1\r\n{HOST}"
                                                f"Connection: close\r\n\r\n")
    assert "evil" not in " ".join(headers).lower() and "evil" not in headers.get("set-cookie", "")
    assert "evil.example" not in headers.get("location", "")


@pytest.mark.parametrize("field", ["action", "form_token", "transaction", "login_name"])
def test_no_header_is_injected_by_a_form(stranger, field):
    page = stranger.submit(stranger.get("/login"), action="/login", fields={
        "login_name": "x", "password": "y", field: "a\r\nSet-Cookie: evil=1"})
    assert "evil" not in str(page.headers) and "evil" not in stranger.session.cookies


@pytest.mark.parametrize("target", [
    "http://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example",
    "javascript:alert(1)", "content@evil.example", "content/../../evil", "\tcontent"])
@pytest.mark.parametrize("name", ["next", "transaction", "return", "url"])
def test_login_leads_to_no_other_site(stranger, user, name, target):
    page = stranger.submit(stranger.get("/login"), action="/login", fields={
        "login_name": user.login_name, "password": user.password, name: target})
    assert page.url.startswith(stranger.url + "/") and page.status_code in (200, 404)
    assert "evil" not in page.headers.get("Location", "")


@pytest.mark.parametrize("host", ["evil.example", "localhost:1@evil.example", "evil.example\t"])
def test_links_do_not_follow_the_host_header(farthingd, host):
    """Nor what a proxy's headers would say."""
    (status, headers, body), _ = exchange(
        farthingd.port, f"GET /account HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: {host}\r\n"
                        f"X-Forwarded-Proto: https\r\nForwarded: host=evil.example\r\n\r\n", HEALTH)
    assert status == 303 and headers["location"] == "/login" and b"evil" not in body


@pytest.mark.parametrize("path", [
    "../pages/buy.xsl", "..%2fpages%2fbuy.xsl", "%2e%2e/pages/buy.xsl", "....//pages/buy.xsl",
    "..\\pages\\buy.xsl", "/etc/passwd", "..%252fpages%252fbuy.xsl", "..%c0%afpages/buy.xsl",
    "farthing.css/", "farthing.css%00.js", "Farthing.css", "farthing.css/../../pages/buy.xsl", ""])
def test_no_other_file_is_served(farthingd, path):
    (status, _, body), _ = exchange(farthingd.port, f"GET /static/{path} HTTP/1.1\r\n{HOST}\r\n",
                                    HEALTH)
    assert status == 404 and b"xsl" not in body and b"root:" not in body


# --- cookies and tokens ---

def altered(token):
    """Each a token that was never given out."""
    middle = len(token) // 2
    yield token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1:]
    yield token[:-1]
    yield token + "A"
    yield token[::-1]
    yield "A" * len(token)
    yield "B" + token[1:]
    yield "_____" + token[5:]
    yield token.swapcase()
    yield token + "="
    yield ""
    yield "A" * 4000


@pytest.mark.parametrize("way", range(11))
def test_altered_login(farthingd, browser, way):
    """B3: leads to the login page, as none would."""
    token = list(altered(browser.session.cookies["farthing_login"]))[way]
    answer = requests.get(farthingd.url + "/account", timeout=30, allow_redirects=False,
                          headers={"Cookie": f"farthing_login={token}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


@pytest.mark.parametrize("way", range(11))
def test_altered_form_token(vendor, api, browser, user, way):
    """B2: nothing is bought."""
    offer = api.initiate()
    page = browser.get(offer.BuyURL)
    token = list(altered(find_form(page, "/buy/").fields["form_token"]))[way]
    answer = browser.submit(page, {"action": "buy", "form_token": token}, action="/buy/")
    assert answer.status_code == 403 and user.sales() == []


@pytest.mark.parametrize("way", range(11))
def test_altered_user_id(shop, browser, way):
    """V6, S1: of a user who has paid."""
    arrival = browser.buy(shop.api.initiate().BuyURL)
    token = list(altered(arrival.encrypted_user_id))[way] or "-"
    assert shop.api.lock(token, shop.url + "items/1").Reason == "ID_INVALID"


def test_form_tokens_belong_to_form_and_visit(api, farthingd, browser, user):
    """B2: one of another form, of another visit, without the visit's cookie, or none."""
    offer, other = api.initiate(), api.initiate()
    mine = find_form(browser.get(offer.BuyURL), "/buy/").fields["form_token"]
    second = Browser(farthingd.url)
    second.log_in(user)
    foreign = find_form(second.get(offer.BuyURL), "/buy/").fields["form_token"]
    cookies = dict(browser.session.cookies)
    visit = cookies.pop("farthing_visit")
    for transaction, token, sent in [
            (other, mine, {**cookies, "farthing_visit": visit}),
            (offer, foreign, {**cookies, "farthing_visit": visit}),
            (offer, mine, cookies), (offer, None, {**cookies, "farthing_visit": visit}),
            (offer, mine, {**cookies, "farthing_visit": "A" * 22})]:
        data = {"action": "buy", **({"form_token": token} if token else {})}
        answer = requests.post(transaction.BuyURL, data=data, cookies=sent, timeout=30,
                               allow_redirects=False)
        assert answer.status_code == 403
    assert user.sales() == []


def test_nothing_is_replayed_after_logout(api, farthingd, browser, user):
    """B3: neither the cookie nor a form that was open before."""
    offer = api.initiate()
    page = browser.get(offer.BuyURL)
    form = dict(find_form(page, "/buy/").form_values())
    cookies = dict(browser.session.cookies)
    browser.submit(browser.get("/account"), action="/logout")
    answer = requests.get(farthingd.url + "/account", cookies=cookies, timeout=30,
                          allow_redirects=False)
    assert answer.status_code == 303 and answer.headers["Location"] == "/login"
    answer = requests.post(offer.BuyURL, data={**form, "action": "buy"}, cookies=cookies,
                           timeout=30, allow_redirects=False)
    assert answer.status_code == 303 and urlsplit(answer.headers["Location"]).path == "/login"
    assert user.sales() == []


def test_cookie_of_another_user_opens_only_that_user(installation, farthingd, browser, user):
    """Two logins at once are two users."""
    other = add_user(installation, funds=None)
    second = Browser(farthingd.url)
    second.log_in(other)
    cookies = {**browser.session.cookies,
               "farthing_login": second.session.cookies["farthing_login"]}
    page = requests.get(farthingd.url + "/account", cookies=cookies, timeout=30)
    assert "5.00" not in page.text
    first, twice = browser.session.cookies["farthing_login"], second.session.cookies["farthing_login"]
    page = requests.get(farthingd.url + "/account", timeout=30, headers={
        "Cookie": f"farthing_login={first}; farthing_login={twice}"})
    assert page.status_code == 200
