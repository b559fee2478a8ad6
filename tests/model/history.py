# SPDX-License-Identifier: GPL-3.0-or-later
"""
A random history: operations chosen by a seed, each told to the database and to the model, and all
of it compared now and then. The same seed chooses the same operations, as long as what they are
chosen from is the same: IDs, moments and where crashes hit are new in each run.
"""

import collections
import itertools
import random

from model.books import Books, Difference
from model.compare import Comparison
from model.database import ORIGIN, Database, Session
from model.royalties import Rollups, Vendor
from model.trade import Trade
from model.upkeep import Upkeep

SAMPLE = 250  # operations between two comparisons
TAIL = 60  # operations told of a failure

VENDORS = (("EUR", "UTC"), ("EUR", "Europe/Berlin"), ("USD", "America/New_York"),
           ("USD", "Asia/Kathmandu"), ("JPY", "Asia/Tokyo"), ("KWD", "Pacific/Apia"),
           ("EUR", "America/St_Johns"), ("XTS", "UTC"))
OWNER_ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Europe/Lisbon", "Asia/Kolkata",
               None, None)

# How often each is chosen.
WEIGHTS = {
    "initiate": 9, "purchase": 24, "refund": 14, "deposit": 14, "look": 8, "cancel": 1,
    "add_user": 1, "change_login": 2, "change_user": 0.6, "set_limits": 1.5,
    "issue_incentive": 3, "hold": 2.5, "release": 0.8, "change_vendor": 0.5,
    "set_owners": 2, "set_schedule": 1.2, "set_commission": 0.8, "set_terms": 2,
    "roll_up": 6, "roll_up_at_once": 0.5, "collect": 2, "settle": 3, "settle_at_once": 1,
    "move_payout": 5, "pass_time": 4, "commit_late": 1, "crash": 0.7, "close_books": 0.4,
}


class History(Trade, Upkeep):
    def __init__(self, cluster, seed):
        self.seed = seed
        self.rng = random.Random(seed)
        self.numbers = itertools.count(1)  # of names
        self.steps = itertools.count(1)
        self.db = Database(cluster)
        self.late = Session(cluster, "farthing_daemon")
        self.books = Books()
        self.rollups = Rollups(self.books)
        self.counts = collections.Counter()
        self.operations = 0
        self.notes = collections.deque(maxlen=20 * SAMPLE)  # (operation, what, subjects)
        self.recent, self.latest_sales = [], []
        self.settlements, self.payouts = {}, {}
        self.owner_ids = [f"owner {number}" for number in range(len(OWNER_ZONES))]
        self.begin()

    def begin(self):
        """Vendors, users and owners to begin with, at a random time of the year."""
        self.db.cluster.advance(self.rng.randrange(365 * 86400))
        self.db.daemon.rows("SELECT purchase.maintain_partitions()")
        self.today = self.db.now()
        for number, (currency, zone) in enumerate(VENDORS):
            vendor_id, = self.db.dba.row(
                "SELECT vendor.add(%s, %s, 'no hash', %s, ARRAY[%s], '{/}', %s)",
                (f"Vendor {number}", currency, ORIGIN, ORIGIN, zone))
            self.books.vendors[vendor_id] = Vendor(vendor_id, currency, zone)
        for owner_id, zone in zip(self.owner_ids, OWNER_ZONES):
            if zone is not None:
                self.db.dba.rows("SELECT royalty.register_owner(%s, 'A Name', %s)",
                                 (owner_id, zone))
                self.rollups.zones[owner_id] = zone
        vendor_id = next(iter(self.books.vendors))
        self.db.dba.rows(
            "SELECT royalty.set_owners(%s, %s, %s, '/x/', %s, %s::int[], %s::bigint[])",
            (vendor_id, ORIGIN + "/x/", ORIGIN, self.owner_ids, [1] * len(self.owner_ids),
             [None] * len(self.owner_ids)))
        for step in [self.initiate] + [self.add_user] * 60 + [self.set_terms] * 12 + [
                self.set_schedule] * 4 + [self.set_owners] * 6 + [self.deposit] * 160:
            step()

    def done(self, kind, what, *subjects):
        self.counts[kind] += 1
        self.operations += 1
        self.notes.append((self.operations, f"{kind}: {what}", subjects))

    def run(self, operations, sample=SAMPLE):
        """
        What reads every sale is compared, and audited, more rarely the longer the history gets.
        """
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        due = {"quick": 0, "audited": 0, "full": 0}
        rarer = {"quick": 0, "audited": 1 / 20, "full": 1 / 4}
        try:
            while self.operations < operations:
                self.rng.seed(f"{self.seed} {next(self.steps)}")  # whatever a crash hit
                getattr(self, self.rng.choices(names, weights)[0])()
                now = [kind for kind in due if self.operations >= due[kind] + sample]
                if now:
                    self.compare(now[-1])
                for kind in now:
                    due[kind] = self.operations + int(self.operations * rarer[kind])
            self.cover_all()
            self.collect()
            self.compare("full")
        except Exception as problem:
            raise Difference(self.report(problem)) from problem

    def compare(self, kind):
        getattr(Comparison(self), kind)()
        self.counts[f"comparison, {kind}"] += 1

    def report(self, problem):
        """The end of the history, shrunk to what the difference is about when it says so."""
        text = str(problem)
        about = [note for note in self.notes
                 if any(subject.lower() in text.lower() for subject in note[2])]
        lines = [f"  {number:6} {what} [{', '.join(subjects)}]"
                 for number, what, subjects in list(about or self.notes)[-TAIL:]]
        return "\n".join([
            f"{type(problem).__name__}: {text}",
            f"seed {self.seed}, after operation {self.operations}; to repeat it:",
            f"  FARTHING_MODEL_SEED={self.seed} FARTHING_MODEL_OPERATIONS={self.operations + 1}"
            " FARTHING_MODEL_SAMPLE=1 tests/run model",
            "the last operations" + (" on what it is about:" if about else ":"), *lines])

    def summary(self):
        counts = "\n".join(f"  {count:7} {kind}" for kind, count in sorted(self.counts.items()))
        return f"seed {self.seed}: {self.operations} operations\n{counts}"
