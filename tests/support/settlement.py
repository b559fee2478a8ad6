# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendors with terms, and many sales at once, as SQL."""

import contextlib
import itertools
import secrets

from support.market import add_user

IBAN = "DE02120300000000202051"

_items = itertools.count(1)


def add_vendors(installation, count, currency="EUR"):
    """Numbers of vendors without password, made at once."""
    rows = installation.query(
        "SELECT vendor.add('Vendor ' || n, %s, 'no password', 'http://shop.example/',"
        " ARRAY['http://shop.example'], ARRAY['/']) FROM generate_series(1, %s) n",
        (currency, count))
    return [vendor_id for (vendor_id,) in rows]


def agree(installation, vendor_ids, threshold=1_000_000, calendar="any_day", **terms):
    """Terms that have held since 2020."""
    named = "".join(f", in_{name} => %({name})s" for name in terms)
    installation.query(
        f"SELECT settlement.set_vendor_terms(v, %(threshold)s, %(calendar)s,"
        f" in_creditor_iban => %(iban)s{named}) FROM unnest(%(vendors)s) v",
        {"threshold": threshold, "calendar": calendar, "iban": IBAN, "vendors": vendor_ids, **terms})
    installation.query("UPDATE settlement.terms SET valid_from = '2020-01-01Z'")


def sell(installation, vendor_ids, price, sold_at=None):
    """One sale of each vendor, by a new user; their transactions, rolled up."""
    user = add_user(installation, funds=str(price * len(vendor_ids) / 1_000_000))
    login_id, = installation.query(
        "SELECT account.start_login(%s, false, 30)", (user.user_id,))[0]
    rows = installation.query(
        "WITH v AS (SELECT vendor_id, ordinality AS n, %s || ordinality AS path"
        " FROM unnest(%s) WITH ORDINALITY AS u (vendor_id))"
        " SELECT i.transaction_id FROM (SELECT array_agg(vendor_id ORDER BY n) AS vendors,"
        " array_agg(path ORDER BY n) AS paths, array_agg(NULL::text) AS nothing,"
        " array_agg(NULL::int) AS none, array_agg(1) AS version, array_agg(%s::bigint) AS prices,"
        " array_agg(false) AS no FROM v) a, purchase.initiate_batch(vendors, version, paths, prices,"
        " ARRAY(SELECT 'http://shop.example' || p FROM unnest(paths) p),"
        " ARRAY(SELECT 'http://shop.example' FROM unnest(paths)), paths, no, nothing, none,"
        " none::text[]::timestamptz[], none::bigint[], nothing, nothing, nothing, nothing, nothing,"
        " nothing, none::text[]::boolean[], 3600) i ORDER BY i.item",
        (f"/{next(_items)}-{secrets.token_hex(4)}/", vendor_ids, price))
    transactions = [transaction for (transaction,) in rows]
    session = installation.cluster.connect(database=installation.database)
    with contextlib.closing(session), session, session.cursor() as cursor:
        cursor.execute(
            "SELECT outcome FROM purchase.buy_batch(%s::uuid[], array_fill(%s::bigint, %s),"
            " array_fill(%s::bigint, %s), array_fill(NULL::text, %s), array_fill(false, %s))",
            (transactions, user.user_id, [len(rows)], login_id, [len(rows)], [len(rows)], [len(rows)]))
        assert {outcome for (outcome,) in cursor.fetchall()} == {"00000"}
        if sold_at is not None:  # before any rollup sees the sale
            cursor.execute("UPDATE purchase.sales SET sold_at = %s"
                           " WHERE transaction_id = ANY (%s::uuid[])", (sold_at, transactions))
    call(installation, "royalty.roll_up_all()")
    return transactions


def call(installation, procedure, role="farthing_dba"):
    """A procedure that commits by itself."""
    session = installation.cluster.connect(role, installation.database)
    try:
        session.autocommit = True
        session.cursor().execute(f"CALL {procedure}")
        return [notice.removeprefix("NOTICE:").strip() for notice in session.notices]
    finally:
        session.close()


def settled(installation, vendor_ids):
    """{vendor: [amount of each settlement]}"""
    amounts = {vendor_id: [] for vendor_id in vendor_ids}
    for vendor_id, amount in installation.query(
            "SELECT vendor_id, amount::bigint FROM settlement.settlements"
            " JOIN settlement.payees USING (payee_id) WHERE vendor_id = ANY (%s)"
            " ORDER BY settlement_id", (vendor_ids,)):
        amounts[vendor_id].append(amount)
    return amounts


def check_settlements(installation):
    """O6: opening + lines = amount + closing; each line is the sum of its facts, each fact in one."""
    assert installation.query(
        "SELECT s.settlement_id FROM settlement.settlements s LEFT JOIN settlement.lines l"
        " USING (settlement_id) GROUP BY s.settlement_id"
        " HAVING s.opening + coalesce(sum(l.amount), 0) <> s.amount + s.closing") == []
    assert installation.query(
        "SELECT settlement_id, kind FROM settlement.settlements s CROSS JOIN LATERAL"
        " (SELECT kind, sum(amount) AS amount FROM settlement.explain(s.settlement_id) GROUP BY kind) e"
        " FULL JOIN settlement.lines l USING (settlement_id, kind)"
        " WHERE l.amount IS DISTINCT FROM e.amount") == []
    assert installation.query(
        "SELECT kind, fact_id FROM settlement.settlements s, settlement.explain(s.settlement_id)"
        " GROUP BY kind, fact_id, s.payee_id HAVING count(*) > 1") == []


def forget_payees(installation):
    """The next test has no payee but its own."""
    installation.query("TRUNCATE settlement.payees, settlement.terms, settlement.positions,"
                       " settlement.settlements, settlement.lines, settlement.payouts")
