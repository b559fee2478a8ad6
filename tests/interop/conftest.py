# SPDX-License-Identifier: GPL-3.0-or-later
"""Each client in each version of SOAP that it speaks, with a vendor of its own."""

import uuid

import pytest

from interop import table
from interop.clients import CLIENTS, Conversation, missing_packages
from support.market import add_user, add_vendor
from support.web import Browser

SPEAKING = [(client, version) for client in CLIENTS for version in client.versions
            if not client.unable(version)]
ADDRESS = "1 Mill Road\nCambridge"


@pytest.fixture(scope="session", autouse=True)
def packages():
    missing = missing_packages()
    if missing:
        pytest.skip(f"deploy/check interop installs what lacks: {' '.join(missing)}")


@pytest.fixture(scope="session")
def results():
    return table.Results()


@pytest.fixture(scope="session", params=SPEAKING,
                ids=[f"{client.name}-{version}" for client, version in SPEAKING])
def client(request, installation, farthingd):
    kind, version = request.param
    vendor = add_vendor(installation, "http://localhost:9/")
    conversation = Conversation(kind, version, farthingd.url + "/soap/vendor/1", vendor)
    yield conversation
    conversation.end()


@pytest.fixture
def passes(request, results):
    """Says in the table what the test showed, when it comes to its end."""
    def say(column, result="yes"):
        results.add(*request.node.callspec.params["client"], column, result)
    return say


@pytest.fixture(scope="session")
def buyer(installation, farthingd):
    browser = Browser(farthingd.url)
    browser.log_in(add_user(installation, funds="1000.00", address=ADDRESS))
    return browser


@pytest.fixture
def item(client):
    """All that InitiateTransaction requires, for an item that was not sold before."""
    def describe(**parameters):
        return {"ContentTitle": "The news of today", "Price": "0.000025", "IsPost": True,
                "ContentURL": f"{client.vendor.home_url}items/{uuid.uuid4()}", **parameters}
    return describe


@pytest.fixture
def sell(client, buyer, item):
    """Offers an item by the client and buys it: (its parameters, transaction ID)."""
    def sold(**parameters):
        wanted = item(**parameters)
        offer = client.answer("InitiateTransaction", **wanted)
        buyer.buy(offer["BuyURL"])
        return wanted, offer["TransactionID"]
    return sold
