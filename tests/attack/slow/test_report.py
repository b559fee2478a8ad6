# SPDX-License-Identifier: GPL-3.0-or-later
"""A statement of a million sales passes through the command without staying in it (O6)."""

import csv
import os
import pathlib
import subprocess

import pytest

from conftest import run_installation
from support.settlement import add_vendors, call

SALES = 1_000_000
GROWTH_KB = 4096
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


def run(books, read, *arguments):
    """What read() makes of the rows, and the most memory that the command had, in kB."""
    process = subprocess.Popen([*books.command(), "report", *arguments], stdout=subprocess.PIPE,
                               text=True, encoding="utf-8")
    with process.stdout:
        result = read(csv.DictReader(process.stdout))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return result, usage.ru_maxrss


def backend_kb(books):
    """What the server's process has for itself while it answers."""
    pid, = books.query("SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY%%'")[0]
    fields = dict(line.split(":") for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["RssAnon"].split()[0])


def test_memory_does_not_grow_with_a_statement(books, capsys):
    _, least_kb = run(books, list, "tokens-sold")

    def read(rows):
        balance = count = kb = 0
        for row in rows:
            balance += micros(row["amount"])
            assert micros(row["balance"]) == balance
            count += 1
            if count == SALES:
                kb = backend_kb(books)
        return count, balance, kb

    (count, balance, server_kb), most_kb = run(books, read, "vendor-statement", "--vendor", str(books.vendor))
    royalties, payable = books.query(
        "SELECT count(*), (SELECT sum(price) FROM purchase.sales)::bigint - sum(royalty)::bigint"
        " FROM royalty.accruals WHERE royalty <> 0")[0]
    with capsys.disabled():
        print(f"\n# {count} lines: {most_kb} kB, of a short report {least_kb} kB; server {server_kb} kB")
    assert (count, balance) == (SALES + royalties, payable)
    assert most_kb - least_kb < GROWTH_KB
    assert server_kb < BACKEND_KB
