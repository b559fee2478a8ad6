# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendors and users as an operator adds them."""

import dataclasses
import itertools
import secrets

PASSWORD = "correct horse battery"

_numbers = itertools.count(1)


@dataclasses.dataclass
class Vendor:
    installation: object
    vendor_id: str
    password: str
    home_url: str

    def change_password(self, password):
        self.installation.operate("vendor", "password", self.vendor_id, secret=password)
        self.password = password

    def disable(self):
        self.installation.operate("vendor", "disable", self.vendor_id)

    def enable(self):
        self.installation.operate("vendor", "enable", self.vendor_id)


@dataclasses.dataclass
class User:
    installation: object
    login_name: str
    password: str
    user_id: int

    def balance(self, currency="EUR"):
        """In micro-units, as the wallet says."""
        rows = self.installation.query(
            "SELECT balance FROM account.wallets WHERE user_id = %s AND currency = %s",
            (self.user_id, currency))
        return rows[0][0] if rows else None

    def sales(self):
        return self.installation.query(
            "SELECT transaction_id, price FROM purchase.sales WHERE user_id = %s"
            " ORDER BY transaction_id", (self.user_id,))

    def limit(self, **limits):
        options = [f"--{name.replace('_', '-')}={amount}" for name, amount in limits.items()]
        self.installation.operate("user", "limits", self.login_name, *options)

    def disable(self):
        self.installation.operate("user", "disable", self.login_name)

    def enable(self):
        self.installation.operate("user", "enable", self.login_name)


def add_vendor(installation, home_url, name="Morning Post", urls=None, password=PASSWORD,
               currency="EUR"):
    urls = [f"--url={url}" for url in urls or [home_url]]
    vendor_id = installation.operate(
        "vendor", "add", "--name", name, f"--currency={currency}", f"--home={home_url}", *urls,
        secret=password)
    return Vendor(installation, vendor_id.split()[-1], password, home_url)


def add_user(installation, funds="5.00", password=PASSWORD, address=None):
    login_name = f"buyer-{next(_numbers)}-{secrets.token_hex(4)}"
    home = [] if address is None else ["--address", address]
    installation.operate(
        "user", "add", login_name, "--name", "Ada Buyer", "--email", f"{login_name}@example.org",
        *home, secret=password)
    if funds is not None:
        receive_funds(installation, login_name, funds)
    rows = installation.query(
        "SELECT user_id FROM account.users WHERE login_name = %s", (login_name,))
    return User(installation, login_name, password, rows[0][0])


def receive_funds(installation, login_name, amount, currency="EUR"):
    installation.operate("funds", "receive", login_name, amount, currency, "--method=cash",
                         f"--reference={secrets.token_hex(8)}")
