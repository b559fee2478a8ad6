# SPDX-License-Identifier: GPL-3.0-or-later
"""A settlement day, by the commands of the DBA's manual as they stand there (O6, O7, O11)."""

import csv

import pytest

from conftest import run_installation
from support import manual
from support.settlement import IBAN, add_vendors, agree, check_settlements, sell, settled


@pytest.fixture(scope="module")
def installation():
    """One of its own, whose audits find nothing of other tests."""
    yield from run_installation()


@pytest.fixture
def vendors(installation):
    """Two who sold yesterday; of the first's sales a singer is due a tenth, the provider a twentieth."""
    numbers = add_vendors(installation, 2)
    agree(installation, numbers)
    installation.query("SELECT royalty.set_schedule(%s, 'month', '{0}', '{50000}', '{0}')", numbers[:1])
    installation.query("SELECT royalty.set_owners(%s, 'http://shop.example/', 'http://shop.example', '/',"
                       " '{singer}', '{100000}', '{NULL}')", numbers[:1])
    installation.query("SELECT royalty.register_owner('singer', 'Singer'),"
                       " settlement.set_owner_terms('singer', 'EUR', 100000, 'any_day',"
                       " in_creditor_iban => %s)", (IBAN,))
    installation.query("UPDATE royalty.schedules SET valid_from = '2020-01-01Z'")
    installation.query("UPDATE royalty.owner_lists SET valid_from = '2020-01-01Z'")
    sell(installation, numbers, 2_000_000, "yesterday")
    return numbers


def paid_to_owners(installation):
    return [amount for (amount,) in installation.query(
        "SELECT amount::bigint FROM settlement.settlements JOIN settlement.payees USING (payee_id)"
        " WHERE owner_number IS NOT NULL ORDER BY settlement_id")]


def test_a_settlement_day(installation, vendors):
    look, pay = manual.commands("A settlement day")
    said = manual.run(look, installation)
    assert "0 findings" in said and "would be paid" in said
    assert settled(installation, vendors) == {vendor: [] for vendor in vendors}

    said = manual.run(pay, installation)
    due = {vendors[0]: [1_700_000], vendors[1]: [2_000_000]}
    assert settled(installation, vendors) == due and paid_to_owners(installation) == [200_000]
    assert "1.70 EUR" in said and "2.00 EUR" in said and "0.20 EUR" in said
    assert "0 findings" in said and "link 1 " in said
    with open(installation.directory / "royalties.csv", newline="", encoding="utf-8") as file:
        assert [row["kept"] for row in csv.DictReader(file)] == ["0.100000"]

    for block in (look, pay):  # as after an interruption
        manual.run(block, installation)
    assert settled(installation, vendors) == due and paid_to_owners(installation) == [200_000]
    check_settlements(installation)
