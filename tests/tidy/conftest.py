# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests read the sources and run no server."""

import pytest


@pytest.fixture(autouse=True)
def ledger_is_clean():
    """There is no ledger to look at."""
