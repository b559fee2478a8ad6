# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests break servers, so they have a cluster and a daemon of their own."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import run_installation
from support.daemon import Farthingd
from support.place import wait_until


@pytest.fixture(scope="session")
def installation():
    yield from run_installation()


@pytest.fixture
def farthingd(installation):
    daemon = Farthingd(installation, database={"timeout_ms": 2000})
    yield daemon
    daemon.stop()


@pytest.fixture
def background():
    """background(function, argument …): a future; its exception stays in it."""
    with ThreadPoolExecutor() as pool:
        yield pool.submit


@pytest.fixture
def hold(installation):
    """
    with hold(statement): what the statement locks stays locked, and stuck() waits until a call
    of the daemon hangs on that and returns its backend's process.
    """
    cluster = installation.cluster

    @contextlib.contextmanager
    def holding(statement, parameters=()):
        session = cluster.connect()
        try:
            session.cursor().execute(statement, parameters)
            yield lambda: wait_until(lambda: stuck_behind(cluster, session), "a call is stuck")
        finally:
            session.close()

    return holding


def stuck_behind(cluster, session):
    rows = cluster.query("SELECT pid FROM pg_stat_activity WHERE usename = 'farthing_daemon'"
                         " AND %s = ANY (pg_blocking_pids(pid))", (session.info.backend_pid,))
    return rows[0][0] if rows else None


@pytest.fixture
def hold_wallet(hold, user):
    return hold("SELECT FROM account.wallets WHERE user_id = %s FOR UPDATE", (user.user_id,))
