# SPDX-License-Identifier: GPL-3.0-or-later
"""
The database comes back from its backups, by the commands of the DBA's manual: to a moment between
two purchases, and into another cluster.
"""

import copy
import pathlib

import psycopg2
import pytest

from conftest import run_installation
from support import manual
from support.api import VendorApi
from support.cluster import Cluster
from support.daemon import Farthingd
from support.place import wait_until
from support.settlement import agree, call, check_settlements, settled
from support.web import Browser


@pytest.fixture
def installation():
    """One of its own for each story: time goes back in it."""
    yield from run_installation()


@pytest.fixture
def buy(shop, browser):
    """buy(price): a new item; its transaction."""
    def purchase(price):
        offer = shop.api.initiate(Price=price, ContentURL=shop.url + price)
        assert browser.buy(offer.BuyURL)
        return offer.TransactionID

    return purchase


@pytest.fixture
def books(installation, shop, buy):
    """A vendor that pays royalties, sold, was settled; its books were closed."""
    number = int(shop.vendor.vendor_id)
    installation.query("SELECT royalty.set_schedule(%s, 'month', '{0}', '{50000}', '{0}')", (number,))
    agree(installation, [number], 100_000)
    buy("0.40")
    settle(installation)
    assert settled(installation, [number]) == {number: [380_000]}
    manual.run("farthing audit close", installation)
    return number


def settle(installation):
    """A rollup passes by what is not committed yet, and what began later than that."""
    def rolled_up():
        call(installation, "royalty.roll_up_all()")
        return number_of("royalty.waiting_since() IS NULL", installation)

    wait_until(rolled_up, "all sales are rolled up")
    call(installation, "royalty.collect_all()")
    call(installation, "settlement.settle_vendors()")


def sold(installation):
    return [str(sale) for (sale,) in installation.query(
        "SELECT transaction_id FROM purchase.sales ORDER BY sold_at")]


def number_of(query, installation):
    return installation.query(f"SELECT {query}")[0][0]


def restart(cluster, farthingd):
    """While the daemon stands still."""
    farthingd.stop()
    cluster.stop()
    cluster.start()
    farthingd.start()


def archived(installation):
    """All that was written is in the archive."""
    last = number_of("pg_walfile_name(pg_switch_wal())", installation)
    wait_until(lambda: (number_of("last_archived_wal FROM pg_stat_archiver", installation) or "") >= last,
               f"{last} is archived")


def test_back_to_a_moment_between_two_purchases(installation, farthingd, buy, books):
    """What was committed before it is there, what came after is not, and the books are right."""
    cluster = installation.cluster
    place = pathlib.Path(cluster.directory).resolve()
    places = {"DATA": place / "data", "ARCHIVE": place / "archive", "BASE": place / "base"}
    archive, base = manual.commands("Backups")
    manual.run(archive, installation, place, **places)
    restart(cluster, farthingd)
    manual.run(base, installation, place, **places)

    before = sold(installation) + [buy("0.30")]
    moment = number_of("clock_timestamp()", installation)
    lost = buy("0.20")
    settle(installation)
    assert settled(installation, [books]) == {books: [380_000, 470_000]}
    archived(installation)
    farthingd.stop()
    cluster.stop("immediate")

    restore, after = manual.commands("Back to a moment")
    manual.run(restore, installation, place, MOMENT=moment, **places)
    cluster.start()
    wait_until(lambda: not number_of("pg_is_in_recovery()", installation), "the cluster is restored")
    said = manual.run(after, installation)
    assert "chain of 1" in said and said.endswith("0 findings\n")
    assert sold(installation) == before and lost not in before
    assert settled(installation, [books]) == {books: [380_000]}

    farthingd.start()
    buy("0.10")
    settle(installation)
    assert settled(installation, [books]) == {books: [380_000, 380_000]}
    check_settlements(installation)
    assert "0 findings" in manual.run("farthing audit full; farthing audit close", installation)


@pytest.fixture
def another(installation, tmp_path):
    """A new cluster, without a database; the installation as it will be there."""
    cluster = Cluster(tmp_path / "another")
    session = cluster.connect(database="postgres")
    session.autocommit = True
    session.cursor().execute("DROP DATABASE farthing")
    session.close()
    there = copy.copy(installation)
    there.cluster, there.directory = cluster, tmp_path
    there.config_file = tmp_path / "operator.conf"
    there.config_file.write_text(there.render(there.settings(provider={"sign_up_bonus": "0"})))
    yield there
    cluster.destroy()


def test_into_another_cluster(installation, farthingd, user, shop, buy, books, another):
    """Rollups refuse to go on with lower transaction numbers; lifted as the manual says, they do."""
    session = installation.cluster.connect()
    session.autocommit = True
    session.cursor().execute("DO $$ BEGIN FOR i IN 1 .. 20000 LOOP"
                             " PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
    session.close()
    waiting = buy("0.30")
    settle(installation)
    buy("0.20")
    farthingd.stop()
    assert "0 findings" in manual.run("farthing audit full", installation)

    dump, restore, lift, after = manual.commands("Into another cluster")
    directory = another.directory / "dump"
    directory.mkdir()
    manual.run(dump, installation, DUMP=directory)
    epoch = manual.run(restore, another, DUMP=directory).split()[-1]
    with pytest.raises(psycopg2.Error) as refusal:
        call(another, "royalty.roll_up_all()")
    assert refusal.value.pgcode == "FT035"
    place = pathlib.Path(another.cluster.directory).resolve()
    another.cluster.stop()
    manual.run(lift, another, place, DATA=place / "data", EPOCH=epoch)
    another.cluster.start()
    assert manual.run(after, another).endswith("0 findings\n")
    assert sold(another) == sold(installation) and waiting in sold(another)
    another.cluster.check_ledger()

    daemon = Farthingd(another)
    try:
        browser = Browser(daemon.url)
        browser.log_in(user)
        assert browser.buy(VendorApi(daemon.url, shop.vendor).initiate(
            Price="0.10", ContentURL=shop.url + "0.10").BuyURL)
    finally:
        daemon.stop()
    settle(another)
    assert settled(another, [books]) == {books: [380_000, 280_000, 290_000]}
    check_settlements(another)
    assert "0 findings" in manual.run("farthing audit full; farthing audit close", another)
