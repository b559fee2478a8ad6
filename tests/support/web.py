# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser without a screen: cookies, links and forms over HTTP."""

import dataclasses
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html
import requests


@dataclasses.dataclass
class Arrival:
    """With what the browser would come to the vendor's site."""
    method: str
    url: str
    fields: dict

    @property
    def encrypted_user_id(self):
        return self.fields["EncryptedUserID"]


class Browser:
    def __init__(self, url, language=None):
        self.url = url
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = language or "en"

    def get(self, path):
        return self._follow(self.session.get(
            urljoin(self.url, path), allow_redirects=False, timeout=30))

    def submit(self, page, fields=None, action=None):
        """Sends the page's form whose action contains action, with fields filled in."""
        form = find_form(page, action)
        data = {**{name: value for name, value in form.form_values()}, **(fields or {})}
        return self._follow(self.session.post(
            urljoin(page.url, form.action or ""), data=data, allow_redirects=False, timeout=30))

    def _follow(self, response):
        """Follows redirects as long as they stay with the payment provider."""
        while response.status_code == 303:
            target = urljoin(response.url, response.headers["Location"])
            if not target.startswith(self.url + "/"):
                break
            response = self.session.get(target, allow_redirects=False, timeout=30)
        return response

    def log_in(self, user, page=None):
        page = self.get("/login") if page is None else page
        return self.submit(page, {"login_name": user.login_name, "password": user.password},
                           action="/login")

    def buy(self, buy_url):
        """Opens the buy window and presses Buy, or comes straight to the content."""
        page = self.get(buy_url)
        arrival = arrival_of(page, self.url)
        return arrival or arrival_of(self.press(page, "buy"), self.url)

    def press(self, page, action):
        return self.submit(page, {"action": action}, action="/buy/")


def find_form(page, action=None):
    forms = lxml.html.fromstring(page.content).forms
    chosen = [form for form in forms if action is None or action in (form.action or "")]
    assert chosen, f"{page.status_code} {page.url}: no form for {action}: {page.text[:2000]}"
    return chosen[0]


def arrival_of(page, own_url):
    """None while the browser is still with the payment provider."""
    if page.status_code == 303:
        return arrival_by_get(page.headers["Location"])
    if page.status_code != 200:
        return None
    document = lxml.html.fromstring(page.content)
    for form in document.forms:
        if form.action and not urljoin(page.url, form.action).startswith(own_url + "/"):
            return Arrival("POST", form.action, dict(form.form_values()))
    refresh = document.xpath("//meta[@http-equiv='refresh']/@content")
    return arrival_by_get(refresh[0].split("url=", 1)[1]) if refresh else None


def arrival_by_get(url):
    return Arrival("GET", url, dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)))
