# SPDX-License-Identifier: GPL-3.0-or-later
"""Every link and form of the pages followed, by a stranger and by a user (S2, B1-B3, U1, U5)."""

import collections
import itertools
import re
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib
import lxml.html
import pytest
import requests

from support.api import VendorApi
from support.market import add_user, add_vendor
from support.web import Browser

HOME = "http://localhost:9/"
LANGUAGES = {"en", "de"}
ID = r"[0-9a-f-]{36}"
PAGES_MAX = 1000  # a crawl that comes so far goes in circles
POLICY = {"default-src": "'none'", "style-src": "'self'", "script-src": "'self'", "img-src": "'self'",
          "frame-ancestors": "'none'", "base-uri": "'none'"}
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
# What a user who fills in nothing gets beside 200: refused, forbidden, too late, not valid.
FORM_STATUSES = {200, 402, 403, 404, 409, 422}


class Crawl:
    """Breadth first. Forms are sent as they are, once for each of their buttons."""

    def __init__(self, url, session, vendor_url):
        self.url, self.session, self.vendor_url = url, session, vendor_url
        self.queue = collections.deque()
        self.given, self.known = set(), set()
        self.seen = collections.Counter()  # {path without IDs: answers}
        self.left = []                     # vendors' addresses that pages or redirects led to

    def run(self, paths):
        self.given = set(re.findall(ID, " ".join(paths)))
        for path in paths:
            self.add("GET", self.url + path if path.startswith("/") else path)
        while self.queue:
            self.visit(*self.queue.popleft())
            assert sum(self.seen.values()) < PAGES_MAX, self.seen
        return self

    def add(self, method, url, data=(), where="the beginning"):
        url = urldefrag(url).url
        # A token differs each time, and a cancelled offer can be made anew for ever.
        key = (method, self.known_url(url), tuple(
            (name, self.known_url(value)) for name, value in data if name != "form_token"))
        if key not in self.known:
            self.known.add(key)
            self.queue.append((method, url, data, where))

    def known_url(self, text):
        return re.sub(ID, lambda found: found[0] if found[0] in self.given else "another", text)

    def visit(self, method, url, data, where):
        assert url.startswith(self.url + "/"), f"{url} of {where}"
        answer = self.session.request(method, url, data=data, allow_redirects=False, timeout=30)
        about = f"{method} {url} of {where}: {answer.status_code}"
        self.seen[re.sub(ID, "…", urlsplit(url).path)] += 1
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, f"{about}: {name}"
        check_cookies(answer, about)
        if answer.status_code == 303:
            self.leave_or_add(urljoin(url, answer.headers["Location"]), about)
        else:
            allowed = FORM_STATUSES if method == "POST" else {200}
            assert answer.status_code in allowed, f"{about}: {answer.text[:1000]}"
            if answer.headers["Content-Type"].startswith("text/html"):
                check_page(answer, about)
                self.read(answer, about)
            else:
                assert url.startswith(self.url + "/static/"), about

    def leave_or_add(self, url, about):
        if url.startswith(self.vendor_url):
            self.left.append(url)
        else:
            self.add("GET", url, where=about)

    def read(self, answer, about):
        page = lxml.html.fromstring(answer.content, base_url=answer.url)
        for url in page.xpath("//link/@href | //script/@src | //img/@src"):
            self.add("GET", urljoin(answer.url, url), where=about)
        for url in page.xpath("//a/@href"):
            if url.startswith("#"):
                assert page.get_element_by_id(url[1:]) is not None, f"{about}: {url}"
            elif url != "mailto:support@localhost":
                self.leave_or_add(urljoin(answer.url, url), about)
        for refresh in page.xpath("//meta[@http-equiv='refresh']/@content"):
            self.leave_or_add(urljoin(answer.url, refresh.partition("url=")[2]), about)
        for form in page.forms:
            self.read_form(answer, form, about)

    def read_form(self, answer, form, about):
        action = urljoin(answer.url, form.action)
        assert form.method == "POST", about
        if action.startswith(self.vendor_url):  # the return to a vendor: nobody's token belongs there
            assert "form_token" not in form.fields, about
            self.left.append(action)
            return
        assert form.fields["form_token"], f"{about}: a form without token"
        buttons = [(button.get("name"), button.get("value") or "")
                   for button in form.xpath(".//button") if button.get("name")]
        for button in buttons or [None]:
            if urlsplit(action).path != "/logout":  # that is for the end
                self.add("POST", action, (*form.form_values(), *([button] if button else [])), about)


def check_cookies(answer, about):
    for cookie in answer.raw.headers.getlist("Set-Cookie"):
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), f"{about}: {cookie}"


def check_page(answer, about):
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8", about
    assert answer.headers["Cache-Control"] == "no-store", about
    policy = dict(rule.strip().split(" ", 1)
                  for rule in answer.headers["Content-Security-Policy"].split(";"))
    assert POLICY.items() <= policy.items() and "unsafe" not in str(policy), about
    assert set(policy["form-action"].split()) <= {"'self'", HOME.rstrip("/")}, about
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(answer.content.decode())
    assert [(where, html5lib.constants.E[code] % values)
            for where, code, values in parser.errors] == [], about
    elements = list(document.iter())
    assert document.get("lang") in LANGUAGES, about
    assert document.findtext("head/title").strip(" ·"), about
    for element in elements:
        wrong = [name for name in element.attrib if name.startswith("on") or name == "style"]
        assert wrong == [] and element.tag not in ("style", "iframe", "object", "embed", "base"), about
        assert element.tag != "script" or (element.get("src") and not element.text), about
        assert not any(value.strip().lower().startswith("javascript:")
                       for value in element.attrib.values()), about
    for group in document.iterfind(".//dl//dt/.."):
        assert group.find("dd") is not None, f"{about}: a term without description"
    names = [element.get("id") for element in elements if element.get("id")]
    assert len(names) == len(set(names)), f"{about}: an id twice"
    used = {name for element in elements for attribute in REFERENCES
            for name in element.get(attribute, "").split()}
    assert used <= set(names), f"{about}: {used - set(names)} is not there"


@pytest.fixture(scope="module")
def market(installation, farthingd):
    """What there is to buy: every kind of offer, of a vendor in earnest and of a sandbox."""
    numbers = itertools.count()

    def offers():
        number = next(numbers)
        for vendor, api in vendors:
            url = f"{vendor.home_url}items/{number}"
            yield api.initiate(ContentURL=url, ShortDescription="A & <b>", NumberOfDaysToView=3)
            yield api.initiate(ContentURL=url + "/posted", IsPost=True, NumberOfTimesToView=2)
            yield api.initiate(ContentURL=url + "/dear", Price="900000")
            yield api.checkout(f"order-{number}-{vendor.vendor_id}")

    vendors = [(vendor, VendorApi(farthingd.url, vendor)) for vendor in (
        add_vendor(installation, HOME), add_vendor(installation, HOME, currency="XTS"))]
    for _, api in vendors:
        api.issue("0.10")
    return lambda: [urlsplit(offer.BuyURL).path for offer in offers()]


def of_transaction(paths):
    """The other pages that are about a transaction."""
    names = [path.rpartition("/")[2] for path in paths]
    return [f"/{page}?transaction={name}" for name in names for page in ("login", "register")]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_stranger(farthingd, market, language):
    """Comes as far as login and registration, and may cancel."""
    paths = market()
    browser = Browser(farthingd.url, language)
    crawl = Crawl(farthingd.url, browser.session, HOME).run(["/", *paths, *of_transaction(paths)])
    assert {"/", "/login", "/register", "/buy/…", "/static/farthing.css"} <= plain(crawl)
    assert crawl.left and not crawl.seen["/account"] > crawl.seen["/login"]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_user(farthingd, installation, market, language):
    """Buys, is refused, cancels, returns to what was bought; and after the logout is nobody."""
    user = add_user(installation, funds="7.50", address="1 Mill Lane")
    browser = Browser(farthingd.url, language)
    browser.log_in(user)
    paths = market()
    crawl = Crawl(farthingd.url, browser.session, HOME).run(["/", "/login", "/register", *paths])
    assert {"/", "/account", "/content", "/buy/…", "/login", "/register"} <= plain(crawl)
    assert any(path.startswith("/content/") for path in crawl.seen), crawl.seen
    assert crawl.left and user.sales()
    browser.submit(browser.get("/account"), action="/logout")
    assert browser.get("/account").url.startswith(farthingd.url + "/login")


def plain(crawl):
    """The names of static files change with what is in them."""
    return {re.sub(r"^(/static/\w+)[-.\w]*(\.\w+)$", r"\1\2", path) for path in crawl.seen}


@pytest.mark.parametrize("path", ["/nowhere", "/buy/x", "/item/x", "/login?transaction=x", "/static/x",
                                  "/buy/" + "0" * 8 + "-0000-7000-8000-" + "0" * 12])
def test_missing_page(farthingd, path):
    answer = requests.get(farthingd.url + path, timeout=30)
    assert answer.status_code == 404
    if answer.headers["Content-Type"].startswith("text/html"):
        check_page(answer, path)
