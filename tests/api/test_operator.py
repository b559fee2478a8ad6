# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's command, as it is typed."""

import re
import stat
import subprocess

import pytest

from support.market import add_user, add_vendor
from support.place import program

COMMANDS = ["db install", "db upgrade", "key create", "vendor add", "vendor password",
            "vendor enable", "vendor disable", "user add", "user limits", "user enable",
            "user disable", "funds receive", "ledger show", "ledger check", "royalty schedule",
            "royalty commission", "royalty show", "royalty roll-up", "owner add", "owner show",
            "owner list", "owner shares", "owner collect", "settle vendors", "settle owners",
            "settle terms", "settle hold", "settle release", "settle show", "payout list",
            "payout paid", "payout return"]


def farthing(*arguments, **options):
    return subprocess.run([program("farthing"), *arguments], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, **options)


def refusal(installation, *arguments, secret=None):
    """What the command says on stderr when it exits with 1."""
    done = farthing("-c", installation.config_file, "-d", installation.data_directory, *arguments,
                    input=secret)
    assert done.returncode == 1, done.stdout
    return done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    done = farthing(*command.split(), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: farthing {command}")
    assert command in farthing("--help").stdout


@pytest.mark.parametrize("arguments", [
    [], ["ledger"], ["ledger", "shw", "x"], ["ledger", "show"], ["ledger", "check", "x"],
    ["ledger", "check", "--bogus"], ["vendor", "add", "--name", "x"], ["--bogus"]])
def test_what_is_no_command_exits_with_2(arguments):
    done = farthing(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "farthing" in done.stderr


def test_key_file(tmp_path):
    """S1: only its owner may read a master key; one that exists is left alone."""
    path = tmp_path / "master.key"
    assert farthing("key", "create", path).returncode == 0
    text = path.read_text()
    assert re.fullmatch(r"[0-9A-Fa-f]{64}\n", text)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert farthing("key", "create", path).returncode == 1
    assert path.read_text() == text


def test_ledger_shows_an_entry(installation):
    """O10"""
    user = add_user(installation, funds=None)
    entry_id = installation.operate("funds", "receive", user.login_name, "12.345", "EUR",
                                    f"--reference=show {user.login_name}").split()[0]
    lines = [line.split() for line in installation.operate("ledger", "show", entry_id).splitlines()]
    assert lines[0][0] == "deposit"
    assert lines[1:] == [["funds_held", "-12.345", "EUR"],
                         ["user_wallet", str(user.user_id), "12.345", "EUR"],
                         ["sum", "0.00", "EUR"]]
    assert "no entry" in refusal(installation, "ledger", "show", "no-such-id")


def test_ledger_check_finds_a_changed_balance(installation):
    """O10: a balance that was tampered with is named."""
    user = add_user(installation)
    change = "UPDATE account.wallets SET balance = balance + %s WHERE user_id = %s"
    assert "equals its postings" in installation.operate("ledger", "check")
    installation.cluster.query(change, (1, user.user_id))
    try:
        assert "do not balance" in refusal(installation, "ledger", "check")
    finally:
        installation.cluster.query(change, (-1, user.user_id))
    assert "equals its postings" in installation.operate("ledger", "check")


def test_funds_are_booked_once(installation):
    user = add_user(installation, funds=None)
    before = user.balance()
    receive = ["funds", "receive", user.login_name, "2.50", "EUR", f"--reference={user.login_name}"]
    assert installation.operate(*receive) == installation.operate(*receive)
    assert user.balance() == before + 2500000
    receive[3] = "2.51"
    assert "idempotency conflict" in refusal(installation, *receive)
    for amount in "0", "1e3", "0.0000001", "x":
        receive[3] = amount
        assert "mount" in refusal(installation, *receive, "--reference=another")
    assert user.balance() == before + 2500000


def test_names_that_are_unknown(installation):
    assert "user not found" in refusal(installation, "user", "disable", "nobody-at-all")
    assert "user not found" in refusal(installation, "user", "limits", "nobody-at-all", "--day=1")
    assert "vendor not found" in refusal(installation, "vendor", "disable", "999999")
    assert "number" in refusal(installation, "vendor", "disable", "x")


@pytest.mark.parametrize("url", [
    "ftp://shop.example/", "https://shop.example/%2e%2e/", "https://a@shop.example/",
    "https://shop.example/?a=b", "https://shop.example/\\", "shop.example"])
def test_a_vendor_needs_plain_urls(installation, url):
    """V2"""
    said = refusal(installation, "vendor", "add", "--name=X", "--home=https://shop.example/",
                   f"--url={url}", secret="correct horse battery\n")
    assert "--url must be" in said


def test_short_vendor_password(installation):
    said = refusal(installation, "vendor", "add", "--name=X", "--home=https://shop.example/",
                   "--url=https://shop.example/", secret="short\n")
    assert "12" in said and "short" not in said.replace("shop", "")


def test_without_the_database(installation):
    done = farthing("--conninfo", "host=/nonexistent", "ledger", "check")
    assert done.returncode == 1
    assert "no connection to the database" in done.stderr


@pytest.fixture
def vendor_id(installation):
    return add_vendor(installation, "https://post.example/").vendor_id


def test_royalty_terms(installation, vendor_id):
    """O4, O9: as they are typed, exact to the millionth; later ones follow."""
    installation.operate("royalty", "schedule", vendor_id, "--period=quarter", "--tier=0:5%",
                         "--tier=10000.5:0.0001%+0.000001", "--from=2999-01-01T00:00:00Z")
    installation.operate("royalty", "schedule", vendor_id, "--period=week", "--tier=0:100%")
    said = installation.operate("royalty", "commission", vendor_id, "--per-user=0.25",
                                "--deposits=2.5%", "--from=2999-01-01T00:00:00Z")
    assert said == "valid from 2999-01-01T00:00:00Z"
    lines = installation.operate("royalty", "show", vendor_id).splitlines()
    assert lines[0].endswith("by week, of which 0 was sold")
    assert lines[1:] == [
        "  0: 100%+0", "royalty from 2999-01-01T00:00:00Z by quarter, of which 0 was sold",
        "  0: 5%+0", "  10000.5: 0.0001%+0.000001",
        "commission from 2999-01-01T00:00:00Z: 0.25 for a user, 2.5% of deposits"]
    assert int(installation.operate("royalty", "roll-up")) >= 0


@pytest.mark.parametrize("options, said", [
    (["--period=day", "--tier=0:5%"], "week, month, quarter or year"),
    (["--period=month", "--tier=1:5%"], "the lowest 0"),
    (["--period=month", "--tier=0:5%", "--tier=0:6%"], "different volumes"),
    (["--period=month", "--tier=0"], "--tier must be"),
    (["--period=month", "--tier=0:5"], "RATE of --tier must be from 0% to 100%"),
    (["--period=month", "--tier=0:100.0001%"], "RATE of --tier must be"),
    (["--period=month", "--tier=0:0.00001%"], "RATE of --tier must be"),
    (["--period=month", "--tier=0:-1%"], "RATE of --tier must be"),
    (["--period=month", "--tier=-1:5%"], "VOLUME of --tier must be"),
    (["--period=month", "--tier=0:5%+"], "--tier must be"),
    (["--period=month", "--tier=0:5%+x"], "AMOUNT of --tier must be"),
    (["--period=month", "--tier=0:5%", "--from=tomorrow"], "--from must be a time"),
], ids=str)
def test_wrong_schedule(installation, vendor_id, options, said):
    """O4"""
    assert said in refusal(installation, "royalty", "schedule", vendor_id, *options)


def test_owners(installation, vendor_id):
    """O5, O7: registered before or after a vendor's items name them."""
    url = "https://post.example/songs/"
    owner = f"singer {vendor_id}"
    said = installation.operate("owner", "shares", vendor_id, url, f"{owner}=12.5%",
                                f"writer={vendor_id}=0.002", "--from=2999-01-01T00:00:00Z")
    assert said.splitlines() == [f"{url} from 2999-01-01T00:00:00Z", f"  {owner} 12.5%",
                                 f"  writer={vendor_id} 0.002"]
    number, _, rest = installation.operate("owner", "show", owner).partition(" ")
    assert rest == f"{owner} 0 not registered"
    assert installation.operate("owner", "add", owner, "--name=Ann Singer",
                                "--time-zone=Europe/Berlin") == number
    assert f"{number} {owner} 0 Ann Singer" in installation.operate("owner", "list").splitlines()
    assert installation.operate("owner", "shares", vendor_id, url).endswith(": nobody")


@pytest.mark.parametrize("owners, said", [
    (["a"], "OWNER=SHARE"), (["a=101%"], "SHARE must be from 0% to 100%"), (["a=x"], "AMOUNT must be"),
    (["a=0%"], "either Share or AmountPerSale"), (["a=60%", "b=50%"], "at most 1 in sum"),
    (["a=1%", "a=2%"], "different for each owner"), (["=1%"], "OwnerID must be"),
], ids=str)
def test_wrong_shares(installation, vendor_id, owners, said):
    """O5"""
    assert said in refusal(installation, "owner", "shares", vendor_id, "https://post.example/", *owners)


def test_owners_of_others(installation, vendor_id):
    """V2: only of what the vendor sells; and what is not there is said to be so."""
    assert "url not registered" in refusal(
        installation, "owner", "shares", vendor_id, "https://elsewhere.example/", "a=1%")
    assert "vendor not found" in refusal(
        installation, "owner", "shares", "999999", "https://post.example/", "a=1%")
    assert "no such owner" in refusal(installation, "owner", "show", "nobody at all")
    assert "--time-zone must be one such as Europe/Berlin" in refusal(
        installation, "owner", "add", "a", "--name=A", "--time-zone=Mars/Base")
    assert "--time-zone must be one such as Europe/Berlin" in refusal(
        installation, "vendor", "add", "--name=X", "--home=https://shop.example/",
        "--url=https://shop.example/", "--time-zone=Mars/Base", secret="correct horse battery\n")
