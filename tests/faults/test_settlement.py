# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever breaks while payees are settled, everybody is paid once, by the next run at the latest (O6)."""

import signal
import subprocess
import threading

import psycopg2
import pytest

from support.place import DEADLINE_S, wait_until
from support.settlement import add_vendors, agree, call, check_settlements, forget_payees, sell, settled

PRICE = 1_500_000
COUNT = 30


@pytest.fixture
def vendors(installation):
    """Each is due one price."""
    numbers = add_vendors(installation, COUNT)
    agree(installation, numbers)
    sell(installation, numbers, PRICE)
    yield numbers
    check_settlements(installation)
    forget_payees(installation)


@pytest.fixture
def hold_vendor(installation):
    """hold_vendor(vendor): its position is locked until the story lets go, by calling the result."""
    sessions = []

    def hold(vendor):
        installation.query(
            "INSERT INTO settlement.positions (payee_id, currency) SELECT payee_id, 'EUR'"
            " FROM settlement.payees WHERE vendor_id = %s ON CONFLICT DO NOTHING", (vendor,))
        session = installation.cluster.connect()
        sessions.append(session)
        session.cursor().execute(
            "SELECT FROM settlement.positions JOIN settlement.payees USING (payee_id)"
            " WHERE vendor_id = %s FOR UPDATE OF positions", (vendor,))
        return session.rollback

    yield hold
    for session in sessions:
        session.close()


def waiting(installation):
    """Backends that settle and wait for a lock."""
    return [pid for (pid,) in installation.query(
        "SELECT pid FROM pg_stat_activity WHERE usename = 'farthing_dba' AND wait_event_type = 'Lock'")]


def run(installation, *arguments):
    return subprocess.Popen([*installation.command(), "settle", "vendors", *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def counts(installation, vendors):
    return sorted(len(amounts) for amounts in settled(installation, vendors).values())


def everybody_once(installation, vendors):
    assert settled(installation, vendors) == {vendor: [PRICE] for vendor in vendors}


def test_backend_terminated_in_a_slice(installation, vendors, hold_vendor):
    """pg_terminate_backend: the slices before are whole, the one under way never was."""
    let_go = hold_vendor(vendors[12])
    with run(installation, "--slice=5") as process:
        pid, = wait_until(lambda: waiting(installation), "the run is stuck")
        installation.query("SELECT pg_terminate_backend(%s)", (pid,))
        _, said = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 1 and "10 vendors are done; run it again" in said
    assert counts(installation, vendors) == [0] * 20 + [1] * 10
    let_go()
    installation.operate("settle", "vendors", "--slice=5")
    everybody_once(installation, vendors)


def test_procedure_terminated(installation, vendors, hold_vendor, background):
    """The same of CALL, as cron would run it."""
    let_go = hold_vendor(vendors[-1])
    answer = background(call, installation, "settlement.settle_vendors(in_slice => 4)")
    pid, = wait_until(lambda: waiting(installation), "the procedure is stuck")
    installation.query("SELECT pg_terminate_backend(%s)", (pid,))
    with pytest.raises(psycopg2.Error):
        answer.result()
    assert counts(installation, vendors) == [0] * 2 + [1] * 28
    let_go()
    call(installation, "settlement.settle_vendors(in_slice => 4)")
    everybody_once(installation, vendors)


def test_terminated_anywhere(installation, vendors):
    """Runs are ended at moments that nobody chose, until one comes through."""
    ended = 0
    while ended < 12:
        with run(installation, "--slice=1") as process:
            pid = wait_until(lambda: process.poll() is not None or installation.query(
                "SELECT pg_terminate_backend(pid), pid FROM pg_stat_activity"
                " WHERE usename = 'farthing_dba'"), "the run was ended")
            process.communicate(timeout=DEADLINE_S)
        ended += 1
        assert pid and set(counts(installation, vendors)) <= {0, 1}
    installation.operate("settle", "vendors")
    everybody_once(installation, vendors)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_a_signal(installation, vendors, hold_vendor, sent):
    """The slice under way is finished, then the run ends and says so."""
    let_go = hold_vendor(vendors[7])
    with run(installation, "--slice=5") as process:
        wait_until(lambda: waiting(installation), "the run is stuck")
        process.send_signal(sent)
        let_go()
        _, said = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 130 and "stopped after 10 vendors" in said
    assert counts(installation, vendors) == [0] * 20 + [1] * 10
    installation.operate("settle", "vendors")
    everybody_once(installation, vendors)


def test_killed(installation, vendors, hold_vendor):
    """kill -9 of the command: the server ends or undoes the slice, nothing is half done."""
    let_go = hold_vendor(vendors[20])
    with run(installation, "--slice=5") as process:
        wait_until(lambda: waiting(installation), "the run is stuck")
        process.kill()
    let_go()
    wait_until(lambda: not installation.query(
        "SELECT pid FROM pg_stat_activity WHERE usename = 'farthing_dba'"), "its backend has ended")
    assert counts(installation, vendors)[0] == 0
    installation.operate("settle", "vendors")
    everybody_once(installation, vendors)


def test_two_runs_and_a_procedure_at_once(installation, vendors, hold_vendor, background):
    """All wait for the same vendor; in the end each vendor has one settlement."""
    let_go = hold_vendor(vendors[0])
    processes = [run(installation, f"--slice={size}") for size in (3, 7, 30)]
    answer = background(call, installation, "settlement.settle_vendors(in_slice => 11)")
    wait_until(lambda: len(waiting(installation)) == 4, "all are stuck")
    let_go()
    for process in processes:
        said, _ = process.communicate(timeout=DEADLINE_S)
        assert process.returncode == 0, said
    answer.result()
    everybody_once(installation, vendors)


def test_power_failure(installation, vendors, hold_vendor):
    """PostgreSQL ends without a shutdown: what was committed is there, the rest is settled later."""
    hold_vendor(vendors[15])
    with run(installation, "--slice=5") as process:
        wait_until(lambda: waiting(installation), "the run is stuck")
        installation.cluster.stop("immediate")
        process.communicate(timeout=DEADLINE_S)
    installation.cluster.start()
    assert process.returncode == 1
    assert counts(installation, vendors) == [0] * 15 + [1] * 15
    installation.operate("settle", "vendors")
    everybody_once(installation, vendors)


def test_sales_go_on(installation, vendors):
    """Sales that are rolled up while vendors are settled are in one settlement each."""
    stop = threading.Event()
    runs = []

    def settle():
        while not stop.is_set():
            call(installation, "settlement.settle_vendors(in_slice => 3)")
            runs.append(1)

    thread = threading.Thread(target=settle)
    thread.start()
    try:
        for _ in range(6):
            sell(installation, vendors, PRICE)
    finally:
        stop.set()
        thread.join()
    assert runs
    call(installation, "settlement.settle_vendors()")
    assert {sum(amounts) for amounts in settled(installation, vendors).values()} == {7 * PRICE}


@pytest.fixture
def long_slice(installation, vendors, hold_vendor):
    """long_slice(): when the first slice has taken more than a second: with 1 % a minute's pause follows."""
    let_go = hold_vendor(vendors[2])

    def wait():
        wait_until(lambda: installation.query(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'farthing_dba' AND wait_event_type = 'Lock'"
            " AND clock_timestamp() - query_start > interval '1 second'"), "a slice has taken long")
        let_go()
        wait_until(lambda: sum(counts(installation, vendors)) == 5, "it is committed")

    return wait


def locks_of_pauses(installation):
    """(backend, its transaction, its locks) of each that settles and pauses."""
    return installation.query(
        "SELECT pid, backend_xid::text, (SELECT count(*) FROM pg_locks l"
        " WHERE l.pid = a.pid AND l.locktype <> 'virtualxid') FROM pg_stat_activity a"
        " WHERE usename = 'farthing_dba' AND (state = 'idle' OR wait_event = 'PgSleep')")


def test_pause_of_the_command(installation, vendors, long_slice):
    """O11: between slices it holds nothing, and SIGTERM ends it at once."""
    with run(installation, "--slice=5", "--share=1") as process:
        long_slice()
        (_, transaction, locks), = wait_until(lambda: locks_of_pauses(installation), "it pauses")
        assert (transaction, locks) == (None, 0)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 130 and "stopped after 5 vendors" in said
    installation.operate("settle", "vendors")
    everybody_once(installation, vendors)


def test_pause_of_the_procedure(installation, vendors, background, long_slice):
    """O11: likewise, and a cancellation ends it."""
    done = background(call, installation, "settlement.settle_vendors(in_slice => 5, in_share_percent => 1)")
    long_slice()
    (backend, transaction, locks), = wait_until(lambda: locks_of_pauses(installation), "it pauses")
    assert (transaction, locks) == (None, 0)
    installation.query("SELECT pg_cancel_backend(%s)", (backend,))
    with pytest.raises(psycopg2.errors.QueryCanceled):
        done.result(timeout=DEADLINE_S)
    assert sum(counts(installation, vendors)) == 5
    call(installation, "settlement.settle_vendors()")
    everybody_once(installation, vendors)
