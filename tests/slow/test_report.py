# SPDX-License-Identifier: GPL-3.0-or-later
"""A statement of a million sales passes through the command without staying in it (O6)."""

import csv
import pathlib
import re
import subprocess

import pytest

from conftest import run_installation
from support.place import DEADLINE_S
from support.settlement import add_vendors, call

SALES = 1_000_000
LOOK_AT = (1000, 100_000, SALES, 19 * SALES // 10)  # lines; a sale has two, but for the cheapest
GROWTH_KB = 2048
BACKEND_KB = 256 * 1024


@pytest.fixture(scope="module")
def books():
    """A vendor that sold much and pays royalties; nobody paid for it: only statements are read here."""
    for installation in run_installation():
        vendor, = add_vendors(installation, 1)
        installation.query("SELECT royalty.set_schedule(%s, 'year', '{0,1000000}', '{50000,12345}', '{0,0}')",
                           (vendor,))
        installation.query("UPDATE royalty.schedules SET valid_from = '2020-01-01Z'")
        installation.query(
            "INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price, balance_after,"
            " currency, sold_at)"
            " SELECT (left(i.id, 24) || lpad(to_hex(n), 12, '0'))::uuid, 0, %s, gen_random_uuid(),"
            " 1 + n %% 999983, 0, 'EUR', now() - n * interval '1 millisecond'"
            " FROM (SELECT purchase.new_transaction_id()::text AS id) i, generate_series(1, %s) n",
            (vendor, SALES))
        call(installation, "royalty.roll_up_all()")
        installation.query("ANALYZE")
        installation.vendor = vendor
        yield installation


def micros(text):
    """Of an amount with six digits."""
    return int(text.replace(".", ""))


def status_kb(pid, field):
    """Of a process that runs: VmHWM, the most memory it ever had; RssAnon, what it has for itself."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.MULTILINE)[1])


def backend(books):
    return books.query("SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY%%'")[0][0]


def test_memory_does_not_grow_with_a_statement(books, capsys):
    process = subprocess.Popen(
        [*books.command(), "report", "vendor-statement", "--vendor", str(books.vendor)],
        stdout=subprocess.PIPE, text=True, encoding="utf-8")
    balance = count = 0
    command_kb, server_kb = [], []
    with process.stdout:
        for row in csv.DictReader(process.stdout):
            balance += micros(row["amount"])
            assert micros(row["balance"]) == balance
            count += 1
            if count in LOOK_AT:
                command_kb.append(status_kb(process.pid, "VmHWM"))
                server_kb.append(status_kb(backend(books), "RssAnon"))
    assert process.wait(timeout=DEADLINE_S) == 0
    royalties, payable = books.query(
        "SELECT count(*), (SELECT sum(price) FROM purchase.sales)::bigint - sum(royalty)::bigint"
        " FROM royalty.accruals WHERE royalty <> 0")[0]
    with capsys.disabled():
        print(f"\n# {count} lines; after {LOOK_AT} the command had {command_kb} kB, the server {server_kb} kB")
    assert (count, balance) == (SALES + royalties, payable)
    assert command_kb[-1] - command_kb[0] < GROWTH_KB
    assert max(server_kb) < BACKEND_KB
