# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the database knows against everything that the model knows."""

import collections
from fractions import Fraction

from model.books import expect
from model.days import begins

LICENSES = """
SELECT l.user_id, o.vendor_id, o.kind,
       CASE o.kind WHEN 'checkout' THEN o.vendor_content_id ELSE o.content_url END,
       l.transaction_id::text, l.views_left, l.expires_at, l.refunded_at IS NOT NULL
FROM license.licenses l
JOIN purchase.sales s ON s.transaction_id = l.transaction_id
JOIN purchase.offers o ON o.offer_id = s.offer_id"""

DAYS = """
SELECT vendor_id, day, sales_count, sales::bigint, -incentives, refunds_count, -refunds, -royalties,
       -content_royalties, commissions::bigint
FROM royalty.vendor_days"""

KINDS = (("sales", "count"), "sales", "incentives", ("refunds", "count"), "refunds", "royalties",
         "content_royalties", "commissions")

PAYOUTS = """
SELECT y.payout_id::text, y.settlement_id::text, y.amount::bigint, y.state, y.again_in IS NOT NULL
FROM settlement.payouts y"""


def expect_same(actual, expected, what):
    """Of two dictionaries, tells what differs."""
    if actual != expected:
        for key in sorted(actual.keys() | expected.keys(), key=str):
            expect(actual.get(key), expected.get(key), f"{what} {key}")


class Comparison:
    def __init__(self, history):
        self.history = history
        self.books = history.books
        self.rollups = history.rollups
        self.rows = history.db.auditor.rows

    def quick(self):
        """What is read by account, vendor or owner; not sale by sale."""
        self.check_wallets()
        self.check_vendor_accounts()
        self.check_days()
        self.check_owners()
        self.check_positions()

    def audited(self):
        self.quick()
        self.check_audit(full=False)

    def full(self):
        self.audited()
        self.check_audit(full=True)
        self.check_ledger()
        self.check_sales()
        self.check_licenses()
        self.check_settlements()

    def check_audit(self, full):
        expect(self.history.db.findings(full), [], f"findings of audit.run({full})")

    def check_wallets(self):
        rows = self.rows("SELECT user_id, currency, balance::bigint, credit_line::bigint"
                         " FROM account.wallets")
        expect_same({row[:2]: row[2:] for row in rows},
                    {key: (wallet.balance, wallet.credit_line)
                     for key, wallet in self.books.wallets.items()}, "wallet of user")

    def check_vendor_accounts(self):
        """GetAccount."""
        now = self.history.db.now()
        for vendor in self.books.vendors.values():
            if not vendor.disabled:
                row = self.history.db.daemon.row("SELECT * FROM vendor.account(%s, 1)",
                                                 (vendor.payee,))
                expect(row, (vendor.currency, *vendor.account(), *vendor.next_settlement_on(now)),
                       f"account of vendor {vendor.payee}")

    def check_days(self):
        actual = {(row[0], row[1], kind): amount for row in self.rows(DAYS)
                  for kind, amount in zip(KINDS, row[2:]) if amount}
        expected = {(vendor.payee, day, kind): amount for vendor in self.books.vendors.values()
                    for day, columns in vendor.days.items()
                    for kind, amount in columns.items() if amount}
        expect_same(actual, expected, "day of vendor")
        volumes = {row[:3]: row[3] for row in self.rows(
            "SELECT vendor_id, period, period_from, volume::bigint FROM royalty.volumes")}
        expect_same(volumes, {
            (vendor.payee, period, begins(day, vendor.zone)): volume
            for vendor in self.books.vendors.values()
            for (period, day), volume in vendor.volumes.items()}, "volume of vendor")

    def check_owners(self):
        """Running totals, to the last digit."""
        carries = {vendor_id: Fraction(exact) for vendor_id, exact in self.rows(
            "SELECT vendor_id, content_exact FROM royalty.vendor_carries")}
        for vendor in self.books.vendors.values():
            expect(carries.get(vendor.payee, 0), vendor.content_exact,
                   f"exact content royalties of vendor {vendor.payee}")
        accounts = {row[:2]: Fraction(row[2]) for row in self.rows(
            "SELECT o.owner_id, a.currency, a.exact FROM royalty.owner_accounts a"
            " JOIN royalty.owners o ON o.owner_number = a.owner_number")}
        for key, owner in self.rollups.owners.items():
            expect(accounts.get(key, 0), owner.exact, f"exact account of owner {key}")

    def check_positions(self):
        rows = self.rows(
            "SELECT coalesce(p.vendor_id::text, o.owner_id), s.currency, s.closing::bigint,"
            " s.due_after FROM settlement.positions s JOIN settlement.payees p USING (payee_id)"
            " LEFT JOIN royalty.owners o USING (owner_number)")
        payees = [*self.books.vendors.values(), *self.rollups.owners.values()]
        known = {(str(payee.payee), payee.currency): (payee.closing, payee.due_after)
                 for payee in payees}
        for name, currency, *position in rows:
            expect(tuple(position), known[name, currency], f"position of {name} {currency}")

    def check_ledger(self):
        trial = self.rows("SELECT * FROM ledger.trial_balance WHERE balance <> 0")
        expect(trial, [], "trial balance")
        owners = dict(self.rows("SELECT owner_number, owner_id FROM royalty.owners"))
        actual = {(account, owners[holder] if account == "owner_payable" else holder, currency):
                  int(amount) for account, holder, currency, amount in self.rows(
                      "SELECT account, holder, currency, sum(amount) FROM ledger.all_postings"
                      " GROUP BY account, holder, currency") if amount}
        expected = {key: amount for key, amount in self.books.accounts.items() if amount}
        expect_same(actual, expected, "ledger account")

    def check_sales(self):
        actual = {row[0]: row[1:] for row in self.rows(
            "SELECT s.transaction_id::text, s.user_id, s.vendor_id, s.price::bigint,"
            " s.incentive_amount::bigint, coalesce(sum(f.amount), 0)::bigint"
            " FROM purchase.sales s LEFT JOIN purchase.refunds f USING (transaction_id)"
            " GROUP BY s.transaction_id")}
        expect_same(actual, {
            sale.transaction_id: (sale.user_id, sale.offer.vendor_id, sale.price,
                                  sale.incentive_amount, sale.refunded)
            for sale in self.books.sales.values()}, "sale")

    def check_licenses(self):
        actual = {(row[0], row[1:4]): row[4:] for row in self.rows(LICENSES)}
        expect_same(actual, {
            key: (license.transaction_id, license.views_left, license.expires_at, license.refunded)
            for key, license in self.books.licenses.items()}, "licence")

    def check_settlements(self):
        """Payouts, and one settlement line by line, each the sum of its facts."""
        actual = {row[0]: row[1:] for row in self.rows(PAYOUTS)}
        expect_same(actual, {
            payout.payout_id: (payout.settlement.settlement_id, payout.amount, payout.state,
                               payout.again)
            for payout in self.history.payouts.values()}, "payout")
        if self.history.settlements:
            settlement = self.history.pick(self.history.settlements.values())
            sums = collections.Counter()
            for kind, amount in self.history.db.dba.rows(
                    "SELECT kind, amount FROM settlement.explain(%s)",
                    (settlement.settlement_id,)):
                sums[kind] += amount
            expect_same({kind: amount for kind, amount in sums.items() if amount},
                        {kind: amount for kind, (_, amount) in settlement.lines.items() if amount},
                        f"facts of settlement {settlement.settlement_id}")
