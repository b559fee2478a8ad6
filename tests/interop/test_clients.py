# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever SOAP client a vendor has, it can sell (V13, V14). The results are a table for vendors."""

import json
import uuid

import lxml.html
import pytest

from interop.reading import is_true, moment
from support.place import wait_until

EXPIRY = "2031-12-31T23:00:00Z"


def test_it_sells_and_locks(client, passes, buyer, item):
    """V1, V13: offers an item, and delivers it to the browser that bought it."""
    wanted = item(VendorContentID="song-7", NumberOfTimesToView=2,
                  AbsoluteExpTime=EXPIRY, ShortDescription="Sung by themselves.",
                  OptionalData="side=B")
    offer = client.answer("InitiateTransaction", **wanted)
    assert offer["BuyURL"].endswith("/buy/" + offer["TransactionID"])
    assert offer["BuyURL"] in offer["BuyHTML"]
    passes("`InitiateTransaction`")

    url = wanted["ContentURL"]
    refused = client.answer("Lock_Content", EncryptedUserID="", ContentURL=url)
    assert not is_true(refused["Authorized"])
    assert refused["Reason"] == "ID_INVALID"

    arrival = buyer.buy(offer["BuyURL"])
    assert arrival.method == "POST"
    access = client.answer("Lock_Content", EncryptedUserID=arrival.encrypted_user_id,
                           ContentURL=url, RequestID=str(uuid.uuid4()))
    assert is_true(access["Authorized"]), access
    assert access["Reason"] == "OK"
    assert access["TransactionID"] == offer["TransactionID"]
    assert access["VendorContentID"] == "song-7"
    assert access["OptionalData"] == "side=B"
    assert int(access["ViewsLeft"]) == 1
    assert moment(access["ExpiresAt"]) == moment(EXPIRY)
    passes("`Lock_Content`")


def test_a_fault_says_what_and_where(client, passes, farthingd, item):
    """V14: the code for the program, the sentence for the log, the ID for the provider."""
    fault = client.fault("InitiateTransaction",
                         **item(ContentURL="http://elsewhere.example/"))
    assert fault["Code"] == "URL_NOT_REGISTERED"
    assert "registered" in fault["Message"]
    assert not is_true(fault["Retry"])
    status = request_of(farthingd, fault["CorrelationID"])["status"]
    assert status == {"1.1": 500, "1.2": 400}[client.version], "that was the other SOAP"
    passes("typed fault")


def request_of(farthingd, correlation_id):
    """What the provider finds in the log by the ID that the vendor tells."""
    def lines():  # each is written when the answer has gone
        return [line for line in farthingd.log().splitlines(keepends=True)
                if correlation_id in line and line.endswith("\n")]
    line, = wait_until(lines, f"the log has {correlation_id}")
    return json.loads(line)


def test_absent_empty_and_null_are_the_same(client, passes, item):
    """
    V1: a repeated RequestID with other parameters would be a conflict; with the same it gives the
    same transaction.
    """
    wanted = item(RequestID=str(uuid.uuid4()))
    texts = ("VendorContentID", "ShortDescription", "OptionalData", "IncentiveIDs")
    absent = client.answer("InitiateTransaction", **wanted)
    for nothing in ("", None):
        again = client.answer("InitiateTransaction", **wanted, **dict.fromkeys(texts, nothing))
        assert again["TransactionID"] == absent["TransactionID"], repr(nothing)
    passes("absent, empty, null")


@pytest.mark.parametrize("column, text, song", [
    ("ä, 字, `&`", "Fünf Lieder: 字 & <b>\"mehr\"</b>", "ä字"), ("emoji", "Lied 🎵", "🎵")],
    ids=["basic plane", "emoji"])
def test_texts_arrive_as_they_were(client, passes, buyer, item, column, text, song):
    """V1: beyond ASCII, and what XML and URLs hold special."""
    texts = dict.fromkeys(("ContentTitle", "VendorContentID", "ShortDescription", "OptionalData"), text)
    wanted = item(IsPost=False, **texts)
    wanted["ContentURL"] += f"?song={song}&take=2&amp=%26"
    if column in client.limits:
        assert client.fault("InitiateTransaction", **wanted)["Code"] == "INVALID_PARAMETER"
        passes(column, client.limits[column])
        return
    offer = client.answer("InitiateTransaction", **wanted)
    window = lxml.html.fromstring(buyer.get(offer["BuyURL"]).content)
    assert text in window.text_content()
    arrival = buyer.buy(offer["BuyURL"])
    assert arrival.fields == {
        "song": song, "take": "2", "amp": "&", "ContentID": text, "OptionalData": text,
        "EncryptedUserID": arrival.encrypted_user_id}
    access = client.answer("Lock_Content", EncryptedUserID=arrival.encrypted_user_id,
                           ContentURL=wanted["ContentURL"])
    assert is_true(access["Authorized"]), access
    assert access["VendorContentID"] == access["OptionalData"] == text
    passes(column)
