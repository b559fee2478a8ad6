# SPDX-License-Identifier: GPL-3.0-or-later
"""
The model: users, vendors, purchases and refunds as the requirements say them, in plain Python.
Amounts are integers of 10^-6. What only the database can know, IDs, times and the numbers of its
transactions, is told to the model; every amount, state and refusal it works out itself.
"""

import collections
import dataclasses
import datetime
from fractions import Fraction

from model.days import DAY, UTC

PLAY_MONEY = 1_000_000_000  # of every user in sandboxes, XTS


class Difference(AssertionError):
    """The database did not do what the model says."""


def expect(actual, expected, what):
    if actual != expected:
        raise Difference(f"{what}: the database says {actual}, the model {expected}")


@dataclasses.dataclass
class Wallet:
    balance: int = 0
    credit_line: int = 0
    limits: dict = dataclasses.field(default_factory=dict)
    days: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    logins: collections.Counter = dataclasses.field(default_factory=collections.Counter)

    def spent_since(self, first, today):
        days = (first + DAY * n for n in range((today - first).days + 1))
        return sum(self.days[day] for day in days)

    def refusals(self, paid, now, login_id):
        """All rules that a payment breaks (B5, U4, U8); days and months are those of GMT."""
        today = now.astimezone(UTC).date()
        spent = {
            "FT021": ("transaction", 0),
            "FT022": ("session", self.logins[login_id]),
            "FT023": ("day", self.days[today]),
            "FT024": ("week", self.spent_since(today - DAY * today.weekday(), today)),
            "FT025": ("month", self.spent_since(today.replace(day=1), today)),
        }
        broken = {refusal for refusal, (limit, before) in spent.items()
                  if self.limits.get(limit) is not None and before + paid > self.limits[limit]}
        if self.balance + self.credit_line < paid:
            broken.add("FT020")
        return broken

    def count(self, paid, now, login_id):
        """Towards the limits."""
        self.days[now.astimezone(UTC).date()] += paid
        if self.limits.get("session") is not None:
            self.logins[login_id] += paid


@dataclasses.dataclass
class User:
    user_id: int
    login_name: str
    via_vendor: int
    login_id: int = 0  # 0: logged out
    disabled: bool = False
    ended_login_id: int = 0
    deposited: set = dataclasses.field(default_factory=set)  # currencies, as rolled up


@dataclasses.dataclass
class Offer:
    vendor_id: int
    kind: str
    name: str  # content URL or order
    content_url: str
    price: int
    currency: str
    views: int
    absolute_expiry: datetime.datetime
    hours: int
    incentive_ids: str

    @property
    def item(self):
        return self.vendor_id, self.kind, self.name


@dataclasses.dataclass
class Transaction:
    transaction_id: str
    offer: Offer
    expires_at: datetime.datetime
    cancelled: bool = False
    sale: object = None


@dataclasses.dataclass
class Sale:
    transaction_id: str
    user_id: int
    offer: Offer
    paid: int
    incentive: object
    incentive_amount: int
    sold_at: datetime.datetime
    xact: int
    refunds: list = dataclasses.field(default_factory=list)
    royalty: int = 0
    owners: dict = dataclasses.field(default_factory=dict)  # owner: exact due
    refunded_rolled_up: int = 0

    @property
    def fact_id(self):
        return self.transaction_id

    @property
    def price(self):
        return self.offer.price

    @property
    def own_incentive(self):
        own = self.incentive is not None and self.incentive.vendor_id == self.offer.vendor_id
        return self.incentive_amount if own else 0

    @property
    def refunded(self):
        return sum(refund.amount for refund in self.refunds)

    @property
    def left(self):
        return self.paid - self.refunded

    @property
    def incentive_left(self):
        return self.incentive_amount - sum(refund.incentive_amount for refund in self.refunds)


@dataclasses.dataclass
class Refund:
    fact_id: str
    sale: Sale
    amount: int
    incentive_amount: int
    refunded_at: datetime.datetime
    xact: int


@dataclasses.dataclass
class Deposit:
    fact_id: str
    user_id: int
    currency: str
    amount: int
    booked_at: datetime.datetime
    xact: int


@dataclasses.dataclass
class Incentive:
    incentive_id: int
    vendor_id: int  # None: the provider's
    currency: str
    expires_at: datetime.datetime
    codes: dict  # code: what it can still pay

    def can_pay(self, offer, now):
        return (self.currency == offer.currency and self.expires_at > now
                and self.vendor_id in (None, offer.vendor_id)
                and (offer.incentive_ids is None
                     or str(self.incentive_id) in offer.incentive_ids.split(",")))


@dataclasses.dataclass
class License:
    transaction_id: str
    views_left: int
    expires_at: datetime.datetime
    refunded: bool = False

    def reason(self, now):
        """What Lock_Content answers (V6, V8)."""
        if self.refunded:
            return "REFUNDED"
        if self.expires_at is not None and self.expires_at <= now:
            return "LICENSE_EXPIRED"
        return "VIEWS_EXHAUSTED" if self.views_left == 0 else "OK"


class Books:
    def __init__(self):
        self.accounts = collections.Counter()  # (account, holder, currency): what is owed to it
        self.users = {}
        self.vendors = {}
        self.wallets = {}
        self.licenses = {}
        self.transactions = {}
        self.sales = {}
        self.incentives = {}
        self.codes = {}  # code: incentive
        self.deposits = {}  # reference: Deposit
        self.uncovered = []  # sales, refunds and deposits that no rollup has seen
        self.rollup_id = 0

    def book(self, currency, *lines):
        """An entry of (account, holder, amount); it sums to zero."""
        assert sum(amount for _, _, amount in lines) == 0
        for account, holder, amount in lines:
            self.accounts[account, holder, currency] += amount
            if account == "user_wallet":
                self.wallets.setdefault((holder, currency), Wallet()).balance += amount

    def happened(self, fact):
        """A sale, refund or deposit that was committed."""
        if fact.xact < self.rollup_id:
            raise Difference(f"rollup {self.rollup_id} passed by {fact}")
        self.uncovered.append(fact)

    def purchase_wallet(self, user_id, currency, with_code):
        """The wallet that would pay; play money is there for whoever asks."""
        wallet = self.wallets.get((user_id, currency))
        if wallet is None and currency == "XTS":
            return Wallet(PLAY_MONEY)
        return Wallet() if wallet is None and with_code else wallet

    def code_pays(self, code, offer, now):
        """What a code can pay of an offer; 0: it is refused (FT050)."""
        incentive = self.codes.get(code)
        if incentive is None or not incentive.can_pay(offer, now):
            return 0
        return min(incentive.codes[code], offer.price)

    def judge(self, transaction_id, user, login_id, code, now):
        """
        What a purchase must come to: ('refused', set of refusals), ('receipt', transaction) of an
        earlier sale, which charges nothing, or ('charged', what the user pays).
        """
        if user.disabled:
            return "refused", {"FT026"}
        if login_id != user.login_id:
            return "refused", {"FT027"}
        transaction = self.transactions.get(transaction_id)
        if transaction is None:
            return "refused", {"FT005"}
        offer = transaction.offer
        if transaction.sale is not None and transaction.sale.user_id == user.user_id:
            return "receipt", transaction_id
        license = self.licenses.get((user.user_id, offer.item))
        if license is not None and license.reason(now) == "OK":
            return "receipt", license.transaction_id
        refusals = set()
        if transaction.sale is not None:
            refusals.add("FT008")
        if transaction.cancelled:
            refusals.add("FT007")
        if transaction.expires_at <= now:
            refusals.add("FT006")
        if self.vendors[offer.vendor_id].disabled:
            refusals.add("FT003")
        paid = offer.price
        if code is not None:
            paid -= self.code_pays(code, offer, now)
            if paid == offer.price:
                refusals.add("FT050")
        wallet = self.purchase_wallet(user.user_id, offer.currency, code is not None)
        if wallet is None:
            refusals.add("FT020")
        elif paid > 0:
            refusals |= wallet.refusals(paid, now, login_id)
        return ("refused", refusals) if refusals else ("charged", paid)

    def sell(self, transaction_id, user, login_id, code, now, xact):
        """A purchase that judge() found in order."""
        transaction = self.transactions[transaction_id]
        offer = transaction.offer
        amount = 0 if code is None else self.code_pays(code, offer, now)
        incentive = self.codes[code] if amount else None
        paid = offer.price - amount
        if offer.currency == "XTS" and (user.user_id, "XTS") not in self.wallets:
            self.book("XTS", ("bonus_expense", 0, -PLAY_MONEY),
                      ("user_wallet", user.user_id, PLAY_MONEY))
        wallet = self.wallets.setdefault((user.user_id, offer.currency), Wallet())
        wallet.count(paid, now, login_id)
        lines = [("user_wallet", user.user_id, -paid),
                 ("vendor_payable", offer.vendor_id, offer.price)]
        if incentive is not None:
            incentive.codes[code] -= amount
            lines.append((*self.bearer(incentive), -amount))
        self.book(offer.currency, *lines)
        sale = Sale(transaction_id, user.user_id, offer, paid, incentive, amount, now, xact)
        transaction.sale = self.sales[transaction_id] = sale
        ends = [moment for moment in (
            offer.absolute_expiry,
            offer.hours and now + datetime.timedelta(hours=offer.hours)) if moment]
        self.licenses[user.user_id, offer.item] = License(
            transaction_id, offer.views, min(ends, default=None))
        self.vendors[offer.vendor_id].sold(sale)
        self.happened(sale)
        return sale

    @staticmethod
    def bearer(incentive):
        """Who bears what an incentive pays."""
        if incentive.vendor_id is None:
            return "incentive_expense", 0
        return "vendor_payable", incentive.vendor_id

    def refund_refusal(self, transaction_id, vendor_id, amount):
        if self.vendors[vendor_id].disabled:
            return "FT003"
        transaction = self.transactions.get(transaction_id)
        if transaction is None or transaction.offer.vendor_id != vendor_id:
            return "FT005"
        sale = transaction.sale
        if sale is None or sale.left == 0 and sale.incentive_left == 0:
            return "FT010"
        return "FT011" if amount is not None and amount > sale.left else None

    def refund(self, sale, amount, refund_id, now, xact):
        """What the code paid goes back to its issuer, in proportion; the last part takes all."""
        amount = sale.left if amount is None else amount
        is_last = amount == sale.left
        back = (sale.incentive_left if is_last
                else Fraction(sale.incentive_amount * amount, sale.paid).__floor__())
        lines = [("user_wallet", sale.user_id, amount),
                 ("vendor_payable", sale.offer.vendor_id, -amount - back)]
        if back:
            lines.append((*self.bearer(sale.incentive), back))
        self.book(sale.offer.currency, *lines)
        refund = Refund(refund_id, sale, amount, back, now, xact)
        sale.refunds.append(refund)
        if is_last:
            license = self.licenses[sale.user_id, sale.offer.item]
            if license.transaction_id == sale.transaction_id:
                license.refunded = True
        self.vendors[sale.offer.vendor_id].gave_back(refund)
        self.happened(refund)
        return refund

    def deposit(self, reference, deposit):
        self.book(deposit.currency, ("funds_held", 0, -deposit.amount),
                  ("user_wallet", deposit.user_id, deposit.amount))
        self.deposits[reference] = deposit
        self.happened(deposit)

    def lock_content(self, user, item, now):
        """(reason, views left); an access that is given uses up a view."""
        license = self.licenses.get((user.user_id, item))
        if user.disabled:
            return "ACCOUNT_DISABLED", license and license.views_left
        if license is None:
            return "NOT_PURCHASED", None
        reason = license.reason(now)
        if reason == "OK" and license.views_left is not None:
            license.views_left -= 1
        return reason, license.views_left
