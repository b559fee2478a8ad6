# SPDX-License-Identifier: GPL-3.0-or-later
"""
A page that sells one item and shows it to those who have bought it. With Debian's python3-zeep,
after exporting FARTHING_URL, SHOP_URL (this page's address, which you have registered, such as
http://localhost:8081/), VENDOR_ID and VENDOR_PASSWORD:

    PORT=8081 python3 shop.py
"""

import functools
import os
import sys
from html import escape
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import make_server

import requests
import zeep

TITLE = "Café <Noir> & other tales"
PRICE = "0.25"  # a text or a decimal.Decimal, never a float
CONTENT = "The rain had stopped, but nobody in the café had noticed."
SHOP_URL = os.environ["SHOP_URL"]


@functools.cache
def farthing():
    return zeep.Client(os.environ["FARTHING_URL"] + "/soap/vendor/1?wsdl",
                       transport=zeep.Transport(timeout=10, operation_timeout=10))


def call(operation, **parameters):
    return farthing().service[operation](
        VendorID=os.environ["VENDOR_ID"], VendorPassword=os.environ["VENDOR_PASSWORD"],
        ContentURL=SHOP_URL, **parameters)


def answer(path, query):
    """The page: its status, its HTML, and where to go instead."""
    if path != urlsplit(SHOP_URL).path:
        return "404 Not Found", "<p>There is nothing here.</p>", None
    if "EncryptedUserID" in query:
        access = call("Lock_Content", EncryptedUserID=query["EncryptedUserID"][0])
        if access.Authorized:
            return "200 OK", f"<p id='content'>{escape(CONTENT)}</p>", None
        if access.BuyURL:  # it renews the ID of a buyer and sells to others
            return "303 See Other", "", access.BuyURL
    offer = call("InitiateTransaction", ContentTitle=TITLE, Price=PRICE, IsPost=False,
                 NumberOfDaysToView=30)
    return "200 OK", f"<p>Yours for 30 days.</p><p>{offer.BuyHTML}</p>", None


def explain(error):
    """For the log: a fault's code, sentence and the ID to tell the provider."""
    if not isinstance(error, zeep.exceptions.Fault) or error.detail is None:
        return str(error)
    return " ".join(error.detail.itertext()).strip()


def shop(environ, start_response):
    try:
        status, html, target = answer(
            environ["PATH_INFO"], parse_qs(environ["QUERY_STRING"], keep_blank_values=True))
    except (zeep.exceptions.Error, requests.RequestException) as error:
        print(explain(error), file=sys.stderr, flush=True)
        status, target = "503 Service Unavailable", None
        html = ("<p id='problem'>This cannot be sold just now. You have not been charged; "
                "please come back later.</p>")
    start_response(status, [
        ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
        # The address may hold the encrypted user ID.
        ("Referrer-Policy", "no-referrer"), *([("Location", target)] if target else [])])
    title = escape(TITLE)
    return [f"<!DOCTYPE html><html lang='en'><title>{title}</title><h1>{title}</h1>{html}</html>".encode()]


make_server("localhost", int(os.environ["PORT"]), shop).serve_forever()
