# SPDX-License-Identifier: GPL-3.0-or-later
"""What the clients showed is a table for vendors (V13)."""

import pytest

from interop import table


def test_every_operation_is_tried(results):
    """V13: whatever the WSDL has."""
    if not results.shown():
        pytest.skip("no client has passed")
    assert results.shown() == set(table.COLUMNS)


def test_the_table_is_up_to_date(results):
    """wsdl/README.md tells vendors what just showed. A table that was not is corrected."""
    if not results.complete():
        pytest.skip("not every client has passed")
    assert not table.write(results), "the table in wsdl/README.md was out of date; it is written anew"
