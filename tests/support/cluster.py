# SPDX-License-Identifier: GPL-3.0-or-later
"""A private PostgreSQL cluster."""

import subprocess

import psycopg2

from support.place import SOURCE


class Cluster:
    def __init__(self, directory):
        self.directory = directory
        self._deploy("create")
        self.conninfo = self.start()

    def _deploy(self, verb, *arguments):
        done = subprocess.run(
            [SOURCE / "deploy/cluster", verb, self.directory, *arguments],
            check=True, stdout=subprocess.PIPE, text=True, timeout=120)
        return done.stdout.strip()

    def start(self):
        return self._deploy("start")

    def stop(self, mode="fast"):
        self._deploy("stop", mode)

    def destroy(self):
        self._deploy("destroy")

    def conninfo_as(self, user, database="farthing"):
        return psycopg2.extensions.make_dsn(self.conninfo, user=user, dbname=database)

    def connect(self, user="postgres", database="farthing"):
        """A new session; its owner closes it."""
        return psycopg2.connect(self.conninfo_as(user, database))

    def query(self, sql, parameters=(), database="farthing"):
        """All rows of one statement, committed."""
        connection = self.connect(database=database)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def query_alone(self, sql):
        """A statement that refuses to run in a transaction."""
        connection = self.connect()
        try:
            connection.autocommit = True
            connection.cursor().execute(sql)
        finally:
            connection.close()

    def check_ledger(self, database="farthing"):
        """O10: every entry sums to zero, every balance equals its postings."""
        balance = self.query("SELECT * FROM ledger.trial_balance WHERE balance <> 0",
                             database=database)
        differences = self.query("SELECT * FROM ledger.wallet_differences LIMIT 10",
                                 database=database)
        assert balance == [], f"postings do not sum to zero: {balance}"
        assert differences == [], f"balances that differ from their postings: {differences}"
