# SPDX-License-Identifier: GPL-3.0-or-later
"""The model's payees: vendors and content owners, their terms and settlements (O6, O7, O8)."""

import collections
import dataclasses
import datetime

from model.days import DAY, begins, last_due, local_day, next_due

MINOR_DIGITS = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3, "XTS": 2}


@dataclasses.dataclass
class Terms:
    valid_from: datetime.datetime
    threshold: int
    calendar: str
    day: int
    early_threshold: int
    minimum: int
    reserve: int
    method: str


@dataclasses.dataclass
class Settlement:
    settlement_id: str
    payee: object
    opening: int
    lines: dict
    amount: int
    closing: int
    trigger: str
    due_on: datetime.date


@dataclasses.dataclass
class Payout:
    payout_id: str
    settlement: Settlement
    amount: int
    method: str
    state: str = "due"
    again: bool = False


@dataclasses.dataclass
class Payee:
    payee: object  # a vendor's or an owner's ID
    currency: str
    zone: str
    disabled: bool = False
    terms: list = dataclasses.field(default_factory=list)
    closing: int = 0
    as_of: datetime.datetime = None
    due_after: datetime.date = None
    covered: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    payouts: list = dataclasses.field(default_factory=list)

    @property
    def is_vendor(self):
        return isinstance(self.payee, int)

    @property
    def account_line(self):
        return ("vendor_payable" if self.is_vendor else "owner_payable"), self.payee

    def terms_at(self, moment):
        """The latest that are valid; of two at once the later agreed."""
        held = [(terms.valid_from, place, terms) for place, terms in enumerate(self.terms)
                if terms.valid_from <= moment]
        return max(held, default=(None, None, None))[2]

    def paid_out(self):
        return sum(payout.amount for payout in self.payouts
                   if payout.state not in ("rejected", "returned"))

    def came_back(self):
        return [payout for payout in self.payouts
                if payout.state in ("rejected", "returned") and not payout.again]

    def new_lines(self, before):
        """{kind: (count, amount)} that no settlement covered; before a day; None: all."""
        lines = {}
        for kind, (count, amount) in self.gained(before).items():
            left = (count - self.covered[kind, "count"], amount - self.covered[kind])
            if left != (0, 0):
                lines[kind] = left
        back = self.came_back()
        if back:
            lines["payout_returns"] = (len(back), sum(payout.amount for payout in back))
        return lines

    def due(self, day, now):
        """
        What a settlement would be now, as if at the beginning of a day (None: now): figure 28.
        None: nothing is paid.
        """
        as_of = now if day is None else begins(day, self.zone)
        terms = self.terms_at(as_of)
        if (self.currency == "XTS" or terms is None or as_of > now
                or self.as_of is not None and as_of < self.as_of):
            return None
        lines = self.new_lines(day)
        payable = self.closing + sum(amount for _, amount in lines.values())
        free = payable - min(self.held(), max(payable, 0))
        if payable <= 0 or free < terms.threshold:
            return None
        agreed_on = local_day(min(other.valid_from for other in self.terms), self.zone)
        due_after = self.due_after or agreed_on - DAY
        due_on = last_due(terms.calendar, terms.day, day or local_day(now, self.zone))
        came = due_on is not None and due_on > due_after
        early = terms.early_threshold is not None and free >= terms.early_threshold
        if not (came or terms.calendar == "any_day" or early):
            return None
        unit = 10 ** (6 - MINOR_DIGITS[self.currency])
        amount = max(free - terms.reserve, 0) // unit * unit
        if amount < max(terms.minimum, 1):
            return None
        return Settlement(None, self, self.closing, lines, amount, payable - amount,
                          "time" if came else "amount", due_on if came else None)

    def settle(self, settlement, as_of):
        for kind, (count, amount) in settlement.lines.items():
            if kind != "payout_returns":
                self.covered[kind, "count"] += count
                self.covered[kind] += amount
        for payout in self.came_back():
            payout.again = True
        self.closing = settlement.closing
        self.as_of = as_of
        self.due_after = settlement.due_on or self.due_after

    def next_settlement_on(self, now):
        terms = self.terms_at(now)
        if terms is None:
            return None, None
        after = max(local_day(now, self.zone) - DAY, self.due_after or datetime.date.min)
        return terms.threshold, next_due(terms.calendar, terms.day, after)
