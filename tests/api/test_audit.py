# SPDX-License-Identifier: GPL-3.0-or-later
"""farthing audit, as an auditor calls it who trusts nobody (O10, O11)."""

import json
import re
import subprocess

import lxml.html
import pytest

from conftest import run_installation
from support.market import add_user

FINDINGS = 3


@pytest.fixture(scope="module")
def books():
    """An installation of its own: what others leave behind is not to be found here."""
    yield from run_installation()


@pytest.fixture
def audit(books):
    def run(*arguments, status=0):
        done = subprocess.run([*books.command(), "audit", *arguments], text=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout
    return run


@pytest.fixture
def tampered(books):
    """A wallet that has a millionth more than was ever posted."""
    user = add_user(books)
    change = "UPDATE account.wallets SET balance = balance + %s WHERE user_id = %s"
    books.query(change, (1, user.user_id))
    yield user
    books.query(change, (-1, user.user_id))


def test_clean_books_are_closed(books, audit):
    add_user(books, funds="12.34")
    said = audit("day")
    assert said.endswith("0 findings\n") and "BAD" not in said
    number, facts, link = re.fullmatch(r"link (\d+) (\d+) facts ([0-9a-f]{64})\n",
                                       audit("close")).groups()
    assert int(number) >= 1 and int(facts) >= 3  # a deposit and its two postings
    assert f"chain of {number}" in audit("full") and link in audit("full")
    assert audit("close") == "nothing new\n"


def test_a_finding_is_told_and_nothing_is_closed(tampered, audit):
    expected = f"wallet_balance: user {tampered.user_id} EUR: expected 5000000, found 5000001"
    assert expected in audit("day", status=FINDINGS)
    assert "1 finding\n" in audit("full", status=FINDINGS)
    assert audit("close", status=FINDINGS) == ""


def test_the_report_for_programs(tampered, audit, tmp_path):
    path = tmp_path / "audit.json"
    audit("full", f"--json={path}", status=FINDINGS)
    report = json.loads(path.read_text())
    assert (report["kind"], report["findings_count"]) == ("full", 1)
    found = [finding for check in report["checks"] for finding in check["findings"]]
    assert found == [{"finding": "wallet_balance", "subject": f"user {tampered.user_id} EUR",
                      "expected": "5000000", "actual": "5000001"}]
    assert all(check["proves"] for check in report["checks"])


def test_the_report_for_people(tampered, audit, tmp_path):
    path = tmp_path / "audit.html"
    audit("full", f"--html={path}", status=FINDINGS)
    page = lxml.html.parse(str(path)).getroot()
    assert page.get("lang") == "en" and page.findtext(".//h1").strip() == "Full audit"
    assert "the books are not right" in page.find_class("verdict")[0].text_content()
    assert f"user {tampered.user_id} EUR" in page.text_content()


def test_a_report_that_cannot_be_written(audit, tmp_path):
    audit("day", f"--json={tmp_path}/no/such/folder", status=1)
    audit("day", f"--html={tmp_path}/no/such/folder", status=1)


def test_the_auditor_changes_nothing(books):
    """O11: the role can read and close, no more."""
    connection = books.cluster.connect("farthing_auditor")
    try:
        with connection.cursor() as cursor:
            for statement in ("UPDATE account.wallets SET balance = 0",
                              "INSERT INTO audit.links VALUES (99, 99, 0, '')",
                              "DELETE FROM audit.totals", "SELECT password_hash FROM account.users"):
                with pytest.raises(Exception, match="permission denied"):
                    cursor.execute(statement)
                connection.rollback()
    finally:
        connection.close()
