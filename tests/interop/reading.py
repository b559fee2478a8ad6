# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer says, whatever types a client's language has."""

import datetime
from decimal import Decimal


def is_true(value):
    return str(value).lower() == "true"


def money(value):
    return Decimal(str(value))


def moment(text):
    return datetime.datetime.fromisoformat(text)


def listed(value, name):
    """
    The elements of a list: bare or in the element around it, a single one perhaps without list,
    none perhaps as nothing.
    """
    if isinstance(value, dict):
        value = value.get(name)
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def is_absent(fields, name):
    return fields.get(name) is None
