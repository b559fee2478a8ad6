# SPDX-License-Identifier: GPL-3.0-or-later
"""
The model's vendors and content owners: royalties (O4), content royalties (O5), commissions (O9)
and collections (O7), in fractions.
"""

import collections
import dataclasses
import datetime
from fractions import Fraction

from model.books import Deposit, Refund, Sale
from model.days import local_day, period_from
from model.settlements import Payee

MILLION = 1_000_000


def half_even(exact):
    return round(exact)  # of a fraction, halves go to the even one


def cut(exact):
    """Rounded down at 10^-12 of the unit, which is 10^-6 of what amounts are counted in."""
    return Fraction((exact * MILLION).__floor__(), MILLION)


@dataclasses.dataclass
class Schedule:
    valid_from: datetime.datetime
    period: str
    tiers: list  # (from volume, rate in ppm, fixed amount), ascending

    def royalty(self, before, price):
        """The edge sale is split; at most the price."""
        ends = [tier[0] for tier in self.tiers[1:]] + [before + price]
        exact, fixed = Fraction(0), 0
        for (start, rate, amount), end in zip(self.tiers, ends):
            part = min(end, before + price) - max(start, before)
            exact += Fraction(max(part, 0) * rate, MILLION)
            if start <= before:
                fixed = amount
        return min(price, half_even(exact) + fixed)


def valid(agreed, moment):
    """The latest of what was agreed that is valid from no later than a moment."""
    held = [terms for terms in agreed if terms.valid_from <= moment]
    return max(held, key=lambda terms: terms.valid_from, default=None)


@dataclasses.dataclass
class Commission:
    valid_from: datetime.datetime
    per_user: int
    rate_ppm: int


@dataclasses.dataclass
class OwnerList:
    valid_from: datetime.datetime
    owners: dict  # owner: (share in ppm, amount); one of them is None

    def due(self, price, available):
        """What each owner is due of a sale of which so much is left for them."""
        due = {owner: Fraction(price * share, MILLION) if amount is None else Fraction(amount)
               for owner, (share, amount) in self.owners.items()}
        total = sum(due.values())
        if total > available:
            due = {owner: cut(part * max(available, 0) / total) for owner, part in due.items()}
        return due


@dataclasses.dataclass
class Vendor(Payee):
    schedules: list = dataclasses.field(default_factory=list)
    commissions: list = dataclasses.field(default_factory=list)
    owner_lists: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(list))
    volumes: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    days: dict = dataclasses.field(
        default_factory=lambda: collections.defaultdict(collections.Counter))
    content_exact: Fraction = Fraction(0)
    holds: dict = dataclasses.field(default_factory=dict)  # transaction: (sale, amount, since)
    totals: collections.Counter = dataclasses.field(default_factory=collections.Counter)

    def sold(self, sale):
        self.totals["sales"] += sale.price
        self.totals["incentives"] += sale.own_incentive

    def gave_back(self, refund):
        self.totals["refunds"] += refund.amount + refund.incentive_amount
        if refund.sale.own_incentive:
            self.totals["incentives"] -= refund.incentive_amount

    def owner_list(self, offer, sold_at):
        """The item's own, else that of the longest prefix; an empty one ends what was due."""
        if offer.kind != "content":
            return None
        found = [(url == offer.name, len(url), valid(lists, sold_at))
                 for url, lists in self.owner_lists.items()
                 if url == offer.name or url.endswith("/") and offer.name.startswith(url)]
        found = [place for place in found if place[2] is not None]
        best = max(found, key=lambda place: place[:2], default=(0, 0, None))[2]
        return best if best is not None and best.owners else None

    def withhold(self, due):
        """The growth of the running total, in whole 10^-6."""
        before = self.content_exact.__floor__()
        self.content_exact += sum(due.values())
        return self.content_exact.__floor__() - before

    def held(self):
        """Disputed sales, less what was paid back of them since."""
        return sum(max(0, amount - sum(refund.amount + refund.incentive_amount
                                       for refund in sale.refunds if refund.refunded_at > since))
                   for sale, amount, since in self.holds.values())

    def gained(self, before):
        """{line: (count, amount)} of days before a day; None: of all."""
        sums = collections.Counter()
        for day, columns in self.days.items():
            if before is None or day < before:
                sums.update(columns)
        return {kind: (sums[kind, "count"], sums[kind])
                for kind in ("sales", "incentives", "refunds", "royalties", "content_royalties",
                             "commissions")}

    def account(self):
        """GetAccount: sales, refunds, incentives, royalties, payable."""
        rolled_up = {kind: amount for kind, (_, amount) in self.gained(None).items()}
        royalties = -rolled_up["royalties"] - rolled_up["content_royalties"]
        sales, refunds, incentives = (self.totals[kind] for kind in (
            "sales", "refunds", "incentives"))
        return (sales, refunds, incentives, royalties,
                sales - refunds - incentives - royalties + rolled_up["commissions"]
                - self.paid_out())


@dataclasses.dataclass
class Owner(Payee):
    """Of content, in one currency."""

    exact: Fraction = Fraction(0)
    collections: list = dataclasses.field(default_factory=list)  # (when, amount)

    def held(self):
        return 0

    def gained(self, before):
        since = [amount for moment, amount in self.collections
                 if before is None or local_day(moment, self.zone) < before]
        return {"collections": (len(since), sum(since))}


class Rollups:
    """What rollups and collections do to the books."""

    def __init__(self, books):
        self.books = books
        self.owners = {}  # (owner, currency): Owner
        self.zones = {}  # owner: time zone
        self.uncollected = []  # (rollup, vendor, {owner: exact})
        self.collected_id = 0

    def owner(self, owner_id, currency):
        key = owner_id, currency
        if key not in self.owners:
            self.owners[key] = Owner(owner_id, currency, self.zones.setdefault(owner_id, "UTC"))
        return self.owners[key]

    def roll_up(self, rollup_id):
        """
        Covers all transactions with lower numbers: sales in their order, then refunds. How many
        these were, and commissions.
        """
        books = self.books
        covered = [fact for fact in books.uncovered if fact.xact < rollup_id]
        books.uncovered = [fact for fact in books.uncovered if fact.xact >= rollup_id]
        books.rollup_id = rollup_id
        order = {Sale: 0, Refund: 1, Deposit: 2}
        covered.sort(key=lambda fact: (order[type(fact)], fact.xact, fact.fact_id))
        accrue = {Sale: self.accrue_sale, Refund: self.accrue_refund,
                  Deposit: self.accrue_deposit}
        return sum(accrue[type(fact)](fact) for fact in covered)

    def accrue_sale(self, sale):
        vendor = self.books.vendors[sale.offer.vendor_id]
        day = local_day(sale.sold_at, vendor.zone)
        schedule = valid(vendor.schedules, sale.sold_at)
        if schedule is not None:
            period = schedule.period, period_from(schedule.period, day)
            sale.royalty = schedule.royalty(vendor.volumes[period], sale.price)
            vendor.volumes[period] += sale.price
        owners = vendor.owner_list(sale.offer, sale.sold_at)
        if owners is not None:
            sale.owners = owners.due(sale.price,
                                     sale.price - sale.own_incentive - sale.royalty)
        self.accrue(vendor, day, sale.royalty, sale.owners)
        vendor.days[day].update({("sales", "count"): 1, "sales": sale.price,
                                 "incentives": -sale.own_incentive})
        return True

    def accrue_refund(self, refund):
        sale = refund.sale
        vendor = self.books.vendors[sale.offer.vendor_id]
        day = local_day(refund.refunded_at, vendor.zone)
        paid = refund.amount + refund.incentive_amount
        before = sale.refunded_rolled_up
        sale.refunded_rolled_up += paid
        was, stays = (Fraction(sale.price - part, sale.price)
                      for part in (before, sale.refunded_rolled_up))
        owners = {owner: cut(due * stays) - cut(due * was) for owner, due in sale.owners.items()}
        self.accrue(vendor, day, half_even(sale.royalty * stays) - half_even(sale.royalty * was),
                    owners)
        vendor.days[day].update({("refunds", "count"): 1, "refunds": -paid, "incentives":
                                 refund.incentive_amount if sale.own_incentive else 0})
        return True

    def accrue(self, vendor, day, royalty, owners):
        content_royalty = vendor.withhold(owners)
        self.books.book(
            vendor.currency, ("vendor_payable", vendor.payee, -royalty - content_royalty),
            ("royalty_income", 0, royalty),
            ("content_royalty_withheld", vendor.payee, content_royalty))
        vendor.days[day].update({"royalties": -royalty, "content_royalties": -content_royalty})
        if owners:
            self.uncollected.append((self.books.rollup_id, vendor, owners))

    def accrue_deposit(self, deposit):
        """A rate of each deposit of a user who came through a vendor; an amount at the first."""
        user = self.books.users[deposit.user_id]
        is_first = deposit.currency not in user.deposited
        user.deposited.add(deposit.currency)
        vendor = self.books.vendors.get(user.via_vendor)
        if vendor is None or vendor.currency != deposit.currency:
            return False
        agreed = valid(vendor.commissions, deposit.booked_at)
        if agreed is None:
            return False
        amount = half_even(Fraction(deposit.amount * agreed.rate_ppm, MILLION))
        amount += agreed.per_user if is_first else 0
        self.books.book(vendor.currency, ("commission_expense", 0, -amount),
                        ("vendor_payable", vendor.payee, amount))
        vendor.days[local_day(deposit.booked_at, vendor.zone)]["commissions"] += amount
        return amount > 0

    def collect(self, collected_id, moment):
        """Credits owners with what was withheld of the rollups so far (267)."""
        sums = collections.defaultdict(Fraction)
        for rollup_id, vendor, owners in self.uncollected:
            if rollup_id <= collected_id:
                for owner_id, exact in owners.items():
                    sums[vendor.payee, owner_id] += exact
        self.uncollected = [part for part in self.uncollected if part[0] > collected_id]
        self.collected_id = collected_id
        for (vendor_id, owner_id), exact in sorted(sums.items()):
            vendor = self.books.vendors[vendor_id]
            owner = self.owner(owner_id, vendor.currency)
            amount = (owner.exact + exact).__floor__() - owner.exact.__floor__()
            owner.exact += exact
            owner.collections.append((moment, amount))
            self.books.book(vendor.currency, ("content_royalty_withheld", vendor_id, -amount),
                            ("owner_payable", owner_id, amount))
