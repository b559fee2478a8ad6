# SPDX-License-Identifier: GPL-3.0-or-later
"""
A vendor's site: it sells items by InitiateTransaction and delivers them after Lock_Content, as
the vendor API's description tells a vendor to. It remembers with what browsers came.
"""

import dataclasses
import html
import http.server
import threading
from urllib.parse import parse_qsl, urlsplit

from support.api import VendorApi
from support.market import add_vendor


@dataclasses.dataclass
class Visit:
    method: str
    path: str
    fields: dict
    headers: dict


class VendorSite:
    """Items are offered with the parameters of offer(), or with defaults when first asked for."""

    def __init__(self, installation, farthingd, name="Morning Post", currency="EUR"):
        self.visits = []
        self.offers = {}
        self._lock = threading.Lock()
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.url = f"http://localhost:{self._http.server_port}/"
        self.vendor = add_vendor(installation, self.url, name, currency=currency)
        self.api = VendorApi(farthingd.url, self.vendor)
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def offer(self, path, **parameters):
        """Returns the item's URL."""
        self.offers[path] = {"ContentTitle": f"Item {path}", "ContentURL": self.url + path,
                             "VendorContentID": f"id of {path}", **parameters}
        return self.url + path

    def initiate(self, path):
        with self._lock:
            return self.api.initiate(**self.offers[path])

    def arrivals(self):
        """The visits of browsers that came from a purchase."""
        return [visit for visit in self.visits if "EncryptedUserID" in visit.fields]

    def answer(self, visit):
        """The page of an item."""
        path = visit.path.lstrip("/")
        if path not in self.offers:
            return 404, "<p>Nothing here.</p>"
        encrypted_user_id = visit.fields.get("EncryptedUserID")
        if encrypted_user_id is None:
            return 200, self._for_sale(path)
        with self._lock:
            access = self.api.lock(encrypted_user_id, self.url + path)
        if access.Authorized:
            return 200, "<h1 id='delivered'>Delivered</h1><p>All of it.</p>"
        link = html.escape(access.BuyURL or self.url + path)
        return 200, f"<h1 id='refused'>{access.Reason}</h1><a id='buy' href='{link}'>Buy it</a>"

    def _for_sale(self, path):
        offer = self.initiate(path)
        return (f"<h1 id='teaser'>For sale</h1><div id='ready'>{offer.BuyHTML}</div>"
                f"<a id='buy' href='{html.escape(offer.BuyURL)}'>Buy</a>")


def _handler_of(site):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(parse_qsl(body, keep_blank_values=True))

        def _answer(self, fields):
            visit = Visit(self.command, urlsplit(self.path).path, dict(fields), dict(self.headers))
            site.visits.append(visit)
            status, body = site.answer(visit)
            page = f"<!DOCTYPE html><html lang='en'><title>Shop</title>{body}</html>".encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *arguments):
            pass

    return Handler
