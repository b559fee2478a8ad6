# SPDX-License-Identifier: GPL-3.0-or-later
"""What users and vendors do, to the database and to the model: each operation once in both."""

import datetime

from model.books import Deposit, Difference, Incentive, Offer, Transaction, User, Wallet, expect
from model.database import ORIGIN, Refused
from support.place import wait_until

CURRENCIES = ("EUR", "USD", "JPY", "KWD", "XTS")


class Trade:
    """Of a history."""

    def pick(self, things):
        things = list(things)
        return self.rng.choice(things) if things else None

    def chance(self, part):
        return self.rng.random() < part

    def refused(self, call, expected, what):
        """Runs call(); what it answers, or None when it was refused as expected."""
        try:
            answer = call()
        except Refused as refusal:
            expect(refusal.outcome, expected, what)
            return None
        expect("done", expected or "done", what)
        return answer

    # Users

    def add_user(self):
        """Some come through a vendor, whose pending transaction says so; some get a bonus."""
        via = self.pick(self.pending()) if self.chance(0.5) else None
        login_name, currency = f"user {next(self.numbers)}", self.pick(CURRENCIES[:4])
        bonus = self.pick((0, 0, 1_000_000))
        user_id, = self.db.daemon.row(
            "SELECT account.register(%s, 'no hash', 'A Buyer', 'a@example.org', NULL, 'en', %s,"
            " 'transfer', %s, %s, '{}', '{}')",
            (login_name, currency, via and via.transaction_id, bonus))
        user = User(user_id, login_name, via and via.offer.vendor_id)
        self.books.users[user_id] = user
        self.books.wallets[user_id, currency] = Wallet()
        if bonus:
            self.books.book(currency, ("bonus_expense", 0, -bonus), ("user_wallet", user_id, bonus))
        self.log_in(user)
        self.done("user registered", f"{login_name} {currency} bonus {bonus}"
                  f" via {user.via_vendor}", f"user {user_id}")

    def log_in(self, user):
        answer = self.refused(
            lambda: self.db.daemon.row("SELECT account.start_login(%s, false, 30)",
                                       (user.user_id,)),
            "FT026" if user.disabled else None, f"login of user {user.user_id}")
        if answer:
            user.login_id = answer[0]

    def change_login(self):
        user = self.pick(self.books.users.values())
        if user.login_id:
            self.db.daemon.rows("SELECT account.end_login(%s, %s)", (user.user_id, user.login_id))
            user.ended_login_id, user.login_id = user.login_id, 0
        if self.chance(0.7):
            self.log_in(user)
        self.done("login or logout", f"login {user.login_id}", f"user {user.user_id}")

    def change_user(self):
        """Disabling ends the login."""
        user = self.pick(self.books.users.values())
        user.disabled = not user.disabled
        self.db.dba.rows("SELECT account.set_disabled(%s, %s)", (user.login_name, user.disabled))
        if user.disabled:
            user.ended_login_id, user.login_id = user.login_id or user.ended_login_id, 0
        else:
            self.log_in(user)
        self.done("user disabled or enabled", f"disabled {user.disabled}", f"user {user.user_id}")

    def set_limits(self):
        user, currency = self.pick(self.books.users.values()), self.pick(CURRENCIES[:4])
        wallet = self.books.wallets.setdefault((user.user_id, currency), Wallet())
        credit = max(self.pick((0, 0, 5_000_000)), -wallet.balance)  # what is used stays
        names = ("transaction", "session", "day", "week", "month")
        scales = (4, 10, 15, 40, 90)
        limits = {name: self.rng.randrange(scale * 1_000_000) if self.chance(0.15) else None
                  for name, scale in zip(names, scales)}
        self.db.dba.rows("SELECT account.set_limits(%s, %s, %s, %s, %s, %s, %s, %s)",
                         (user.login_name, currency, credit, *limits.values()))
        wallet.credit_line, wallet.limits = credit, limits
        self.done("limits", f"{currency} credit {credit} {limits}", f"user {user.user_id}")

    def choose_deposit(self):
        """(reference, user, currency, amount): some are told again, some of these differ."""
        known = self.pick(self.books.deposits) if self.chance(0.1) else None
        if known is None:
            user = self.pick(self.books.users.values())
            currencies = [key[1] for key in self.books.wallets
                          if key[0] == user.user_id and key[1] != "XTS"]
            return (f"receipt {next(self.numbers)}", user,
                    self.pick(currencies if self.chance(0.8) else CURRENCIES[:4]),
                    self.rng.randrange(1, 30_000_000))
        deposit = self.books.deposits[known]
        return (known, self.books.users[deposit.user_id], deposit.currency,
                deposit.amount + (1 if self.chance(0.2) else 0))

    def deposit(self, chosen=None):
        reference, user, currency, amount = chosen or self.choose_deposit()
        known = self.books.deposits.get(reference)
        differs = known is not None and known.amount != amount
        answer = self.refused(
            lambda: self.db.deposit(user.login_name, currency, amount, reference),
            "FT009" if differs else None, f"deposit {reference}")
        if known is None:
            now, xact, entry_id, balance = answer
            self.books.deposit(reference,
                               Deposit(entry_id, user.user_id, currency, amount, now, xact))
            expect(balance, self.books.wallets[user.user_id, currency].balance,
                   f"balance after deposit of user {user.user_id}")
        elif not differs:
            expect(answer[2], known.fact_id, f"entry of repeated deposit {reference}")
        kind = "deposit" if known is None else "deposit repeated"
        if known is None and user.via_vendor:
            kind = "deposit of a vendor's user"
        self.done(kind, f"{reference} {amount} {currency}", f"user {user.user_id}")

    # Offers

    def pending(self):
        return [transaction for transaction in self.recent if transaction.sale is None]

    def offer(self, vendor, now):
        kind = "checkout" if self.chance(0.08) else "content"
        price = self.rng.choice((self.rng.randrange(27, 3_000), self.rng.randrange(27, 2_000_000),
                                 self.rng.randrange(1, 40) * 50_000))
        number = self.rng.randrange(40)
        folder = ("", "a/", "a/b/")[number % 3]
        url = f"{ORIGIN}/{vendor.payee}/{folder}{number}"
        name = f"order {next(self.numbers)}" if kind == "checkout" else url
        ids = None
        if self.chance(0.1):
            ids = self.pick(("-1", ",".join(map(str, self.rng.sample(
                sorted(self.books.incentives), min(2, len(self.books.incentives)))) ) or "-1"))
        return Offer(vendor.payee, kind, name, url, price, vendor.currency,
                     self.rng.choice((None, None, 1, 3)),
                     now + datetime.timedelta(hours=self.rng.randrange(1, 100))
                     if self.chance(0.1) else None,
                     self.rng.choice((None, 1, 24, 720)), ids)

    def initiate(self):
        now = self.db.now()
        offers = [self.offer(self.pick(self.books.vendors.values()), now)
                  for _ in range(self.rng.randrange(20, 65))]
        for offer, (moment, outcome, transaction_id, expires_at) in zip(
                offers, self.db.initiate(offers)):
            disabled = self.books.vendors[offer.vendor_id].disabled
            expect(outcome, "FT003" if disabled else "00000", f"initiating {offer}")
            if disabled:
                continue
            lifetime = moment + datetime.timedelta(days=3)
            expect(expires_at, min(lifetime, offer.absolute_expiry or lifetime),
                   f"expiry of {transaction_id}")
            transaction = Transaction(transaction_id, offer, expires_at)
            self.books.transactions[transaction_id] = transaction
            self.recent.append(transaction)
        del self.recent[:-400]
        self.done("initiated", f"{len(offers)} transactions",
                  *sorted({f"vendor {offer.vendor_id}" for offer in offers}))

    def cancel(self):
        transaction = self.pick(self.recent)
        if transaction is None:
            return
        sold = transaction.sale is not None
        self.refused(lambda: self.db.daemon.rows("SELECT purchase.cancel(%s)",
                                                 (transaction.transaction_id,)),
                     "FT010" if sold else None, f"cancelling {transaction.transaction_id}")
        transaction.cancelled = transaction.cancelled or not sold
        self.done("cancelled", transaction.transaction_id)

    # Purchases

    def choose_items(self, without=()):
        """(transaction, user, login, code) of different users; now and then one twice."""
        taken = {item[1].user_id for item in without}
        told = {item[0] for item in without} | {item[3] for item in without}
        if len(self.pending()) < 120:
            self.initiate()
        users = [user for user in self.books.users.values() if user.user_id not in taken
                 and (user.login_id or self.chance(0.04))]
        items = []
        for user in self.rng.sample(users, min(len(users), self.rng.randrange(1, 41))):
            transaction_id = self.choose_transaction(user)
            code = self.choose_code(transaction_id)
            if transaction_id is None or transaction_id in told or code in told - {None}:
                continue
            login_id = user.login_id
            if not login_id or self.chance(0.02):
                login_id = user.ended_login_id
            items.append((transaction_id, user, login_id, code))
        if items and self.chance(0.05):
            items.append(self.pick(items))
        return items

    def choose_transaction(self, user):
        if self.chance(0.06) and self.books.sales:
            mine = [sale.transaction_id for sale in self.latest_sales
                    if sale.user_id == user.user_id]
            return self.pick(mine or self.books.sales)
        affordable = [
            transaction for transaction in self.pending()
            if not transaction.cancelled and transaction.expires_at > self.today
            and transaction.offer.price <= self.means(user, transaction.offer.currency)]
        if self.chance(0.01):
            return f"00000000-0000-7000-8000-{next(self.numbers):012}"
        some = self.pick(affordable if self.chance(0.93) else self.recent)
        return some and some.transaction_id

    def means(self, user, currency):
        wallet = self.books.wallets.get((user.user_id, currency))
        return wallet.balance + wallet.credit_line if wallet else 0

    def choose_code(self, transaction_id):
        """Mostly one that can pay; now and then any, or one that does not exist."""
        if not self.chance(0.15):
            return None
        codes = list(self.books.codes)[-60:]
        transaction = self.books.transactions.get(transaction_id)
        if transaction is not None and self.chance(0.8):
            now = transaction.expires_at - datetime.timedelta(days=3)
            return self.pick(code for code in codes
                             if self.books.code_pays(code, transaction.offer, now))
        return self.pick(codes) if self.chance(0.9) else "no such code"

    def purchase(self):
        items = self.choose_items()
        if items:
            self.absorb_purchase(items, self.db.buy(as_columns(items)))

    def absorb_purchase(self, items, answers):
        """
        Charged ones first: what was refused, or was nothing new, must be so at the end too, since
        a purchase only uses up.
        """
        for charged in (True, False):
            for item, (now, xact, outcome, was_charged, transaction_id) in zip(items, answers):
                if bool(was_charged) == charged:
                    self.absorb_item(item, now, xact, outcome, charged, transaction_id)

    def absorb_item(self, item, now, xact, outcome, charged, answered_id):
        transaction_id, user, login_id, code = item
        verdict, detail = self.books.judge(transaction_id, user, login_id, code, now)
        what = f"purchase of {transaction_id} by user {user.user_id} with {code}"
        if charged:
            expect("charged", verdict if verdict == "charged" else f"{verdict} {detail}", what)
            sale = self.books.sell(transaction_id, user, login_id, code, now, xact)
            self.latest_sales.append(sale)
            del self.latest_sales[:-300]
            kind = "purchase" if sale.incentive is None else "purchase with an incentive"
            detail = f"{sale.price} {sale.offer.currency}, incentive {sale.incentive_amount}"
        elif outcome == "00000":
            expect(("receipt", answered_id), (verdict, detail), what)
            kind = "purchase repeated" if answered_id == transaction_id else "item owned already"
        else:
            if verdict != "refused" or outcome not in detail:
                raise Difference(
                    f"{what}: the database says {outcome}, the model {verdict} {detail}")
            kind = f"purchase declined, {outcome}"
            detail = outcome
        transaction = self.books.transactions.get(transaction_id)
        self.done(kind, f"{transaction_id} {detail}", f"user {user.user_id}",
                  f"vendor {transaction.offer.vendor_id if transaction else '?'}")

    def look(self):
        """Lock_Content, of an item that somebody bought."""
        sale = self.pick(self.latest_sales)
        if sale is None or sale.offer.kind != "content":
            return
        user, offer = self.books.users[sale.user_id], sale.offer
        now, outcome, reason, views_left = self.db.daemon.row(
            "SELECT now(), l.outcome, l.reason, l.views_left FROM license.lock_content_batch("
            "ARRAY[%s], '{1}', ARRAY[%s]::bigint[], '{OK}', ARRAY[%s], '{NULL}') l",
            (offer.vendor_id, user.user_id, offer.content_url))
        disabled = self.books.vendors[offer.vendor_id].disabled
        expect(outcome, "FT003" if disabled else "00000", f"access to {offer.item}")
        if not disabled:
            expect((reason, views_left), self.books.lock_content(user, offer.item, now),
                   f"access of user {user.user_id} to {offer.item}")
        self.done("access", f"{offer.item} {reason}", f"user {user.user_id}")

    # Refunds

    def choose_refund(self):
        """(vendor, transaction, amount, RequestID)"""
        some = self.latest_sales if self.chance(0.9) else self.books.sales.values()
        if self.chance(0.4):
            some = [sale for sale in some if sale.incentive and sale.paid] or some
        sale = self.pick(some)
        if sale is None:
            return None
        vendor_id, transaction_id, amount = sale.offer.vendor_id, sale.transaction_id, None
        if self.chance(0.6) and sale.left > 1:
            amount = self.rng.randrange(1, sale.left + (2 if self.chance(0.05) else 0))
        if self.chance(0.02):
            vendor_id = self.pick(self.books.vendors)
        if self.chance(0.02) and self.pending():
            transaction_id = self.pick(self.pending()).transaction_id
        return vendor_id, transaction_id, amount, f"refund {next(self.numbers)}"

    def refund(self, chosen=None):
        chosen = chosen or self.choose_refund()
        if chosen is None:
            return
        vendor_id, transaction_id, amount, request_id = chosen
        what = f"refund of {amount} of {transaction_id} by vendor {vendor_id}"
        refusal = self.books.refund_refusal(transaction_id, vendor_id, amount)
        answer = self.refused(lambda: self.db.refund(*chosen), refusal, what)
        if answer is None:
            self.done("refund declined", f"{what}: {refusal}", f"vendor {vendor_id}")
            return
        now, xact, refund_id, paid, total, state = answer
        sale = self.books.sales[transaction_id]
        self.books.refund(sale, amount, refund_id, now, xact)
        whole = sale.left == 0
        expect((paid, total, state),
               (sale.refunds[-1].amount, sale.refunded,
                "REFUNDED" if whole else "PARTLY_REFUNDED"), what)
        if self.chance(0.1):
            expect(self.db.refund(*chosen)[2], refund_id, f"repeated {what}")
        self.done("refund, last" if whole else "refund, part", what, f"vendor {vendor_id}",
                  f"user {sale.user_id}")

    # Incentives

    def issue_incentive(self):
        vendor = self.pick(self.books.vendors.values()) if self.chance(0.6) else None
        if vendor is not None and vendor.disabled:
            return
        currency = vendor.currency if vendor else self.pick(CURRENCIES[:4])
        amount = self.rng.randrange(1, 1_500_000)
        expires_at = self.db.now() + datetime.timedelta(days=self.rng.randrange(1, 60))
        codes = [f"CODE-{next(self.numbers)}" for _ in range(self.rng.randrange(1, 5))]
        if vendor:
            incentive_id, = self.db.daemon.row(
                "SELECT incentive_id FROM incentive.issue(%s, 1, %s, %s, %s, NULL, NULL)",
                (vendor.payee, amount, expires_at, codes))
        else:
            incentive_id, = self.db.dba.row("SELECT incentive.issue_by_provider(%s, %s, %s, %s)",
                                            (currency, amount, expires_at, codes))
        incentive = Incentive(incentive_id, vendor and vendor.payee, currency, expires_at,
                              dict.fromkeys(codes, amount))
        self.books.incentives[incentive_id] = incentive
        self.books.codes.update(dict.fromkeys(codes, incentive))
        self.done("incentive issued", f"{len(codes)} of {amount} {currency}",
                  f"vendor {vendor.payee if vendor else 0}")

    # Commits out of order

    def commit_late(self):
        """A purchase that commits after others that began later, and after rollups."""
        items = self.choose_items()
        if not items:
            return
        with self.late.open_transaction():
            answers = self.db.buy(as_columns(items), self.late)
            others = self.choose_items(items)
            if others:
                self.absorb_purchase(others, self.db.buy(as_columns(others)))
            if self.chance(0.5):
                self.set_schedule()
            self.roll_up()
        self.absorb_purchase(items, answers)
        self.done("commit out of order", f"{len(items)} purchases")

    def cover_all(self):
        """Rollups until nothing is left; another's transaction may keep it for a moment."""
        def covered():
            while self.roll_up_slice(10_000):
                pass
            return all(isinstance(fact, Deposit) for fact in self.books.uncovered)
        wait_until(covered, "rollups have covered all")


def as_columns(items):
    return [(transaction_id, user.user_id, login_id, code)
            for transaction_id, user, login_id, code in items]
