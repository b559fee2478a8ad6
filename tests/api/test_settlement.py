# SPDX-License-Identifier: GPL-3.0-or-later
"""farthing settle and payout, as a DBA and a treasurer type them (O6, O7, O8, O11)."""

import contextlib
import datetime
import os
import pty
import subprocess

import pytest

from support.api import VendorApi
from support.market import add_vendor
from support.place import DEADLINE_S
from support.settlement import (IBAN, add_vendors, agree, call, check_settlements, sell, settled)

NOW = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def settlements_add_up(installation):
    yield
    check_settlements(installation)


def refusal(installation, *arguments):
    done = subprocess.run([*installation.command(), *arguments], text=True, timeout=DEADLINE_S,
                          capture_output=True, check=False)
    assert done.returncode == 1, done.stdout
    return done.stderr


def rows(text):
    return [line.split() for line in text.splitlines()]


def test_a_vendor_is_paid(installation, farthingd):
    """O6, V14: from the terms to the check, and what the vendor sees of it."""
    vendor = add_vendor(installation, "http://shop.example/")
    number = int(vendor.vendor_id)
    installation.operate("settle", "terms", "--vendor", vendor.vendor_id, "--threshold=2.50",
                         "--method=check", "--address=Way 1, Town", "--creditor=Post Ltd")
    account = VendorApi(farthingd.url, vendor).call("GetAccount", {}).Account
    assert account.SettlementThreshold == 2.5 and account.NextSettlementDate is None
    sell(installation, [number], 2_499_999)
    assert rows(installation.operate("settle", "vendors", "--vendor", vendor.vendor_id))[0][-2:] == [
        "below", "threshold"]
    sales = sell(installation, [number], 10_001)
    dry = installation.operate("settle", "vendors", "--vendor", vendor.vendor_id, "--dry-run")
    assert "2.51 EUR  paid by amount" in dry and settled(installation, [number]) == {number: []}
    said = installation.operate("settle", "vendors", "--vendor", vendor.vendor_id)
    assert settled(installation, [number]) == {number: [2_510_000]}
    settlement_id = rows(said)[0][-1]

    sheet = rows(installation.operate("settle", "show", settlement_id))
    assert sheet[0] == ["vendor", vendor.vendor_id, "Morning", "Post"]
    assert ["sales", "2", "2.51", "EUR"] in sheet and ["paid", "-2.51", "EUR"] in sheet
    facts = rows(installation.operate("settle", "show", settlement_id, "--line=sales"))
    assert len(facts) == 2 and facts[1][0] == str(sales[0]) and facts[1][2:] == ["0.010001", "EUR"]

    listed = VendorApi(farthingd.url, vendor).call(
        "ListSettlements", {"Since": datetime.datetime.now(datetime.timezone.utc) - NOW,
                            "Until": datetime.datetime.now(datetime.timezone.utc) + NOW})
    record, = listed.Settlements.Settlement
    assert (record.SettlementID, float(record.SettledAmount)) == (settlement_id, 2.51)

    payout, = rows(installation.operate("payout", "list", "--settlement", settlement_id))
    assert payout[1:5] == ["due", "check", "2.51", "EUR"] and payout[-5:] == ["Post", "Ltd", "Way", "1,", "Town"]
    assert installation.operate("payout", "paid", payout[0], "--reference=check 17") == ""
    assert installation.operate("payout", "paid", payout[0]) == "it was so already"
    assert "check 17" in installation.operate("payout", "list", "--state=paid")
    installation.operate("payout", "return", payout[0], "--reason=not cashed")
    assert "came back" in refusal(installation, "payout", "paid", payout[0])
    installation.operate("settle", "vendors", "--vendor", vendor.vendor_id)
    assert settled(installation, [number]) == {number: [2_510_000, 2_510_000]}


def test_many_vendors_in_slices(installation):
    """O6: the table says what became of whom, and running again pays nobody."""
    vendors = add_vendors(installation, 25)
    agree(installation, vendors)
    sell(installation, vendors[:20], 1_500_000)
    first = rows(installation.operate("settle", "vendors", "--slice=7"))
    assert ["paid", "20", "30.00", "EUR"] in first
    assert settled(installation, vendors) == {
        vendor: [1_500_000] if vendor in vendors[:20] else [] for vendor in vendors}
    assert not any(line[0] == "paid" for line in rows(installation.operate("settle", "vendors")))


def test_the_day_to_settle_as_of_decides(installation):
    """O6, O11: what was sold before that day is paid, if that day is one of the calendar."""
    today = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    noon = datetime.timedelta(hours=12)
    yesterday, day_before, last_week = (today - datetime.timedelta(days=days) for days in (1, 2, 7))
    vendor, = add_vendors(installation, 1)
    agree(installation, [vendor], calendar="weekly", calendar_day=today.isoweekday())
    for sold_at, price in [(day_before - noon, 1_500_000), (day_before + noon, 2_500_000),
                           (yesterday + noon, 3_500_000)]:
        sell(installation, [vendor], price, sold_at)

    def settle(day):
        return installation.operate("settle", "vendors", "--vendor", str(vendor),
                                    f"--as-of={day.date()}")

    assert f"1.50 EUR  paid by time of {last_week.date()}" in settle(day_before)
    assert "2.50 EUR  not due" in settle(yesterday), "only what was sold by then, and it waits for its day"
    assert f"6.00 EUR  paid by time of {today.date()}" in settle(today)
    assert "not yet" in settle(yesterday), "it was passed"
    assert settled(installation, [vendor]) == {vendor: [1_500_000, 6_000_000]}


def test_procedures_tell_what_they_did(installation):
    """O11"""
    vendors = add_vendors(installation, 2)
    agree(installation, vendors)
    sell(installation, vendors, 1_234_567)
    said = call(installation, f"settlement.settle_vendors(in_vendor_id => {vendors[0]}, in_dry_run => true)")
    assert said == [f"{vendors[0]} Vendor 1 would be paid 1.23 EUR", "1 looked at, 1 would be paid", "1.23 EUR"]
    said = call(installation, f"settlement.settle_vendors(in_vendor_id => {vendors[0]})")
    assert said == ["1 looked at, 1 paid", "1.23 EUR"]
    call(installation, f"settlement.settle_vendors(in_vendor_id => {vendors[1]})")


def test_a_disputed_sale_is_held(installation):
    """O6, 255"""
    vendor, = add_vendors(installation, 1)
    agree(installation, [vendor])
    sale, = sell(installation, [vendor], 1_500_000)
    run = "settle", "vendors", "--vendor", str(vendor)
    installation.operate("settle", "hold", sale, "--reason=not delivered")
    assert "held" in installation.operate(*run)
    installation.operate("settle", "release", sale)
    assert "not held" in refusal(installation, "settle", "release", sale)
    assert "paid by amount" in installation.operate(*run)


def test_an_owner_is_paid(installation):
    """O7: what a vendor withheld is collected, then paid."""
    vendor, = add_vendors(installation, 1)
    owner = f"author of {vendor}"
    installation.query("SELECT royalty.register_owner(%s, 'Ann Author')", (owner,))
    installation.query("SELECT royalty.set_owners(%s, 'http://shop.example/', 'http://shop.example', '/',"
                       " ARRAY[%s], ARRAY[250000], ARRAY[NULL::bigint])", (vendor, owner))
    installation.operate("settle", "terms", "--owner", owner, "--currency=EUR", "--threshold=1",
                         "--iban", IBAN)
    sell(installation, [vendor], 6_000_000)
    call(installation, "royalty.collect_all()")
    said = installation.operate("settle", "owners", "--owner", owner)
    assert "1.50 EUR  paid by amount" in said
    sheet = rows(installation.operate("settle", "show", rows(said)[0][-1]))
    assert ["collections", "1", "1.50", "EUR"] in sheet
    assert "nothing" in installation.operate("settle", "owners", "--owner", owner)


@pytest.mark.parametrize("arguments, said", [
    (["vendors", "--vendor=999999"], "vendor not found"),
    (["vendors", "--vendor=x"], "--vendor must be a number"),
    (["vendors", "--slice=0"], "--slice must be a number"),
    (["vendors", "--share=0"], "--share must be a number"),
    (["vendors", "--share=101"], "--share must be from 1 to 100"),
    (["vendors", "--as-of=2026-02-30"], "--as-of must be a day"),
    (["vendors", "--as-of=2999-01-01"], "day to settle as of must be one that has begun"),
    (["owners", "--owner=nobody"], "owner not found"),
    (["show", "nothing"], "settlement not found"),
    (["hold", "nothing"], "transaction not found"),
    (["terms", "--threshold=1"], "either --vendor or --owner"),
    (["terms", "--threshold=1", "--vendor=999999", "--method=check"], "vendor not found"),
    (["terms", "--threshold=x", "--vendor=1"], "--threshold must be an amount"),
    (["terms", "--threshold=1", "--owner=nobody", "--method=check", "--currency=EUR"],
     "owner not found")])
def test_what_is_wrong_is_named(installation, arguments, said):
    assert said in refusal(installation, "settle", *arguments)


def test_terms_that_are_wrong_are_named(installation):
    vendor, = add_vendors(installation, 1)
    terms = "settle", "terms", "--vendor", str(vendor), "--threshold=1"
    assert "creditor IBAN" in refusal(installation, *terms)
    assert "calendar day" in refusal(installation, *terms, "--method=check", "--calendar=weekly")
    assert "no terms" in refusal(installation, "settle", "vendors", "--vendor", str(vendor))
    assert "payout not found" in refusal(installation, "payout", "paid", "nothing")


def read_terminal(master):
    """What is written to a terminal until nobody has it open any more."""
    text = b""
    with contextlib.suppress(OSError):  # as Linux tells that end
        while piece := os.read(master, 4096):
            text += piece
    os.close(master)
    return text.decode()


def test_progress_on_a_terminal(installation):
    """A bar where somebody looks, nothing where it is piped."""
    vendors = add_vendors(installation, 3)
    agree(installation, vendors)
    master, slave = pty.openpty()
    command = [*installation.command(), "settle", "vendors", "--slice=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave) as settling:
        os.close(slave)
        bar = read_terminal(master)
        said, _ = settling.communicate(timeout=DEADLINE_S)
    assert settling.returncode == 0
    assert "100 %" in bar and "#" * 40 in bar and b"#" not in said
    piped = subprocess.run(command, capture_output=True, timeout=DEADLINE_S, check=True)
    assert piped.stderr == b"" and b"%" not in piped.stdout
