# SPDX-License-Identifier: GPL-3.0-or-later
"""The sealing keys, as several daemons on one database use them."""

import pytest

from conftest import run_installation
from support.api import VendorApi
from support.market import add_user, add_vendor
from support.web import Browser


@pytest.fixture(scope="module")
def installation():
    """Of its own: its keys grow old."""
    yield from run_installation()


def age_keys(installation):
    """A day and an hour pass."""
    installation.cluster.query(
        "UPDATE key.keys SET created_at = created_at - interval '25 hours'")


def buy_at(daemon, vendor, user):
    """The encrypted user ID that the browser brings to the vendor."""
    browser = Browser(daemon.url)
    browser.log_in(user)
    return browser.buy(VendorApi(daemon.url, vendor).initiate().BuyURL).encrypted_user_id


def reason_at(daemon, vendor, encrypted_user_id):
    return VendorApi(daemon.url, vendor).lock(encrypted_user_id, vendor.home_url + "items/1").Reason


def test_keys_rotate(installation, start_farthingd):
    """S1: a key opens for one period more; every daemon learns the others' keys."""
    vendor = add_vendor(installation, "http://localhost:9/")
    user = add_user(installation)
    first = start_farthingd()
    old = buy_at(first, vendor, user)
    age_keys(installation)
    second = start_farthingd()
    new = buy_at(second, vendor, user)
    assert reason_at(second, vendor, old) == "OK"
    assert reason_at(first, vendor, new) == "OK"
    age_keys(installation)
    third = start_farthingd()
    assert reason_at(third, vendor, new) == "OK"
    assert reason_at(third, vendor, old) == "ID_INVALID"
