# SPDX-License-Identifier: GPL-3.0-or-later
"""The real thing: the stored procedures that the daemon and a DBA call, in their roles."""

import contextlib
import threading

import psycopg2
import psycopg2.extras

LIFETIME_S = 3 * 86400
ORIGIN = "http://shop.example"

INITIATE = """
SELECT now(), i.outcome, i.transaction_id::text, i.expires_at FROM purchase.initiate_batch(
    %(vendors)s::int[], %(ones)s::int[], %(titles)s, %(prices)s::bigint[], %(urls)s, %(origins)s,
    %(paths)s, %(no)s::boolean[], %(none)s::text[], %(views)s::int[], %(ends)s::timestamptz[],
    %(hours)s::bigint[], %(incentives)s::text[], %(none)s::text[], %(none)s::text[],
    %(none)s::text[], %(orders)s::text[], %(cancels)s::text[], %(no)s::boolean[], %(lifetime)s) i
ORDER BY i.item"""

BUY = """
SELECT now(), pg_current_xact_id_if_assigned()::text::bigint, b.outcome, b.charged,
       b.transaction_id::text
FROM purchase.buy_batch(%s::uuid[], %s::bigint[], %s::bigint[], %s::text[], %s::boolean[]) b
ORDER BY b.item"""

REFUND = """
SELECT now(), pg_current_xact_id_if_assigned()::text::bigint, r.refund_id::text, r.amount,
       r.refunded_total, r.state
FROM purchase.refund(%s, 1, %s, %s, %s, %s) r"""

DEPOSIT = """
SELECT now(), pg_current_xact_id_if_assigned()::text::bigint, d.entry_id::text, d.balance
FROM account.receive_funds(%s, %s, %s, 'transfer', %s) d"""

SETTLEMENTS = """
SELECT s.settlement_id::text, coalesce(p.vendor_id::text, o.owner_id), p.vendor_id IS NOT NULL,
       s.currency, s.opening::bigint, s.amount::bigint, s.closing::bigint, s.trigger, s.due_on,
       s.as_of, s.settled_at, y.payout_id::text, y.amount::bigint, y.method, y.state,
       coalesce((SELECT jsonb_object_agg(l.kind, ARRAY[l.count, l.amount])
                 FROM settlement.lines l WHERE l.settlement_id = s.settlement_id), '{}')
FROM settlement.settlements s
JOIN settlement.payees p ON p.payee_id = s.payee_id
LEFT JOIN royalty.owners o ON o.owner_number = p.owner_number
JOIN settlement.payouts y ON y.settlement_id = s.settlement_id
WHERE s.settled_at >= %s ORDER BY s.settlement_id"""


class Refused(Exception):
    """A refusal of class FT; outcome: its SQLSTATE."""

    def __init__(self, outcome):
        super().__init__(outcome)
        self.outcome = outcome


class Session:
    """One connection of a role; each statement is a transaction, unless in open_transaction()."""

    def __init__(self, cluster, role):
        self.connection = cluster.connect(role)
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()

    def rows(self, sql, parameters=()):
        try:
            self.cursor.execute(sql, parameters)
        except psycopg2.Error as problem:
            if problem.pgcode is not None and problem.pgcode.startswith("FT"):
                raise Refused(problem.pgcode) from None
            raise
        return self.cursor.fetchall() if self.cursor.description else []

    def row(self, sql, parameters=()):
        row, = self.rows(sql, parameters)
        return row

    @contextlib.contextmanager
    def open_transaction(self):
        self.rows("BEGIN")
        yield
        self.rows("COMMIT")


class Database:
    ROLES = ("farthing_daemon", "farthing_dba", "farthing_auditor")

    def __init__(self, cluster):
        self.cluster = cluster
        self.connect()

    def connect(self):
        self.daemon, self.dba, self.auditor = (
            Session(self.cluster, role) for role in self.ROLES)

    def crash_during(self, act, delay_s):
        """Runs act(), and ends the server a moment after its beginning, wherever it may be."""
        begun = threading.Event()

        def run():
            begun.set()
            with contextlib.suppress(psycopg2.Error, Refused):
                act()

        worker = threading.Thread(target=run)
        worker.start()
        begun.wait()
        worker.join(timeout=delay_s)
        self.cluster.crash()
        worker.join()
        self.connect()

    def at_once(self, *acts):
        """Runs acts in threads; raises what one of them raised."""
        problems = []

        def run(act):
            try:
                act()
            except Exception as problem:  # told to who waits
                problems.append(problem)

        workers = [threading.Thread(target=run, args=(act,)) for act in acts]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if problems:
            raise problems[0]

    def now(self):
        return self.dba.row("SELECT clock_timestamp()")[0]

    def initiate(self, offers):
        """[(now, outcome, transaction, expiry)]"""
        is_order = [offer.kind == "checkout" for offer in offers]
        return self.daemon.rows(INITIATE, {
            "vendors": [offer.vendor_id for offer in offers], "ones": [1 for _ in offers],
            "titles": [offer.name for offer in offers], "prices": [offer.price for offer in offers],
            "urls": [offer.content_url for offer in offers], "origins": [ORIGIN for _ in offers],
            "paths": [offer.content_url.removeprefix(ORIGIN) for offer in offers],
            "no": [False for _ in offers], "none": [None for _ in offers],
            "views": [offer.views for offer in offers],
            "ends": [offer.absolute_expiry for offer in offers],
            "hours": [offer.hours for offer in offers],
            "incentives": [offer.incentive_ids for offer in offers],
            "orders": [offer.name if order else None for offer, order in zip(offers, is_order)],
            "cancels": [ORIGIN + "/cancelled" if order else None for order in is_order],
            "lifetime": LIFETIME_S})

    def buy(self, items, session=None):
        """items: (transaction, user, login, code). [(now, xact, outcome, charged, transaction)]"""
        columns = [list(column) for column in zip(*items)]
        return (session or self.daemon).rows(BUY, (*columns, [False for _ in items]))

    def refund(self, vendor_id, transaction_id, amount, request_id):
        return self.daemon.row(REFUND, (vendor_id, transaction_id, amount, "asked", request_id))

    def deposit(self, login_name, currency, amount, reference):
        return self.dba.row(DEPOSIT, (login_name, currency, amount, reference))

    def progress(self):
        """(rollup, collected)"""
        return self.dba.row("SELECT rollup_id, collected_id FROM royalty.progress")

    def settle(self, kind, day, slice_size, session=None):
        (session or self.dba).rows(
            f"CALL settlement.settle_{kind}(in_as_of => %s::date, in_slice => %s)",
            (day, slice_size))

    def settlements_since(self, moment):
        return self.auditor.rows(SETTLEMENTS, (moment,))

    def findings(self, full):
        return self.auditor.rows(
            "SELECT check_function, check_name, subject, expected, actual FROM audit.run(%s)"
            " WHERE subject IS NOT NULL", (full,))
