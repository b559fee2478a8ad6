# SPDX-License-Identifier: GPL-3.0-or-later
"""Purchases that come at random, so many a second, and are made as farthingd makes them: when a
connection is free, it takes all that wait. A purchase's time runs from its arrival."""

import collections
import random
import statistics
import threading
import time

from support.place import wait_until

BATCH = 256
STOCK = 200_000  # transactions prepared at a time
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
        self._times = []  # (arrival, seconds)
        self._under_way = {}  # by thread, when the first of its batch arrived
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._stock = []
        self._refill()
        self._next_arrival = 0.0
        self._problem = None
        self._threads = [threading.Thread(target=self._work) for _ in range(connections)]
        self._threads.append(threading.Thread(target=self._supply))

    def __enter__(self):
        self._next_arrival = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if self._problem:
            raise self._problem

    def catch_up(self, moment):
        """Returns when all are made that arrived before the moment."""
        def caught_up():
            with self._lock:
                return self._problem or min([self._next_arrival, *self._under_way.values()]) >= moment
        wait_until(caught_up, "purchases have caught up")

    def between(self, begun, ended):
        """Seconds of each purchase that came then."""
        if self._problem:
            raise self._problem
        with self._lock:
            return [seconds for arrival, seconds in self._times if begun <= arrival < ended]

    def typical_p99(self, *periods):
        """Milliseconds: the median of the p99 of every SPAN_S seconds of these periods."""
        spans = collections.defaultdict(list)
        with self._lock:
            for arrival, seconds in self._times:
                for begun, ended in periods:
                    if begun <= arrival < ended:
                        spans[begun, (arrival - begun) // SPAN_S].append(seconds)
        return round(statistics.median(percentile(span, 0.99) for span in spans.values()), 2)

    def _refill(self):
        rows = self.cluster.query("SELECT * FROM bench.supply(%s)", (STOCK,))
        with self._lock:
            self._stock = rows[::-1] + self._stock

    def _supply(self):
        while not self._stop.wait(0.2):
            if len(self._stock) < STOCK // 2:
                self._refill()

    def _take(self):
        """(arrivals, (transaction, user, login) of each) of all that wait now."""
        with self._lock:
            now = time.monotonic()
            arrivals, orders = [], []
            while self._next_arrival <= now and len(arrivals) < BATCH:
                arrivals.append(self._next_arrival)
                orders.append(self._stock.pop())
                self._next_arrival += random.expovariate(self.rate)
            if arrivals:
                self._under_way[threading.get_ident()] = arrivals[0]
            return arrivals, orders, self._next_arrival - now

    def _work(self):
        session = self.cluster.connect("farthing_daemon")
        session.autocommit = True
        try:
            with session.cursor() as cursor:
                cursor.execute(
                    "PREPARE buy (uuid[], bigint[], bigint[], text[], boolean[]) AS"
                    " SELECT count(*) FILTER (WHERE outcome = '00000' AND charged)"
                    " FROM purchase.buy_batch($1, $2, $3, $4, $5)")
                while not self._stop.is_set():
                    arrivals, orders, wait = self._take()
                    if arrivals:
                        self._buy(cursor, arrivals, orders)
                    else:
                        time.sleep(max(0.0, min(wait, 0.05)))
        except Exception as problem:  # pylint: disable=broad-exception-caught
            self._problem = problem
            self._stop.set()
        finally:
            session.close()

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
            self._times += [(arrival, ended - arrival) for arrival in arrivals]
            del self._under_way[threading.get_ident()]
