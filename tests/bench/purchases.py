# SPDX-License-Identifier: GPL-3.0-or-later
"""Purchases that come at random, so many a second, and are made as farthingd makes them: when a
connection is free, it takes all that wait. A purchase's time runs from its arrival."""

import array
import collections
import contextlib
import random
import statistics
import threading
import time

from support.place import wait_until

BATCH = 256
STOCK_S = 5  # for so long the transactions suffice that are prepared
SUPPLY_S = 0.1  # so often are they made up to that: in bursts, purchases would wait for them
SPAN_S = 5  # of which each has a p99


def percentile(values, share):
    """In ms; the values are in seconds."""
    ordered = sorted(values)
    return round(ordered[int(len(ordered) * share)] * 1000, 2) if ordered else 0.0


class Purchases:
    """with Purchases(…): they go on until the end of the block, or fail there."""

    def __init__(self, cluster, rate, connections):
        self.cluster = cluster
        self.rate = rate
        self.made = 0
        self.late = 0  # not begun within a second
        self._arrivals = array.array("d")  # of those made
        self._seconds = array.array("d")  # that they took
        self._under_way = {}  # by thread, when the first of its batch arrived
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._stock = collections.deque()
        self._next_arrival = 0.0
        self._problem = None
        self._threads = [threading.Thread(target=self._run, args=work)
                         for work in [("farthing_daemon", self._work)] * connections
                         + [("postgres", self._supply)]]

    def __enter__(self):
        with contextlib.closing(self.cluster.connect("postgres")) as session:
            with session.cursor() as cursor:
                self._refill(cursor)
            session.commit()
        self._next_arrival = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._tell()

    def _tell(self):
        if self._problem:
            raise self._problem

    def catch_up(self, moment):
        """Returns when all are made that arrived before the moment."""
        def caught_up():
            with self._lock:
                return self._problem or min([self._next_arrival, *self._under_way.values()]) >= moment
        wait_until(caught_up, "purchases have caught up")
        self._tell()

    def between(self, begun, ended):
        """Seconds of each purchase that came then; to be asked when no more are made."""
        return [seconds for arrival, seconds in zip(self._arrivals, self._seconds)
                if begun <= arrival < ended]

    def typical_p99(self, *periods):
        """Milliseconds: the median of the p99 of every SPAN_S seconds of these periods; likewise. What
        is left of one at its end belongs to the last span."""
        spans = collections.defaultdict(list)
        for arrival, seconds in zip(self._arrivals, self._seconds):
            for begun, ended in periods:
                if begun <= arrival < ended:
                    last = max((ended - begun) // SPAN_S, 1) - 1
                    spans[begun, min((arrival - begun) // SPAN_S, last)].append(seconds)
        return round(statistics.median(percentile(span, 0.99) for span in spans.values() or [[]]), 2)

    def _refill(self, cursor):
        wanted = self.rate * STOCK_S - len(self._stock)
        if wanted > 0:
            cursor.execute("SELECT * FROM bench.supply(%s)", (wanted,))
            self._stock.extend(cursor.fetchall())

    def _supply(self, cursor):
        while not self._stop.wait(SUPPLY_S):
            self._refill(cursor)

    def _take(self):
        """(arrivals, (transaction, user, login) of each) of all that wait now."""
        with self._lock:
            now = time.monotonic()
            arrivals, orders = [], []
            while self._stock and self._next_arrival <= now and len(arrivals) < BATCH:
                arrivals.append(self._next_arrival)
                orders.append(self._stock.popleft())
                self._next_arrival += random.expovariate(self.rate)
            if arrivals:
                self._under_way[threading.get_ident()] = arrivals[0]
            return arrivals, orders, self._next_arrival - now

    def _run(self, role, work):
        try:
            with contextlib.closing(self.cluster.connect(role)) as session:
                session.autocommit = True
                with session.cursor() as cursor:
                    work(cursor)
        except Exception as problem:  # pylint: disable=broad-exception-caught
            self._problem = problem
            self._stop.set()

    def _work(self, cursor):
        cursor.execute("PREPARE buy (uuid[], bigint[], bigint[], text[], boolean[]) AS"
                       " SELECT count(*) FILTER (WHERE outcome = '00000' AND charged)"
                       " FROM purchase.buy_batch($1, $2, $3, $4, $5)")
        while not self._stop.is_set():
            arrivals, orders, wait = self._take()
            if arrivals:
                self._buy(cursor, arrivals, orders)
            else:
                time.sleep(max(0.001, min(wait, 0.05)))

    def _buy(self, cursor, arrivals, orders):
        begun = time.monotonic()
        transactions, users, logins = (list(column) for column in zip(*orders))
        cursor.execute("EXECUTE buy (%s::uuid[], %s, %s, %s::text[], %s)",
                       (transactions, users, logins, [None] * len(orders), [False] * len(orders)))
        bought = cursor.fetchone()[0]
        ended = time.monotonic()
        assert bought == len(orders), f"{bought} of {len(orders)} were bought"
        with self._lock:
            self.made += bought
            self.late += sum(begun - arrival > 1 for arrival in arrivals)
            self._arrivals.extend(arrivals)
            self._seconds.extend(ended - arrival for arrival in arrivals)
            del self._under_way[threading.get_ident()]
