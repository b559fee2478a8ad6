# SPDX-License-Identifier: GPL-3.0-or-later
"""What the provider does: terms, rollups, collections, settlements, payouts; time, and crashes."""

import datetime

from model.books import Deposit, Difference, expect
from model.database import ORIGIN, Session
from model.days import UTC, begins
from model.royalties import Commission, OwnerList, Schedule
from model.settlements import Payout, Terms
from model.trade import as_columns

IBAN = "DE02120300000000202051"


class Upkeep:
    """Of a history."""

    def later(self):
        """NULL, what is past, or a time to come: when something is to be valid from."""
        now = self.db.now()
        return self.rng.choice((None, None, now - datetime.timedelta(days=9), now +
                                datetime.timedelta(seconds=self.rng.randrange(1, 9 * 86400))))

    # What is agreed

    def set_schedule(self):
        vendor = self.pick(self.books.vendors.values())
        period = self.rng.choice(("week", "month", "quarter", "year"))
        steps = sorted(self.rng.sample(range(1, 300), self.rng.randrange(0, 4)))
        starts = [0] + [step * self.rng.choice((50_000, 333_333)) for step in steps]
        tiers = [(start, self.rng.choice((0, 1, 12_345, 50_000, 333_333, 900_000)),
                  self.rng.choice((0, 0, 1, 70, 30_000))) for start in sorted(set(starts))]
        valid_from, = self.db.dba.row(
            "SELECT valid_from FROM royalty.set_schedule(%s, %s, %s::bigint[], %s::int[],"
            " %s::bigint[], %s)",
            (vendor.payee, period, *(list(column) for column in zip(*tiers)), self.later()))
        vendor.schedules.append(Schedule(valid_from, period, tiers))
        self.done("schedule set anew", f"{period} {tiers} from {valid_from}",
                  f"vendor {vendor.payee}")

    def set_commission(self):
        vendor = self.pick(self.books.vendors.values())
        per_user, rate = self.rng.choice((0, 1, 500_000)), self.rng.choice((0, 7, 25_000, 99_999))
        valid_from, = self.db.dba.row("SELECT royalty.set_commission(%s, %s, %s, %s)",
                                      (vendor.payee, per_user, rate, self.later()))
        vendor.commissions.append(Commission(valid_from, per_user, rate))
        self.done("commission set anew", f"{per_user} + {rate} ppm from {valid_from}",
                  f"vendor {vendor.payee}")

    def set_owners(self):
        """Of an item or a folder, by the vendor or by an operator; an empty list ends it."""
        vendor = self.pick(self.books.vendors.values())
        path = f"/{vendor.payee}/" + self.rng.choice(("", "a/", "a/b/", "0", "a/1", "a/b/2"))
        owners, left = {}, 1_000_000
        for owner_id in self.rng.sample(self.owner_ids, self.rng.choice((0, 1, 2, 3, 5))):
            if self.chance(0.3):
                owners[owner_id] = (None, self.rng.choice((1, 999, 40_001)))
            else:
                share = self.rng.choice((1, 333_333, 142_857, 500_000))
                if share <= left:
                    owners[owner_id], left = (share, None), left - share
        by_vendor = self.chance(0.5) and not vendor.disabled
        arguments = (vendor.payee, ORIGIN + path, ORIGIN, path, list(owners),
                     [share for share, _ in owners.values()],
                     [amount for _, amount in owners.values()], self.later())
        if by_vendor:
            rows = self.db.daemon.rows(
                "SELECT valid_from FROM royalty.set_content_owners(%s, 1, %s, %s, %s, %s::text[],"
                " %s::int[], %s::bigint[], %s, NULL)", arguments)
        else:
            rows = self.db.dba.rows(
                "SELECT valid_from FROM royalty.set_owners(%s, %s, %s, %s, %s::text[], %s::int[],"
                " %s::bigint[], %s)", arguments)
        vendor.owner_lists[ORIGIN + path].append(OwnerList(rows[0][0], owners))
        self.done("owners set anew", f"{path} {owners} from {rows[0][0]}",
                  f"vendor {vendor.payee}")

    def choose_terms(self):
        calendar = self.rng.choice(("any_day", "weekly", "twice_monthly", "monthly",
                                    "day_of_month"))
        day = {"weekly": self.rng.randrange(1, 8),
               "day_of_month": self.rng.choice((1, 5, 15, 28, 29, 30, 31))}.get(calendar)
        threshold = self.rng.choice((1, 50_000, 900_000, 3_000_000))
        early = self.rng.choice((None, threshold, threshold * 4))
        return Terms(None, threshold, calendar, day, early, self.rng.choice((0, 0, 2_000_000)),
                     self.rng.choice((0, 0, 1_234_567)),
                     self.rng.choice(("credit_transfer", "check")))

    def set_terms(self):
        """The owners' names and the vendors': who is to be paid when."""
        if self.chance(0.5):
            payee = self.pick(vendor for vendor in self.books.vendors.values()
                              if vendor.currency != "XTS")
            place, function = (payee.payee,), "set_vendor_terms(%s"
        else:
            payee = self.rollups.owner(self.pick(self.owner_ids),
                                       self.pick(("EUR", "EUR", "USD", "JPY", "KWD")))
            place, function = (payee.payee, payee.currency), "set_owner_terms(%s, %s"
        terms = self.choose_terms()
        valid_from, = self.agree(function, place, terms)
        terms.valid_from = valid_from
        payee.terms.append(terms)
        self.done("terms set anew", f"{payee.currency} {terms}", subject(payee))

    def agree(self, function, place, terms):
        terms_id, = self.db.dba.row(
            f"SELECT settlement.{function}, %s, %s, %s, %s, %s, %s, %s,"
            " in_creditor_name => 'A Payee', in_creditor_iban => %s, in_valid_from => %s)",
            (*place, terms.threshold, terms.calendar, terms.day, terms.early_threshold,
             terms.minimum, terms.reserve, terms.method, IBAN, self.later()))
        return self.db.dba.row("SELECT valid_from FROM settlement.terms WHERE terms_id = %s",
                               (terms_id,))

    def change_vendor(self):
        vendor = self.pick(self.books.vendors.values())
        vendor.disabled = not vendor.disabled and self.chance(0.5)
        self.db.dba.rows("SELECT vendor.set_disabled(%s, %s)", (vendor.payee, vendor.disabled))
        self.done("vendor disabled or enabled", f"disabled {vendor.disabled}",
                  f"vendor {vendor.payee}")

    # Disputes

    def hold(self):
        refunded = [sale for sale in self.latest_sales if sale.refunds and sale.left]
        sale = self.pick(refunded if refunded and self.chance(0.5) else self.latest_sales)
        if sale is None:
            return
        left = sale.left + sale.incentive_left
        answer = self.refused(
            lambda: self.db.dba.row("SELECT now(), settlement.hold(%s, 'disputed')",
                                    (sale.transaction_id,)),
            None if left else "FT010", f"hold of {sale.transaction_id}")
        holds = self.books.vendors[sale.offer.vendor_id].holds
        if answer and sale.transaction_id not in holds:
            holds[sale.transaction_id] = (sale, left, answer[0])
        self.done("hold", f"{sale.transaction_id} {left}", f"vendor {sale.offer.vendor_id}")

    def release(self):
        vendor = self.pick(vendor for vendor in self.books.vendors.values() if vendor.holds)
        if vendor is None:
            return
        transaction_id = self.pick(vendor.holds)
        released, = self.db.dba.row("SELECT settlement.release(%s)", (transaction_id,))
        expect(released, True, f"release of {transaction_id}")
        del vendor.holds[transaction_id]
        self.done("release", transaction_id, f"vendor {vendor.payee}")

    # Rollups and collections

    def roll_up_slice(self, size):
        count, = self.db.daemon.row("SELECT royalty.roll_up(%s)", (size,))
        expect(count, self.rollups.roll_up(self.db.progress()[0]), "what a rollup covered")
        return count

    def roll_up(self):
        count = self.roll_up_slice(self.rng.choice((1, 20, 10_000)))
        self.done("rollup", f"{count} to {self.books.rollup_id}")

    def roll_up_at_once(self):
        """Two at the same time: what one covers the other does not."""
        sessions = [Session(self.db.cluster, "farthing_daemon") for _ in range(2)]
        counts = []
        self.db.at_once(*(lambda session=session: counts.append(
            session.row("SELECT royalty.roll_up(1000000)")[0]) for session in sessions))
        for session in sessions:
            session.connection.close()
        expect(sum(counts), self.rollups.roll_up(self.db.progress()[0]), "what two rollups covered")
        self.done("two rollups at once", f"{counts}")

    def collect(self):
        now, count = self.db.dba.row("SELECT now(), royalty.collect(%s)",
                                     (self.rng.choice((300, 1_000_000)),))
        self.absorb_collection(now)
        self.done("collection", f"{count} transactions")

    def absorb_collection(self, moment):
        collected_id = self.db.progress()[1]
        if collected_id != self.rollups.collected_id:
            self.rollups.collect(collected_id, moment)

    # Settlements

    def payees(self, kind):
        if kind == "vendors":
            return self.books.vendors.values()
        return list(self.rollups.owners.values())

    def choose_settlement(self):
        """(kind, day or None: now, slice)"""
        kind = self.rng.choice(("vendors", "owners"))
        today = self.db.now().astimezone(UTC).date()
        day = today - datetime.timedelta(days=self.rng.choice((0, 0, 0, 1, 5)))
        if self.chance(0.7):
            self.cover_all()
            self.collect()
        return kind, None if self.chance(0.5) else day, self.rng.choice((1, 5, 20, 200))

    def settle(self):
        kind, day, size = self.choose_settlement()
        began = self.db.now()
        self.db.settle(kind, day, size)
        self.absorb_settlements(kind, day, began, complete=True)

    def settle_at_once(self):
        """Two runs at the same time pay once."""
        kind, day, size = self.choose_settlement()
        began = self.db.now()
        sessions = [Session(self.db.cluster, "farthing_dba") for _ in range(2)]
        self.db.at_once(*(lambda session=session: self.db.settle(kind, day, size, session)
                          for session in sessions))
        for session in sessions:
            session.connection.close()
        self.absorb_settlements(kind, day, began, complete=True)
        self.done("two settlement runs at once", kind)

    def absorb_settlements(self, kind, day, began, complete):
        paid = [row for row in self.db.settlements_since(began) if row[0] not in self.settlements]
        for row in paid:
            self.absorb_settlement(day, row)
        now = self.db.now()
        for payee in self.payees(kind) if complete else ():
            due = payee.due(day, now)
            if due is not None:
                raise Difference(f"{subject(payee)} is not paid as of {day or now}: {due}")
        self.done(f"settlement run of {kind}", f"as of {day or 'now'}: {len(paid)} paid",
                  *(subject(self.payee_of(row)) for row in paid))
        self.counts["settlement"] += len(paid)

    def payee_of(self, row):
        name, is_vendor, currency = row[1:4]
        return self.books.vendors[int(name)] if is_vendor else self.rollups.owner(name, currency)

    def absorb_settlement(self, day, row):
        (settlement_id, _, _, currency, opening, amount, closing, trigger, due_on, as_of,
         settled_at, payout_id, payout_amount, method, state, lines) = row
        payee = self.payee_of(row)
        due = payee.due(day, as_of if day is None else settled_at)
        what = f"settlement {settlement_id} of {subject(payee)} as of {day or as_of}"
        if due is None:
            raise Difference(f"{what} is paid, but not due")
        actual = (opening, {kind: tuple(line) for kind, line in lines.items()}, amount, closing,
                  trigger, due_on, payout_amount, method, state)
        terms = payee.terms_at(as_of)
        expect(actual, (due.opening, due.lines, due.amount, due.closing, due.trigger, due.due_on,
                        due.amount, terms.method, "due"), what)
        if day is not None:
            expect(as_of, begins(day, payee.zone), f"moment of {what}")
        payee.settle(due, as_of)
        due.settlement_id = settlement_id
        self.settlements[settlement_id] = due
        payout = Payout(payout_id, due, amount, method)
        payee.payouts.append(payout)
        self.payouts[payout_id] = payout
        self.books.book(currency, (*payee.account_line, -amount), ("payouts_in_transit", 0, amount))

    # Payouts

    def move_payout(self):
        payout = self.pick(list(self.payouts.values())[-60:])
        if payout is None:
            return
        verb = self.rng.choice(("sent", "paid", "paid", "back"))
        if verb == "back":
            self.give_back(payout)
            return
        was = payout.state
        ended = was in ("rejected", "returned")
        refusal = "FT010" if ended or verb == "sent" and was == "due" and (
            payout.method == "check") else None
        answer = self.refused(
            lambda: self.db.dba.row("SELECT settlement.mark_payout(%s, %s, 'bank 1')",
                                    (payout.payout_id, verb)),
            refusal, f"payout {payout.payout_id}, {was}, becoming {verb}")
        if answer:
            expect(answer[0], not (was == verb or was == "paid"), f"payout {payout.payout_id}")
        if answer and answer[0]:
            payout.state = verb
            if verb == "paid":
                self.books.book(payout.settlement.payee.currency,
                                ("payouts_in_transit", 0, -payout.amount),
                                ("funds_held", 0, payout.amount))
        self.done(f"payout {verb}", f"{payout.payout_id} {was}", subject(payout.settlement.payee))

    def give_back(self, payout):
        was = payout.state
        answer, = self.db.dba.row("SELECT settlement.return_payout(%s, 'AC04')",
                                  (payout.payout_id,))
        expect(answer, was not in ("rejected", "returned"), f"return of {payout.payout_id}")
        if answer:
            payee = payout.settlement.payee
            payout.state = "returned" if was == "paid" else "rejected"
            self.books.book(payee.currency, (
                "funds_held" if was == "paid" else "payouts_in_transit", 0, -payout.amount),
                (*payee.account_line, payout.amount))
        self.done(f"payout {payout.state}", payout.payout_id, subject(payout.settlement.payee))

    # Time, crashes, the auditor

    def pass_time(self):
        """Mostly hours, often days, now and then weeks."""
        hours = self.rng.choice((0.02, 0.5, 3, 11, 24, 24, 50, 100, 24 * self.rng.randrange(4, 33)))
        self.db.cluster.advance(int(hours * 3600))
        self.db.daemon.rows("SELECT purchase.maintain_partitions()")
        self.today = now = self.db.now()
        # Unsold transactions are known for a week.
        self.recent = [transaction for transaction in self.recent
                       if transaction.expires_at > now - datetime.timedelta(days=3)]
        self.done("time passed", f"{hours} hours: {now}")

    def crash(self):
        """PostgreSQL ends in the middle of something, which happened as a whole or not at all."""
        act = self.rng.choice((self.crash_purchase, self.crash_refund, self.crash_deposit,
                               self.crash_rollup, self.crash_collection, self.crash_settlement))
        act(0.0002 * 200 ** self.rng.random())
        self.late = Session(self.db.cluster, "farthing_daemon")
        self.done(act.__name__.replace("_", " in a "), "")

    def crash_purchase(self, delay_s):
        items = self.choose_items()
        if not items:
            return
        self.db.crash_during(lambda: self.db.buy(as_columns(items)), delay_s)
        before = self.facts(
            "SELECT transaction_id::text, user_id, sold_at, xact_id::text::bigint"
            " FROM purchase.sales WHERE transaction_id = ANY (%s::uuid[])",
            [item[0] for item in items], self.books.sales)
        for transaction_id, user_id, sold_at, xact in before:
            item = next(item for item in items
                        if item[0] == transaction_id and item[1].user_id == user_id)
            self.absorb_item(item, sold_at, xact, "00000", True, transaction_id)
        answers = self.db.buy(as_columns(items))
        if before and any(answer[3] for answer in answers):
            raise Difference(f"a part of a batch outlived a crash: {before}, then {answers}")
        self.absorb_purchase(items, answers)
        self.tell_outcome(before)

    def crash_refund(self, delay_s):
        chosen = self.choose_refund()
        if chosen is None or self.books.refund_refusal(*chosen[1::-1], chosen[2]):
            return
        self.db.crash_during(lambda: self.db.refund(*chosen), delay_s)
        sale = self.books.sales[chosen[1]]
        before = self.facts(
            "SELECT refund_id::text, refunded_at, xact_id::text::bigint FROM purchase.refunds"
            " WHERE transaction_id = ANY (%s::uuid[])",
            [chosen[1]], [refund.fact_id for refund in sale.refunds])
        for refund_id, refunded_at, xact in before:
            self.books.refund(sale, chosen[2], refund_id, refunded_at, xact)
            expect(self.db.refund(*chosen)[2], refund_id, "refund asked for again after a crash")
        if not before:
            self.refund(chosen)
        self.tell_outcome(before)

    def crash_deposit(self, delay_s):
        chosen = reference, user, currency, amount = self.choose_deposit()
        if reference not in self.books.deposits:
            self.db.crash_during(
                lambda: self.db.deposit(user.login_name, currency, amount, reference), delay_s)
            before = self.facts(
                "SELECT entry_id::text, booked_at, xact_id::text::bigint FROM ledger.entries"
                " WHERE kind = 'deposit' AND reference = ANY (%s)", [reference], ())
            for entry_id, booked_at, xact in before:
                self.books.deposit(reference, Deposit(entry_id, user.user_id, currency, amount,
                                                      booked_at, xact))
            self.tell_outcome(before)
        self.deposit(chosen)

    def crash_rollup(self, delay_s):
        self.db.crash_during(
            lambda: self.db.daemon.row("SELECT royalty.roll_up(1000000)"), delay_s)
        before = self.books.rollup_id
        self.rollups.roll_up(self.db.progress()[0])
        self.tell_outcome(self.books.rollup_id != before)
        self.roll_up_slice(10_000)

    def crash_collection(self, delay_s):
        self.db.crash_during(
            lambda: self.db.dba.row("SELECT royalty.collect(1000000)"), delay_s)
        before = self.rollups.collected_id
        rows = self.db.dba.rows("SELECT max(collected_at) FROM royalty.collections"
                                " WHERE until_rollup = %s", (self.db.progress()[1],))
        self.absorb_collection(rows[0][0])
        self.tell_outcome(self.rollups.collected_id != before)

    def crash_settlement(self, delay_s):
        """A second run goes on where the first was interrupted."""
        kind, day, _ = self.choose_settlement()
        began = self.db.now()
        self.db.crash_during(lambda: self.db.settle(kind, day, 1), delay_s * 4)
        self.absorb_settlements(kind, day, began, complete=False)
        began = self.db.now()
        self.db.settle(kind, day, 3)
        self.absorb_settlements(kind, day, began, complete=True)

    def facts(self, sql, keys, known):
        """What a crash left of an operation and the model does not know."""
        return [row for row in self.db.auditor.rows(sql, (keys,)) if row[0] not in known]

    def tell_outcome(self, committed):
        self.counts["crash after the commit" if committed else "crash before the commit"] += 1

    def close_books(self):
        expect(self.db.findings(False), [], "findings of audit.run(False)")
        self.db.auditor.rows("SELECT audit.close()")
        self.done("audit.close", "")


def subject(payee):
    return f"vendor {payee.payee}" if payee.is_vendor else f"owner {payee.payee}"
