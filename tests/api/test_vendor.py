# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call the vendor API, and for which URLs."""

import dataclasses

import pytest

from support.api import VendorApi, code_of
from support.market import add_vendor


@pytest.fixture(params=["1.1", "1.2"])
def api(request, installation, farthingd):
    """Of a vendor that a test may change."""
    vendor = add_vendor(installation, "http://localhost:9/")
    return VendorApi(farthingd.url, vendor, request.param)


def as_vendor(api, **changes):
    return VendorApi(api.client.wsdl.location.split("/soap")[0],
                     dataclasses.replace(api.vendor, **changes), api.version)


@pytest.mark.parametrize("changes", [
    {"password": "wrong"}, {"vendor_id": "999999"}, {"vendor_id": "nobody"}, {"vendor_id": "-1"},
    {"vendor_id": "99999999999999999999"}, {"vendor_id": "1001 OR 1=1"},
], ids=str)
def test_stranger_is_refused(api, changes):
    """V2: one code for an unknown vendor and for a wrong password, in both operations."""
    stranger = as_vendor(api, **changes)
    assert code_of(stranger.initiate) == "AUTHENTICATION_FAILED"
    assert code_of(stranger.lock, "x", api.vendor.home_url) == "AUTHENTICATION_FAILED"


def test_changed_password_holds_at_once(api):
    """V2, V14: the daemon remembers passwords, yet the old one is refused with the next call."""
    assert code_of(api.initiate) == "OK"
    old = as_vendor(api, password=api.vendor.password)
    assert code_of(old.lock, "x", api.vendor.home_url) == "OK"
    api.vendor.change_password("another good secret")
    assert code_of(old.initiate) == "AUTHENTICATION_FAILED"
    assert code_of(old.lock, "x", api.vendor.home_url) == "AUTHENTICATION_FAILED"
    assert code_of(api.initiate) == "OK"
    assert code_of(api.lock, "x", api.vendor.home_url) == "OK"


def test_disabled_vendor(api):
    """V2: at once, and back again."""
    assert code_of(api.initiate) == "OK"
    api.vendor.disable()
    assert code_of(api.initiate) == "VENDOR_DISABLED"
    assert code_of(api.lock, "x", api.vendor.home_url) == "VENDOR_DISABLED"
    api.vendor.enable()
    assert code_of(api.initiate) == "OK"


@pytest.mark.parametrize("url, code", [
    ("http://shop.example:8080/music/song", "OK"),
    ("http://SHOP.Example:8080/music/song?id=1", "OK"),
    ("http://shop.example:8080/music/", "OK"),
    ("https://books.example/x", "OK"),
    ("https://books.example:443/x", "OK"),
    ("http://shop.example:8080/musical", "URL_NOT_REGISTERED"),
    ("http://shop.example:8080/Music/song", "URL_NOT_REGISTERED"),
    ("http://shop.example:8080/music/../private", "URL_NOT_REGISTERED"),
    ("http://shop.example:8080/", "URL_NOT_REGISTERED"),
    ("http://shop.example/music/song", "URL_NOT_REGISTERED"),
    ("https://shop.example:8080/music/song", "URL_NOT_REGISTERED"),
    ("http://evil.example/?http://shop.example:8080/music/", "URL_NOT_REGISTERED"),
    ("http://shop.example.evil.example:8080/music/", "URL_NOT_REGISTERED"),
    ("http://books.example/x", "URL_NOT_REGISTERED"),
    ("http://shop.example:8080@evil.example/music/", "INVALID_PARAMETER"),
    ("http://shop.example:8080/music/%2e%2e/private", "INVALID_PARAMETER"),
    ("http://shop.example:8080\\@evil.example/music/", "INVALID_PARAMETER"),
])
def test_content_lies_under_a_registered_url(farthingd, installation, url, code):
    """V2: URL_NOT_REGISTERED"""
    vendor = add_vendor(installation, "http://shop.example:8080/",
                        urls=["http://shop.example:8080/music/", "https://books.example/"])
    assert code_of(VendorApi(farthingd.url, vendor).initiate, ContentURL=url) == code


def test_guessing_is_slowed_down(start_farthingd, open_shop):
    """A vendor's password cannot be tried without end."""
    daemon = start_farthingd(security={"login_attempts": 3})
    api = open_shop(daemon).api
    codes = [code_of(as_vendor(api, password=f"guess {n}").initiate) for n in range(5)]
    assert codes == ["AUTHENTICATION_FAILED"] * 3 + ["RATE_LIMITED"] * 2


def test_guessing_behind_a_proxy_is_slowed_down_for_the_guesser(start_farthingd, open_shop):
    """V2: by the address that the proxy tells, so that nobody else is locked out."""
    daemon = start_farthingd(http={"trusted_proxy": "127.0.0.1"}, security={"login_attempts": 3})
    api = open_shop(daemon).api

    def code(forwarded_for, password):
        client = as_vendor(api, password=password)
        client.transport.session.headers["X-Forwarded-For"] = forwarded_for
        return code_of(client.initiate)

    guesses = [code(f"198.51.100.{n}, 192.0.2.7", f"guess {n}") for n in range(5)]
    assert guesses == ["AUTHENTICATION_FAILED"] * 3 + ["RATE_LIMITED"] * 2
    assert code("192.0.2.8", api.vendor.password) == "OK"
    assert code("192.0.2.7, 192.0.2.9", api.vendor.password) == "OK"


def test_busy_site_learns_of_its_new_password(start_farthingd, open_shop):
    """V2: calls that repeat the old password are no guesses, so the new one is not locked out."""
    daemon = start_farthingd(security={"login_attempts": 2})
    api = open_shop(daemon).api
    old = as_vendor(api, password=api.vendor.password)
    assert code_of(old.initiate) == "OK"
    api.vendor.change_password("another good secret")
    assert [code_of(old.initiate) for _ in range(5)] == ["AUTHENTICATION_FAILED"] * 5
    assert code_of(as_vendor(api, password="another good secret").initiate) == "OK"
    api.vendor.change_password(old.vendor.password)
    assert code_of(old.initiate) == "OK"
