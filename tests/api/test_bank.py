# SPDX-License-Identifier: GPL-3.0-or-later
"""A treasurer's day: payouts are ordered, the bank's files are read, receipts find their users."""

import datetime
import os
import re
import resource
import shutil
import signal
import subprocess
from decimal import Decimal

import pytest

from conftest import run_installation
from support.bank import (IBAN, Entry, Message, Order, Payment, check_schema, entry, iban,
                          status_report, unique)
from support.market import add_user, add_vendor, receive_funds
from support.place import program, wait_until

VERSIONS = ["02", "04", "08"]
CREDITOR_ID = "DE98ZZZ09999999999"


@pytest.fixture(scope="module")
def installation():
    """Its bank has no other's payouts to pay."""
    yield from run_installation()


@pytest.fixture(scope="module")
def account(installation):
    """Our account in EUR."""
    return installation.operate("bank", "account", "Penny & Söhne GmbH", "DE02 1203 0000 0000 2020 51",
                                "EUR", "--bic=BYLADEM1001", f"--creditor-id={CREDITOR_ID}")


@pytest.fixture
def bank(installation, account, tmp_path):
    return Bank(installation, tmp_path)


class Bank:
    """The operator's side of it."""

    def __init__(self, installation, directory):
        self.installation = installation
        self.directory = directory

    def read(self, *entries, **message):
        """Reads a statement of the entries; {what came of them: how many}."""
        return self.read_file(Message(**message).write(self.directory, *entries))

    def read_file(self, *paths):
        said = self.installation.operate("bank", "read", *map(str, paths))
        return {what: int(number) for number, what in re.findall(r"(\d+) ([a-z][a-z_ ]*)", said)}

    def refused(self, *arguments):
        """What the command says when it fails."""
        done = subprocess.run([*self.installation.command(), "bank", *map(str, arguments)],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        assert done.returncode == 1, done.stdout
        return done.stderr

    def order(self, verb="pay", *options):
        """The one file that is due."""
        said = self.installation.operate("bank", verb, f"--output={self.directory}", *options)
        assert said.count("\n") == 0, said
        return Order(said.split()[0])

    def queue(self):
        return self.installation.operate("bank", "queue")

    def queued(self, mark):
        """The number of the queued entry whose text has the mark."""
        found = re.search(rf"^(\d+) [^\n]*(?:\n    [^\n]*)*{re.escape(mark)}", self.queue(), re.M)
        assert found, self.queue()
        return found[1]

    def state(self, end_to_end_id):
        return self.installation.query(
            "SELECT state FROM settlement.payouts WHERE end_to_end_id = %s"
            " UNION ALL SELECT state FROM bank.debits WHERE end_to_end_id = %s",
            (end_to_end_id, end_to_end_id))[0][0]

    def balance(self, account):
        """Of one of the provider's own accounts."""
        return int(self.installation.query(
            "SELECT coalesce(sum(amount), 0) FROM ledger.postings WHERE account = %s"
            " AND currency = 'EUR'", (account,))[0][0])


def owe(installation, *amounts, name="Bücher & Noten", creditor=None, currency="EUR"):
    """A vendor for each amount sells for it and is settled: a payout each is due."""
    vendors = []
    for number, amount in enumerate(amounts):
        user = add_user(installation, funds=None)
        receive_funds(installation, user.login_name, "5000", currency)
        vendor = add_vendor(installation, f"http://{unique('shop')}.example/", currency=currency)
        installation.query(
            "SELECT settlement.set_vendor_terms(%s, 1000000, 'any_day', in_creditor_name => %s,"
            " in_creditor_iban => %s)", (int(vendor.vendor_id), name, creditor or iban(number + 1)))
        sell(installation, vendor, user, amount)
        vendors.append(vendor)
    while installation.query("SELECT royalty.roll_up(1000000)") != [(0,)]:
        pass
    for vendor in vendors:
        installation.cluster.query_alone(
            f"CALL settlement.settle_vendors(in_vendor_id => {vendor.vendor_id})")


def sell(installation, vendor, user, micro):
    """One item, by the procedures that the daemon calls."""
    origin = vendor.home_url.rstrip("/")
    rows = installation.query(
        "SELECT transaction_id FROM purchase.initiate_batch(ARRAY[%(id)s], '{1}', '{Hat}',"
        " ARRAY[%(price)s::bigint], ARRAY[%(origin)s || '/hat'], ARRAY[%(origin)s], '{/hat}', '{f}',"
        " '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}',"
        " '{NULL}', '{NULL}', 3600)",
        {"id": int(vendor.vendor_id), "price": micro, "origin": origin})
    login = installation.query("SELECT account.start_login(%s, false, 30)", (user.user_id,))[0][0]
    bought = installation.query(
        "SELECT outcome FROM purchase.buy_batch(ARRAY[%s::uuid], ARRAY[%s::bigint],"
        " ARRAY[%s::bigint], '{NULL}', '{f}')", (rows[0][0], user.user_id, login))
    assert bought == [("00000",)]


def reference(user):
    return user.installation.operate("user", "reference", user.login_name)


# --- orders ---

@pytest.mark.parametrize("version", ["09", "03"])
def test_payouts_are_ordered_in_one_valid_file(installation, bank, version):
    """O8: count and control sum are exact, the characters are those that banks take."""
    owe(installation, 1234567, 10990000, name="Łukasz Größe & Filles – „Noten“")
    order = bank.order("pay", f"--format={version}")
    assert order.root.tag == f"{{urn:iso:std:iso:20022:tech:xsd:pain.001.001.{version}}}Document"
    assert sorted(amount for _, amount in order.payments) == ["1.23", "10.99"]
    for level in "GrpHdr", "PmtInf":
        assert order.one(f"{level}/NbOfTxs") == "2"
        assert order.one(f"{level}/CtrlSum") == "12.22"
    assert order.one("DbtrAcct/Id/IBAN") == IBAN
    assert order.one("Dbtr/Nm") == "Penny + Sohne GmbH"
    assert order.one("Cdtr/Nm") == "Lukasz Grosse + Filles - ,,Noten'"
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    assert order.one("ReqdExctnDt" + "/Dt" * (version == "09")) == today
    assert {bank.state(payment) for payment, _ in order.payments} == {"sent"}
    assert installation.operate("bank", "pay", f"--output={bank.directory}") == "", "O8: once"
    if version == "09":
        check_schema(order.path)


def test_each_account_has_a_file_of_its_currency(installation, bank):
    """O8: one file for each debtor account, currency and run; each is whole by itself."""
    ours = {"EUR": IBAN, "USD": iban(501)}
    installation.operate("bank", "account", "Penny Inc.", ours["USD"], "USD")
    owe(installation, 1230000, 2340000)
    owe(installation, 5670000, 8900000, 10000000, currency="USD")
    said = installation.operate("bank", "pay", f"--output={bank.directory}").splitlines()
    assert sorted(line.split()[1:] for line in said) == [["2", "3.57", "EUR"], ["3", "24.57", "USD"]]
    orders = {line.split()[-1]: Order(line.split()[0]) for line in said}
    assert orders["EUR"].message_id != orders["USD"].message_id
    for currency, amounts in ("EUR", ["1.23", "2.34"]), ("USD", ["5.67", "8.90", "10.00"]):
        order = orders[currency]
        assert sorted((amount for _, amount in order.payments), key=float) == amounts
        assert {line.get("Ccy") for line in order.root.iter("{*}InstdAmt")} == {currency}
        assert order.one("DbtrAcct/Id/IBAN") == ours[currency]
        for level in "GrpHdr", "PmtInf":
            assert order.one(f"{level}/NbOfTxs") == str(len(amounts))
            assert order.one(f"{level}/CtrlSum") == f"{sum(map(Decimal, amounts))}"
    for order in orders.values():
        check_schema(order.path)


def test_payouts_without_an_account_are_reported(installation, bank):
    """O8: no account pays in their currency; they are paid when there is one."""
    owe(installation, 1500000)
    owe(installation, 2000000, 3250000, currency="GBP")

    def pay():
        return subprocess.run([*installation.command(), "bank", "pay", f"--output={bank.directory}"],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              check=True)

    done = pay()
    assert done.stdout.split()[1:] == ["1", "1.50", "EUR"], "the others are ordered"
    assert "no account pays in GBP: 2 payouts stay due, 5.25 GBP" in done.stderr
    assert done.stderr.count("\n") == 1
    installation.operate("bank", "account", "Penny Ltd", iban(502), "GBP")
    done = pay()
    assert (done.stdout.split()[1:], done.stderr) == (["2", "5.25", "GBP"], "")


def test_the_old_file_is_read_by_another_program(installation, bank):
    """O8: aqbanking reads the transfers of a .03 file as they were meant."""
    assert shutil.which("aqbanking-cli"), "deploy/packages has aqbanking-tools"
    owe(installation, 7250000, creditor=iban(77))
    order = bank.order("pay", "--format=03")
    context = bank.directory / "aqbanking.ctx"
    done = subprocess.run(
        ["aqbanking-cli", "-n", f"--cfgdir={bank.directory}/aqbanking", "import", "--importer=xml",
         "--profile=pain_001_001_03", f"--infile={order.path}", f"--ctxfile={context}"],
        env=os.environ | {"HOME": str(bank.directory)}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=60)
    assert done.returncode == 0, done.stdout
    read = context.read_text()
    for said in [IBAN, iban(77), order.payments[0][0], "725%2F100%3AEUR", "Bucher"]:
        assert said in read, read


def test_a_file_that_the_disk_refused_is_written_later(installation, bank):
    """O8: the payouts are ordered once, whatever happens to the file."""
    owe(installation, 5000000)

    def no_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = subprocess.run([*installation.command(), "bank", "pay", f"--output={bank.directory}"],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                          preexec_fn=no_room)
    assert done.returncode == 1
    message_id = re.search(r"farthing bank export (\S+)\"", done.stderr)[1]
    assert list(bank.directory.iterdir()) == [], "nothing half-written stays"
    assert installation.operate("bank", "pay", f"--output={bank.directory}") == ""
    first = installation.operate("bank", "export", message_id, f"--output={bank.directory}")
    order = Order(first.split()[0])
    assert [amount for _, amount in order.payments] == ["5.00"]
    content = order.path.read_bytes()
    order.path.unlink()
    installation.operate("bank", "export", message_id, f"--output={bank.directory}")
    assert order.path.read_bytes() == content, "always the same file"
    assert "no file" in bank.refused("export", "NO-SUCH", f"--output={bank.directory}")


def test_an_order_needs_an_account_and_a_directory(bank):
    assert "no such account" in bank.refused("pay", "--account=999", f"--output={bank.directory}")
    assert "directory" in bank.refused("pay", "--output=/nonexistent")
    assert "day" in bank.refused("pay", "--on=2026-02-30", f"--output={bank.directory}")
    assert "09 or 03" in bank.refused("pay", "--format=02", f"--output={bank.directory}")


@pytest.mark.parametrize("number, said", [
    ("DE03120300000000202051", "check digits"), ("DE0212030000000020205", "as long as"),
    ("US02120300000000202051", "country that has them"), ("DE02-1203", "an IBAN"), ("", "an IBAN")])
def test_a_mistyped_iban_is_refused(bank, number, said):
    """O8: and the refusal says what is wrong."""
    assert said in bank.refused("account", "Other", number, "EUR")


def test_terms_need_a_right_iban(installation, bank):
    """O8: it is checked where it is agreed, not when the bank refuses the file."""
    vendor = add_vendor(installation, f"http://{unique('shop')}.example/")
    done = subprocess.run(
        [*installation.command(), "settle", "terms", "--vendor", vendor.vendor_id, "--threshold=5",
         "--creditor=X", "--iban=DE03 1203 0000 0000 2020 51"], text=True, stderr=subprocess.PIPE,
        timeout=60)
    assert done.returncode == 1 and "check digits" in done.stderr
    installation.operate("settle", "terms", "--vendor", vendor.vendor_id, "--threshold=5",
                         "--creditor=X", "--iban=DE02 1203 0000 0000 2020 51")


def test_other_mistyped_numbers_are_refused(bank):
    other = iban(99)
    assert "BIC" in bank.refused("account", "Other", other, "EUR", "--bic=BYLADEM")
    assert "creditor-id" in bank.refused("account", "Other", other, "EUR", "--creditor-id=DE97ZZZ1")
    assert "currency unknown" in bank.refused("account", "Other", other, "XXX")


# --- what the bank says of orders ---

@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["053", "054"])
def test_statement_confirms_and_returns_payouts(installation, bank, version, kind):
    """O8: a debit confirms a payout; the money that comes back later is owed again."""
    owe(installation, 3000000, 4000000)
    order = bank.order()
    transit = bank.balance("payouts_in_transit")
    payments = dict(order.payments)
    debits = [entry(amount, credit=False, end_to_end_id=payment)
              for payment, amount in payments.items()]
    assert bank.read(*debits, version=version, kind=kind)["paid"] == 2
    assert {bank.state(payment) for payment in payments} == {"paid"}
    assert bank.balance("payouts_in_transit") == transit - 7000000
    gone, amount = order.payments[0]
    back = entry(amount, end_to_end_id=gone, returned="AC04", words="ACCOUNT CLOSED")
    assert bank.read(back, version=version, kind=kind)["returned"] == 1
    assert bank.state(gone) == "returned"
    reason = installation.query("SELECT reason FROM settlement.payouts WHERE end_to_end_id = %s",
                                (gone,))
    assert reason == [("AC04",)]


def test_a_sum_confirms_a_whole_file(installation, bank):
    """O8: one entry for the file, whose payments it does not list."""
    owe(installation, 3000000, 4500000)
    order = bank.order()
    wrong = Entry([], "7.49", False, unique(), details=False, batch=order.message_id + "-1")
    assert bank.read(wrong)["queued"] == 1
    assert "7.5000000000000000 outstanding" in bank.queue()
    whole = Entry([], "7.50", False, unique(), details=False, batch=order.message_id + "-1")
    assert bank.read(whole)["paid"] == 1
    assert {bank.state(payment) for payment, _ in order.payments} == {"paid"}


def test_an_entry_lists_several_payments(installation, bank):
    """O8: each is matched, and what they leave of the entry's amount is not lost."""
    owe(installation, 3000000, 4000000)
    order = bank.order()
    lines = [Payment(amount, False, payment) for payment, amount in order.payments]
    said = bank.read(Entry(lines, "7.10", False, unique()))
    assert (said["paid"], said["queued"]) == (2, 1)
    assert "-0.1 EUR: what its payments leave of the amount" in bank.queue()


@pytest.mark.parametrize("version", ["03", "10"])
def test_status_report_rejects_payments(installation, bank, version):
    """O8: what the bank rejects never left and is owed again; repeating changes nothing."""
    owe(installation, 3000000, 4000000)
    order = bank.order()
    (bad, _), (good, _) = order.payments
    report = status_report(bank.directory, order.message_id, "PART",
                           [(bad, "RJCT", "AC01"), (good, "ACSP", None)], version)
    for rejected in 1, 0:
        said = installation.operate("bank", "read", report)
        assert f"{rejected} payments rejected" in said
    assert (bank.state(bad), bank.state(good)) == ("rejected", "sent")
    rest = status_report(bank.directory, order.message_id, "RJCT", version=version)
    assert "1 payments rejected" in installation.operate("bank", "read", rest)
    assert bank.state(good) == "rejected"
    late = status_report(bank.directory, "FARTHING-19700101-1", "RJCT")
    assert "no order FARTHING-19700101-1" in bank.refused("read", late)


# --- receipts ---

@pytest.mark.parametrize("version", VERSIONS)
def test_receipts_become_deposits(installation, bank, version):
    """U3: by the structured reference, or by one in the payer's words."""
    user = add_user(installation, funds=None)
    mark = reference(user)
    before = user.balance()
    spaced = " ".join(mark[at:at + 4] for at in range(0, len(mark), 4))
    said = bank.read(entry("10.00", reference=unique(), words="for hats"),
                     entry("20.00", words=f"my money, {spaced.lower()}, thanks"),
                     Entry([Payment("5.00", reference=mark), Payment("0.50", words="x " + mark)],
                           "5.50", True, unique()), version=version)
    assert said["deposited"] == 3 and said["queued"] == 1
    assert user.balance() == before + 25500000


def test_a_statement_is_booked_once(installation, bank):
    """U3: however often, in whatever file and version the bank says the same."""
    user = add_user(installation, funds=None)
    before = user.balance()
    receipts = [entry("1.00", words=reference(user)),
                Entry([Payment("2.00", words=reference(user)), Payment("3.00")], "5.00", True,
                      unique())]
    message = Message(kind="054")
    path = message.write(bank.directory, *receipts)
    assert bank.read_file(path)["deposited"] == 2
    assert bank.read_file(path)["known"] == 3
    assert bank.read(*receipts, kind="053", version="02")["known"] == 3
    assert user.balance() == before + 3000000
    # Without a reference of the bank's, the place in the statement counts.
    anonymous = [entry("1.00", reference="", words=reference(user)) for _ in range(2)]
    assert bank.read(*anonymous, kind="054")["left to the statement"] == 2
    path = Message().write(bank.directory, *anonymous)
    assert bank.read_file(path)["deposited"] == 2
    assert bank.read_file(path) == {"statements": 1, "entries": 2, "known": 2}
    assert user.balance() == before + 5000000


def test_a_reader_that_was_killed(installation, bank):
    """U3: what it booked stays booked, and the next reading books the rest."""
    user = add_user(installation, funds=None)
    before = user.balance()
    receipt = entry("0.01", reference="", words=reference(user))
    path = Message(statement_id="LONG").write(bank.directory, *[receipt] * 3000)
    process = subprocess.Popen([*installation.command(), "bank", "read", path])
    wait_until(lambda: user.balance() > before, "a slice is booked")
    process.kill()
    assert process.wait(timeout=60) < 0, "it was still reading"
    complete = "SELECT complete FROM bank.statements WHERE statement_id = 'LONG'"
    assert installation.query(complete) == [(False,)]
    said = bank.read_file(path)
    assert said["known"] >= 500 and said["deposited"] > 0
    assert said["known"] + said["deposited"] == 3000
    assert user.balance() == before + 30000000
    assert installation.query(complete) == [(True,)]


def test_pages_of_a_statement(installation, bank):
    """U3: two pages of one statement are read, each once."""
    user = add_user(installation, funds=None)
    before = user.balance()
    for page in "1", "2", "1":
        bank.read(entry("1.00", reference="", words=reference(user)), statement_id="PAGES",
                  page=page)
    assert user.balance() == before + 2000000


def test_a_reference_used_twice_goes_to_staff(installation, bank):
    """U3: the same mark of the bank's for two receipts of a statement: neither is lost."""
    user = add_user(installation, funds=None)
    before = user.balance()
    twin = [entry("1.00", reference="TWIN", words=reference(user)) for _ in range(2)]
    said = bank.read(*twin, statement_id="TWINS")
    assert (said["deposited"], said["queued"]) == (1, 1)
    assert bank.read(*twin, statement_id="TWINS")["known"] == 2
    assert user.balance() == before + 1000000


@pytest.mark.parametrize("amount, micro", [
    ("1.00000000000000000000", 1000000), ("0.000001", 1), ("7.1234560", 7123456),
    ("9223372036854.775807", None), ("0.0000001", None), ("1.2345678", None)])
def test_amounts_with_any_decimals_are_exact(installation, bank, amount, micro):
    """U3: what cannot be kept is not rounded but shown to staff."""
    user = add_user(installation, funds=None)
    before = user.balance()
    if micro is None and "." in amount and len(amount.split(".")[1]) > 6:
        assert bank.read(entry(amount, words=reference(user)))["queued"] == 1
        assert f"{amount} EUR: its amount is not of at most 6 decimals" in bank.queue()
    elif micro is not None:
        assert bank.read(entry(amount, words=reference(user)))["deposited"] == 1
    assert user.balance() == before + (micro or 0)


def test_what_is_not_booked_yet_is_left_out(installation, bank):
    user = add_user(installation, funds=None)
    before = user.balance()
    said = bank.read(entry("1.00", status="PDNG", words=reference(user)),
                     entry("1.00", status="INFO", words=reference(user)))
    assert said == {"statements": 1, "entries": 0, "not booked yet": 2}
    assert user.balance() == before


def test_the_queue_is_for_staff(installation, bank):
    """U3: what matches nothing waits; a receipt is assigned once, a fee dismissed."""
    user = add_user(installation, funds=None)
    before, held = user.balance(), bank.balance("unmatched_receipts")
    bank.read(entry("12.00", words="kein Zweck \x85 angegeben", name="Zoë"),
              entry("3.00", credit=False, words="bank fee"),
              entry("4.00", words=reference(user)[:-1] + "x"))
    assert bank.balance("unmatched_receipts") == held + 13000000
    receipt, fee = bank.queued("kein Zweck"), bank.queued("bank fee")
    assert "its reference is mistyped, or no user's" in bank.queue()
    assert "Zoe" in bank.queue()
    booked = installation.operate("bank", "assign", receipt, user.login_name)
    assert installation.operate("bank", "assign", receipt, user.login_name) == booked
    assert user.balance() == before + 12000000
    assert bank.balance("unmatched_receipts") == held + 1000000
    other = add_user(installation, funds=None)
    assert "not queued" in bank.refused("assign", receipt, other.login_name)
    assert "not a receipt" in bank.refused("assign", fee, user.login_name)
    assert "user not found" in bank.refused("assign", fee, "nobody-at-all")
    assert "no entry" in bank.refused("assign", 999999, user.login_name)
    installation.operate("bank", "dismiss", fee, "fee of November")
    assert "bank fee" not in bank.queue()
    assert "not queued" in bank.refused("dismiss", fee, "again")


def test_the_bank_takes_a_receipt_back(installation, bank):
    """U3: a reversal (RvslInd) is found by the bank's reference; the balance may go below zero."""
    user = add_user(installation, funds=None)
    before = user.balance()
    mark = unique()
    bank.read(entry("6.00", reference=mark, words=reference(user)))
    assert user.balance() == before + 6000000
    assert bank.read(entry("6.00", False, mark, reversal=True))["reversed"] == 1
    assert user.balance() == before
    assert bank.read(entry("6.00", False, "NEVER SEEN", reversal=True))["queued"] == 1
    assert "reverses a receipt that is not known" in bank.queue()


def test_a_receipt_that_names_two_users(installation, bank):
    one, other = add_user(installation, funds=None), add_user(installation, funds=None)
    assert bank.read(entry("1.00", words=f"{reference(one)} / {reference(other)}"))["queued"] == 1
    assert "it may mean several users" in bank.queue()


# --- direct debits ---

def test_a_used_credit_line_is_not_lowered(installation):
    """U4: and the operator is told how much is used."""
    user = add_user(installation, funds="1.00")
    user.limit(credit_line="10.00")
    sell(installation, add_vendor(installation, f"http://{unique('shop')}.example/"), user, 3456789)
    told = installation.run("-c", installation.config_file, "user", "limits", user.login_name,
                            "--credit-line=2.45", check=False, errors=True).stderr
    assert 'credit line must be at least the 2.456789 that are used; it was "2.45"' in told


def test_bills_are_collected_and_returned(installation, bank):
    """U4: what a user owes is collected by direct debit; one that fails is owed again."""
    user = add_user(installation, funds="1.00")
    vendor = add_vendor(installation, f"http://{unique('shop')}.example/")
    user.limit(credit_line="10.00")
    sell(installation, vendor, user, 3456789)
    assert user.balance() == -2456789
    assert "no mandate" in bank.refused("debit", user.login_name, "5.00")
    mandate = ["bank", "mandate", user.login_name, iban(55), "--signed=2026-11-01",
               "--name=Ada Käufer"]
    installation.operate(*mandate, f"--id=M/{user.user_id}")
    order = bank.order("collect", "--on=2026-12-01")
    (bill, amount), = order.payments
    assert (amount, order.one("PmtInf/CtrlSum")) == ("2.45", "2.45"), "whole cents"
    assert order.one("ReqdColltnDt") == "2026-12-01"
    assert order.one("CdtrSchmeId/Id/PrvtId/Othr/Id") == CREDITOR_ID
    assert order.one("MndtRltdInf/MndtId") == f"M/{user.user_id}"
    assert order.one("Dbtr/Nm") == "Ada Kaufer"
    check_schema(order.path)
    assert installation.operate("bank", "collect", f"--output={bank.directory}") == "", "once"
    installation.operate("bank", "debit", user.login_name, "5.00")
    asked = bank.order("collect")

    said = bank.read(*[entry(amount, end_to_end_id=debit)
                       for debit, amount in order.payments + asked.payments])
    assert said["collected"] == 2
    assert user.balance() == 4993211
    back = entry("2.45", False, end_to_end_id=bill, returned="AM04", reversal=True)
    assert bank.read(back)["debit_returned"] == 1
    assert (bank.state(bill), user.balance()) == ("returned", 2543211)
    assert "no mandate" in bank.refused("debit", user.login_name, "5.00"), "it ended"


def test_a_debit_may_be_rejected(installation, bank):
    """U3"""
    user = add_user(installation, funds=None)
    installation.operate("bank", "mandate", user.login_name, iban(56), "--signed=2026-11-01",
                         "--name=Ada", f"--id=M/{user.user_id}")
    assert "whole" in bank.refused("debit", user.login_name, "0.001")
    installation.operate("bank", "debit", user.login_name, "8.00")
    order = bank.order("collect")
    before = user.balance()
    report = status_report(bank.directory, order.message_id, None,
                           [(order.payments[0][0], "RJCT", "AC04")])
    assert "1 payments rejected" in installation.operate("bank", "read", report)
    assert bank.state(order.payments[0][0]) == "rejected"
    assert user.balance() == before
    assert "no mandate" in bank.refused("revoke", user.login_name)


# --- files that are not what they should be ---

def test_files_that_are_refused(installation, bank):
    """A file that is not whole, not ours or not a statement books nothing."""
    user = add_user(installation, funds=None)
    before = user.balance()
    whole = Message().text([entry("1.00", words=reference(user))])
    cases = {
        "line": whole[:-40],
        "document type": whole.replace(
            b"?>", b'?><!DOCTYPE Document [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1),
        "is not ours": Message(account=iban(1)).text([entry("1.00", words=reference(user))]),
        "CdtDbtInd": whole.replace(b"<CdtDbtInd>CRDT</CdtDbtInd>", b"<CdtDbtInd>C</CdtDbtInd>"),
        "BookgDt": whole.replace(b"<BookgDt>\n          <Dt>2026-11-20",
                                 b"<BookgDt>\n          <Dt>2026-11-31"),
        "no message": b"<Document/>",
        "camt.053, camt.054 nor pain.002": whole.replace(b"camt.053", b"camt.052"),
    }
    for said, content in cases.items():
        path = bank.directory / "statement.xml"
        path.write_bytes(content)
        assert said in bank.refused("read", path), said
    assert "No such file" in bank.refused("read", bank.directory / "missing")
    assert user.balance() == before


def test_a_file_after_a_bad_one_is_read(installation, bank):
    user = add_user(installation, funds=None)
    before = user.balance()
    good = Message().write(bank.directory, entry("1.00", words=reference(user)))
    assert "missing" in bank.refused("read", bank.directory / "missing", good)
    assert user.balance() == before + 1000000


@pytest.mark.parametrize("kind", ["053", "054"])
def test_our_statements_are_what_banks_write(tmp_path, kind):
    """What these tests read as a bank's is valid."""
    check_schema(Message(kind=kind).write(
        tmp_path, entry("1.00", words="x", reference="R"), entry("2", credit=False, returned="AC04"),
        Entry([Payment("1"), Payment("2")], "3", batch="B", reference="S")))


def test_read_needs_a_file():
    done = subprocess.run([program("farthing"), "bank", "read"], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and "FILE..." in done.stderr


def test_the_auditor_agrees_with_all_of_these_statements(installation):
    """O8, O10: after all tests above, each with its money received, returned, queued and paid out."""
    found = installation.query("SELECT check_name, subject, expected, actual FROM audit.run(true)"
                               " WHERE subject IS NOT NULL")
    assert found == []
