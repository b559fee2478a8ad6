# SPDX-License-Identifier: GPL-3.0-or-later
"""A daemon under attack: it must go on as if nothing had been."""

import pytest
import requests

from support.daemon import Farthingd


@pytest.fixture(scope="session")
def farthingd(installation):
    """Impatient with the silent, and patient with wrong passwords: their limit is another test."""
    daemon = Farthingd(installation, http={"idle_timeout_s": 2}, security={"login_attempts": 1000})
    yield daemon
    daemon.stop()


@pytest.fixture(autouse=True)
def goes_on(farthingd):
    """After each case the same process answers, and found nothing wrong with itself."""
    seen = farthingd.log_file.stat().st_size
    yield
    assert farthingd.process.poll() is None, farthingd.log()[-3000:]
    assert requests.get(farthingd.url + "/health", timeout=30).json()["database"] is True
    with open(farthingd.log_file, "rb") as log:
        log.seek(seen)
        assert b'"level":"error"' not in log.read()


@pytest.fixture(autouse=True, scope="module")
def ledger_is_clean(installation):
    """As everywhere, but once for hundreds of cases."""
    yield
    installation.cluster.check_ledger()
