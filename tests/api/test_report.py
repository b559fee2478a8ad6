# SPDX-License-Identifier: GPL-3.0-or-later
"""farthing report: CSV that anybody's reader reads, and whose sums are the ledger's (O4, O6, O7, O10)."""

import csv
import datetime
import io
import re
import subprocess
from decimal import Decimal

import pytest

from support.market import add_vendor
from support.place import DEADLINE_S
from support.settlement import agree, call

EVIL = '=HYPERLINK("http://evil.example";"a, b")'
HARMLESS = 'He said "no", ünï; 5 = 5'


def run(installation, *arguments, conninfo=None):
    login = ["--conninfo", conninfo] if conninfo else []
    return subprocess.run([*installation.command(), "report", *arguments, *login],
                          timeout=DEADLINE_S, capture_output=True, check=False)


def report(installation, *arguments, **options):
    """The rows, as dictionaries."""
    done = run(installation, *arguments, **options)
    assert done.returncode == 0, done.stderr
    return rows_of(done.stdout)


def rows_of(output):
    return list(csv.DictReader(io.StringIO(output.decode("utf-8"), newline=""), strict=True))


def payable(installation, account, holder):
    return installation.query(
        "SELECT coalesce(sum(amount), 0) * 0.000001 FROM ledger.all_postings"
        " WHERE account = %s AND holder = %s", (account, holder))[0][0]


def check_running(rows):
    """Each balance is the one before and the amount; all have six digits, each time a zone."""
    balance = Decimal(0)
    for row in rows:
        balance += Decimal(row["amount"])
        assert Decimal(row["balance"]) == balance
        assert all(re.fullmatch(r"-?\d+\.\d{6}", row[name]) for name in ("amount", "balance"))
        assert datetime.datetime.fromisoformat(row["booked_at"].replace("Z", "+00:00")).tzinfo
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", row["booked_at"])
        datetime.date.fromisoformat(row["day"])
    return balance


@pytest.fixture
def sold(installation, shop, browser):
    """A vendor that pays royalties to the provider and a singer: sales, a refund, a settlement."""
    number = int(shop.vendor.vendor_id)
    installation.query("SELECT royalty.set_schedule(%s, 'month', '{0,400000}', '{100000,33333}', '{0,1}')",
                       (number,))
    shop.api.call("SetContentOwners", {"ContentURL": shop.url, "Owners": {"Owner": [
        {"OwnerID": f"=singer of {number}", "Share": "0.1"}]}})
    for title, price in ((EVIL, "0.333333"), (HARMLESS, "0.50"), ("Plain", "0.25")):
        offer = shop.api.initiate(ContentTitle=title, ContentURL=shop.url + price, Price=price)
        assert browser.buy(offer.BuyURL)
    shop.api.call("RefundTransaction", {"TransactionID": offer.TransactionID, "Reason": "-1+1"})
    call(installation, "royalty.roll_up_all()")
    call(installation, "royalty.collect_all()")
    agree(installation, [number], 100_000)
    installation.operate("settle", "vendors", "--vendor", shop.vendor.vendor_id)
    return shop


def test_vendor_statement(installation, sold):
    """O6: every sale, royalty, refund and settlement in order; it ends at what the vendor is due."""
    number = sold.vendor.vendor_id
    rows = report(installation, "vendor-statement", "--vendor", number)
    assert check_running(rows) == payable(installation, "vendor_payable", int(number))
    kinds = [row["kind"] for row in rows]
    assert kinds == ["sale", "royalty", "content_royalty"] * 3 + [
        "refund", "royalty", "content_royalty", "settlement"]
    assert {row["currency"] for row in rows} == {"EUR"}
    assert [row["description"] for row in rows if row["kind"] == "sale"] == [
        "'" + EVIL, HARMLESS, "Plain"]
    refund = rows[kinds.index("refund")]
    assert refund["description"] == "'-1+1" and refund["amount"] == "-0.250000"
    assert refund["subject_id"] == rows[6]["entry_id"]


def test_days_of_a_statement(installation, sold):
    """--from and --until cut lines out of it and leave the balance as it was."""
    number = sold.vendor.vendor_id
    today = datetime.datetime.now(datetime.timezone.utc).date()
    tomorrow = today + datetime.timedelta(days=1)
    rows = report(installation, "vendor-statement", "--vendor", number)
    installation.query("UPDATE purchase.sales SET sold_at = sold_at - interval '2 days'"
                       " WHERE transaction_id = %s", (rows[0]["entry_id"],))
    try:
        new = report(installation, "vendor-statement", "--vendor", number, f"--from={today}",
                     f"--until={tomorrow}")
        old = report(installation, "vendor-statement", "--vendor", number, f"--until={today}")
    finally:
        installation.query("UPDATE purchase.sales SET sold_at = sold_at + interval '2 days'"
                           " WHERE transaction_id = %s", (rows[0]["entry_id"],))
    assert [row["balance"] for row in old] == [row["balance"] for row in rows[:3]]
    assert new == rows[3:]
    assert report(installation, "vendor-statement", "--vendor", number, f"--from={tomorrow}") == []


def test_owner_statement(installation, sold):
    """O7: what a content owner was credited, from whom; the end is what it is due."""
    owner = f"=singer of {sold.vendor.vendor_id}"
    rows = report(installation, "owner-statement", "--owner", owner)
    owner_number, = installation.query(
        "SELECT owner_number FROM royalty.owners WHERE owner_id = %s", (owner,))[0]
    assert check_running(rows) == payable(installation, "owner_payable", owner_number) > 0
    assert {(row["kind"], row["vendor_id"]) for row in rows} == {
        ("collection", sold.vendor.vendor_id)}


def test_settlement_line_by_line(installation, sold):
    number = int(sold.vendor.vendor_id)
    (settlement, amount, closing), = installation.query(
        "SELECT settlement_id, amount * 0.000001, closing * 0.000001 FROM settlement.settlements"
        " JOIN settlement.payees USING (payee_id) WHERE vendor_id = %s", (number,))
    rows = report(installation, "settlement", settlement)
    assert (rows[0]["kind"], rows[0]["amount"], rows[0]["booked_at"]) == ("opening", "0.000000", "")
    assert [int(row["line"]) for row in rows] == list(range(1, len(rows) + 1))
    assert (rows[-1]["kind"], Decimal(rows[-1]["amount"])) == ("settlement", -amount)
    assert sum(Decimal(row["amount"]) for row in rows) == closing == Decimal(rows[-1]["balance"])
    sales = [row for row in rows if row["kind"] == "sales"]
    assert [row["description"] for row in sales] == ["'" + EVIL, HARMLESS, "Plain"]


def test_tokens_sold(installation, sold):
    """O10: every day's deposits and bonuses make the total of the ledger."""
    rows = report(installation, "tokens-sold")
    sums = {}
    for row in rows:
        key = row["currency"], row["kind"]
        amount, entries = sums.get(key, (Decimal(0), 0))
        sums[key] = amount + Decimal(row["amount"]), entries + int(row["entries"])
    assert sums == {(currency, kind): (amount, entries) for currency, kind, amount, entries in
                    installation.query("SELECT currency, kind, amount * 0.000001, entries"
                                       " FROM ledger.tokens_sold")}
    assert {row["method"] for row in rows} >= {"cash"}
    assert report(installation, "tokens-sold", "--until=2020-01-01") == []


def test_royalties(installation, sold):
    """O4: volume, tier, what was charged, given back and kept; and the rate that comes of it."""
    number = sold.vendor.vendor_id
    row, = report(installation, "royalties", "--vendor", number)
    kept, = installation.query("SELECT sum(royalty) * 0.000001 FROM royalty.accruals"
                               " WHERE vendor_id = %s", (int(number),))[0]
    assert (row["sales"], row["volume"], row["tier_from"], row["tier_rate"]) == (
        "3", "1.083333", "0.400000", "0.033333")
    assert Decimal(row["kept"]) == kept == Decimal(row["royalty"]) - Decimal(row["given_back"])
    assert Decimal(row["effective_rate"]) == round(Decimal(row["royalty"]) / Decimal(row["volume"]), 6)
    total = sum(Decimal(row["kept"]) for row in report(installation, "royalties"))
    assert total == payable(installation, "royalty_income", 0)


def test_a_file_is_whole_or_not_there(installation, sold, tmp_path):
    arguments = "vendor-statement", "--vendor", sold.vendor.vendor_id
    path = tmp_path / "statement.csv"
    path.write_text("an older one")
    assert run(installation, *arguments, f"--output={path}").stdout == b""
    assert path.read_bytes() == run(installation, *arguments).stdout
    assert path.stat().st_mode & 0o077 == 0
    before = path.read_bytes()
    assert run(installation, "settlement", "no such", f"--output={path}").returncode == 1
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    for place in (tmp_path, tmp_path / "no/such/folder", "/dev/full"):
        done = run(installation, *arguments, f"--output={place}")
        assert done.returncode == 1 and f"{place} cannot be written" in done.stderr.decode()
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*installation.command(), "report", *arguments], stdout=full,
                              stderr=subprocess.PIPE, timeout=DEADLINE_S, check=False)
    assert done.returncode == 1 and b"the report cannot be written" in done.stderr


@pytest.mark.parametrize("arguments, status, said", [
    (["vendor-statement", "--vendor=99999"], 1, "vendor not found"),
    (["vendor-statement", "--vendor=x"], 1, "--vendor must be a number"),
    (["vendor-statement"], 2, "this option must be given: vendor"),
    (["vendor-statement", "--vendor=99999", "--from=2026-02-30"], 1, "--from must be a day"),
    (["owner-statement", "--owner=nobody at all"], 1, "owner not found"),
    (["royalties", "--vendor=99999"], 1, "vendor not found"),
    (["settlement", "12"], 1, "settlement not found"),
    (["settlement", "00000000-0000-7000-8000-000000000001"], 1, "settlement not found"),
])
def test_what_is_not_there(installation, arguments, status, said):
    done = run(installation, *arguments)
    assert (done.returncode, done.stdout) == (status, b"")
    assert said in done.stderr.decode()


def test_an_auditor_reads_them(installation, sold):
    """O11: the same rows as for the DBA."""
    auditor = installation.cluster.conninfo_as("farthing_auditor", installation.database)
    settlement, = installation.query("SELECT max(settlement_id::text) FROM settlement.settlements")[0]
    for arguments in (["vendor-statement", "--vendor", sold.vendor.vendor_id],
                      ["owner-statement", "--owner", f"=singer of {sold.vendor.vendor_id}"],
                      ["settlement", settlement], ["tokens-sold"], ["royalties"]):
        rows = report(installation, *arguments, conninfo=auditor)
        assert rows == report(installation, *arguments) != []


def test_a_vendor_without_a_sale(installation):
    vendor = add_vendor(installation, "http://quiet.example/")
    assert report(installation, "vendor-statement", "--vendor", vendor.vendor_id) == []
