# SPDX-License-Identifier: GPL-3.0-or-later
"""A statement of 200 MB: what reading it costs in memory and time (U3, O8)."""

import contextlib
import os
import pathlib
import re
import subprocess
import time

from support.bank import IBAN, Entry, Message, Payment
from support.market import add_user

MEGABYTES = int(os.environ.get("FARTHING_STATEMENT_MB", "200"))
LIMIT_KB = 50 * 1024
MARK = b"NUMBER-OF-THE-ENTRY"
RECEIPTS = 1000  # of a user, spread over the statement


def write_statement(path, reference):
    """One entry after the other, until there are enough bytes; how many there are."""
    whole = Message(statement_id="LARGE").text([Entry(
        [Payment("0.01", words=MARK.decode() + " " + "invoice of the month, " * 10)], "0.01",
        True, MARK.decode())])
    start, end = whole.index(b"<Ntry>"), whole.index(b"</Ntry>") + len(b"</Ntry>\n")
    size = MEGABYTES * 1024 * 1024
    count = size // (end - start)
    with open(path, "wb") as file:
        file.write(whole[:start])
        for number in range(count):
            mark = b"R%09d" % number
            if number % (count // RECEIPTS) == 0:
                mark += b" " + reference
            file.write(whole[start:end].replace(MARK, mark[:10], 1).replace(MARK, mark))
        file.write(whole[end:])
    return count, sum(1 for number in range(count) if number % (count // RECEIPTS) == 0)


def watch(process):
    """The most memory that it had, in KB, until it ends."""
    used_kb = 0
    while process.poll() is None:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())
            used_kb = int(found[1]) if found else used_kb
        time.sleep(0.01)
    return used_kb


def test_memory_of_a_large_statement(installation, tmp_path, capsys):
    installation.operate("bank", "account", "Penny & Sons", IBAN, "EUR")
    user = add_user(installation, funds=None)
    before = user.balance()
    reference = installation.operate("user", "reference", user.login_name)
    path = tmp_path / "statement.xml"
    count, receipts = write_statement(path, reference.encode())
    assert path.stat().st_size > MEGABYTES * 1000000
    begin = time.monotonic()
    process = subprocess.Popen([*installation.command(), "bank", "read", path], text=True,
                               stdout=subprocess.PIPE)
    used_kb = watch(process)
    seconds = time.monotonic() - begin
    with capsys.disabled():
        print(f"\n# {path.stat().st_size / 1e6:.0f} MB, {count} entries: {used_kb // 1024} MB"
              f" of memory, {seconds:.0f} s, {count / seconds:.0f} entries/s")
    said = process.stdout.read()
    assert process.returncode == 0
    assert f"{count} entries, {receipts} deposited, {count - receipts} queued" in said
    assert user.balance() == before + receipts * 10000
    assert 0 < used_kb < LIMIT_KB
