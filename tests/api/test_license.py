# SPDX-License-Identifier: GPL-3.0-or-later
"""Lock_Content: who may open what was bought."""

import datetime
import secrets

import pytest
import zeep.exceptions

from support.api import VendorApi, fault_of
from support.place import wait_until


@pytest.fixture
def buy(api, browser):
    """buy(parameters of the offer): buys it; what the browser brings to the shop."""
    def purchase(**parameters):
        return browser.buy(api.initiate(**parameters).BuyURL)
    return purchase


def url_of(api, path="items/1"):
    return api.vendor.home_url + path


def refused(api, code, *arguments, **parameters):
    with pytest.raises(zeep.exceptions.Fault) as error:
        api.lock(*arguments, **parameters)
    fault = fault_of(error.value)
    assert fault["Code"] == code, fault
    return fault


def test_buyer_is_authorised(api, buy):
    """V6: without limits on its use, a licence has neither views nor an end."""
    access = api.lock(buy().encrypted_user_id, url_of(api))
    assert (access.Authorized, access.Reason) == (True, "OK")
    assert access.Message and access.TransactionID
    assert (access.ViewsLeft, access.ExpiresAt, access.BuyURL) == (None, None, None)


def test_each_view_counts(api, buy):
    """V6, V8"""
    token = buy(NumberOfTimesToView=3).encrypted_user_id
    answers = [api.lock(token, url_of(api)) for _ in range(5)]
    assert [answer.Authorized for answer in answers] == [True, True, True, False, False]
    assert [answer.ViewsLeft for answer in answers[:3]] == [2, 1, 0]
    assert [answer.Reason for answer in answers[3:]] == ["VIEWS_EXHAUSTED"] * 2
    assert answers[3].BuyURL.startswith(api.service._binding_options["address"][:16])


def test_repeated_request_id_uses_no_other_view(api, buy):
    """V6: a call whose answer was lost can be repeated."""
    token = buy(NumberOfTimesToView=2).encrypted_user_id
    first, second = secrets.token_hex(8), secrets.token_hex(8)
    lefts = [api.lock(token, url_of(api), RequestID=request_id).ViewsLeft
             for request_id in (first, first, second, second, first)]
    assert lefts == [1, 1, 0, 0, 1]


def test_request_id_of_another_question(api, buy):
    token = buy(NumberOfTimesToView=2).encrypted_user_id
    request_id = secrets.token_hex(8)
    api.lock(token, url_of(api), RequestID=request_id)
    refused(api, "IDEMPOTENCY_CONFLICT", token, url_of(api, "items/2"), RequestID=request_id)


def test_licence_ends_at_an_absolute_time(api, buy):
    """V8: LICENSE_EXPIRED"""
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    token = buy(AbsoluteExpTime=end).encrypted_user_id
    assert api.lock(token, url_of(api)).Authorized
    answer = wait_until(lambda: not_authorised(api.lock(token, url_of(api))), "the licence ends")
    assert answer.Reason == "LICENSE_EXPIRED"
    assert answer.BuyURL
    assert datetime.datetime.now(datetime.timezone.utc) >= end


def not_authorised(answer):
    return None if answer.Authorized else answer


def test_days_and_hours_add_up(api, buy):
    """V8"""
    before = datetime.datetime.now(datetime.timezone.utc)
    token = buy(NumberOfDaysToView=2, NumberOfHoursToView=3).encrypted_user_id
    lifetime = api.lock(token, url_of(api)).ExpiresAt - before
    assert datetime.timedelta(0) <= lifetime - datetime.timedelta(hours=51) \
        < datetime.timedelta(minutes=1)


def test_used_up_licence_can_be_bought_anew(api, buy, user):
    """V11: the refusal leads to a purchase, which is charged."""
    token = buy(NumberOfTimesToView=1).encrypted_user_id
    assert api.lock(token, url_of(api)).ViewsLeft == 0
    assert api.lock(token, url_of(api)).Reason == "VIEWS_EXHAUSTED"
    token = buy(NumberOfTimesToView=1).encrypted_user_id
    assert api.lock(token, url_of(api)).Authorized
    assert len(user.sales()) == 2


def test_item_that_was_not_bought(api, buy):
    """V6: NOT_PURCHASED, with the way to buy it if it is for sale."""
    token = buy().encrypted_user_id
    never_offered = api.lock(token, url_of(api, "items/none"))
    assert (never_offered.Reason, never_offered.BuyURL) == ("NOT_PURCHASED", None)
    api.initiate(ContentURL=url_of(api, "items/2"))
    offered = api.lock(token, url_of(api, "items/2"))
    assert offered.Reason == "NOT_PURCHASED"
    assert "/item/" in offered.BuyURL


def test_buy_url_of_a_refusal_sells_the_item(api, buy, browser, user):
    """V11"""
    token = buy().encrypted_user_id
    api.initiate(ContentURL=url_of(api, "items/2"), Price="0.10")
    arrival = browser.buy(api.lock(token, url_of(api, "items/2")).BuyURL)
    assert api.lock(arrival.encrypted_user_id, url_of(api, "items/2")).Authorized
    assert user.balance() == 5_000_000 - 250_000 - 100_000


def test_disabled_account(api, buy, user):
    """U10: ACCOUNT_DISABLED"""
    token = buy().encrypted_user_id
    user.disable()
    assert api.lock(token, url_of(api)).Reason == "ACCOUNT_DISABLED"
    user.enable()
    assert api.lock(token, url_of(api)).Authorized


def test_encrypted_user_id_grows_old(start_farthingd, open_shop, browser):
    """V6, V11, S1: ID_EXPIRED; the buyer comes back with a renewed one and pays nothing."""
    daemon = start_farthingd(security={"encrypted_user_id_s": 5})
    shop = open_shop(daemon)
    browser.url = daemon.url
    arrival = browser.buy(shop.api.initiate().BuyURL)
    url = shop.url + "items/1"
    answer = wait_until(
        lambda: not_authorised(shop.api.lock(arrival.encrypted_user_id, url)), "the ID is old")
    assert answer.Reason == "ID_EXPIRED"
    renewed = browser.buy(answer.BuyURL)
    assert renewed.encrypted_user_id != arrival.encrypted_user_id


@pytest.mark.parametrize("spoil", [
    lambda token: "", lambda token: "A" * len(token), lambda token: token[:-1],
    lambda token: token + "A", lambda token: "B" + token[1:], lambda token: "ü" * 40,
    lambda token: token * 200,
    lambda token: token[:20] + ("A" if token[20] != "A" else "B") + token[21:],
], ids=["empty", "zeros", "cut", "longer", "key", "not-base64", "huge", "altered"])
def test_spoilt_encrypted_user_id(api, buy, spoil):
    """S1: ID_INVALID is an answer, not a fault."""
    token = buy().encrypted_user_id
    answer = api.lock(spoil(token), url_of(api))
    assert (answer.Authorized, answer.Reason) == (False, "ID_INVALID")


def test_encrypted_user_ids_do_not_cross_vendors(farthingd, open_shop, browser):
    """S1: one vendor's ID opens nothing at another, and nothing in it is the same."""
    shops = [open_shop(), open_shop()]
    tokens = [browser.buy(shop.api.initiate().BuyURL).encrypted_user_id for shop in shops]
    assert tokens[0][8:] != tokens[1][8:]
    assert not set(chunks(tokens[0])) & set(chunks(tokens[1]))
    for shop, foreign in zip(shops, reversed(tokens)):
        assert shop.api.lock(foreign, shop.url + "items/1").Reason == "ID_INVALID"
    for shop, own in zip(shops, tokens):
        assert shop.api.lock(own, shop.url + "items/1").Authorized


def chunks(token, size=8):
    """Every stretch of a token behind the number of its key."""
    return [token[begin:begin + size] for begin in range(6, len(token) - size)]


def test_encrypted_user_id_differs_each_time(buy):
    """S1"""
    assert buy().encrypted_user_id != buy().encrypted_user_id


@pytest.mark.parametrize("name", ["VendorID", "VendorPassword", "EncryptedUserID", "ContentURL"])
def test_required_parameter_absent(api, name):
    """V6: the fault names it."""
    assert name in refused(api, "INVALID_PARAMETER", "x", url_of(api), raw={name: None})["Message"]


@pytest.mark.parametrize("name, text", [
    ("VendorID", ""), ("VendorID", "7" * 65), ("VendorPassword", ""), ("VendorPassword", "p" * 129),
    ("ContentURL", ""), ("ContentURL", "items/1"), ("ContentURL", "ftp://localhost/"),
    ("ContentURL", "http://localhost/" + "x" * 2048), ("RequestID", "r" * 65),
], ids=lambda value: value[:24])
def test_wrong_value(api, name, text):
    """V6: refused, and the fault names the parameter."""
    fault = refused(api, "INVALID_PARAMETER", "x", url_of(api), RequestID="1", raw={name: text})
    assert name in fault["Message"]


def test_other_vendor_learns_nothing(farthingd, open_shop, browser):
    """S2: the content of one vendor is not known to another, not even that it exists."""
    seller, other = open_shop(), open_shop()
    token = browser.buy(seller.api.initiate().BuyURL).encrypted_user_id
    answer = VendorApi(farthingd.url, other.vendor).lock(token, seller.url + "items/1")
    assert (answer.Reason, answer.BuyURL, answer.TransactionID) == ("ID_INVALID", None, None)
