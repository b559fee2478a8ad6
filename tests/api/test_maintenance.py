# SPDX-License-Identifier: GPL-3.0-or-later
"""What farthingd forgets by itself."""

import secrets

from support.api import VendorApi
from support.place import wait_until


def age(installation, request_ids):
    """Eight days pass."""
    for table, column in (("purchase", "expires_at"), ("vendor", "taken_at")):
        installation.query(f"UPDATE {table}.requests SET {column} = {column} - interval '8 days'"
                           " WHERE request_id = ANY (%s)", (request_ids,))


def known(installation, request_ids):
    """How many there are, of both kinds."""
    return installation.query(
        "SELECT count(*) FROM (SELECT request_id FROM purchase.requests UNION ALL"
        " SELECT request_id FROM vendor.requests) r WHERE request_id = ANY (%s)",
        (request_ids,))[0][0]


def test_what_is_over_is_forgotten(installation, start_farthingd, vendor, user):
    """V3, B3, S1: RequestIDs and logins, in as many steps as it takes; what is young stays."""
    api = VendorApi(start_farthingd().url, vendor)
    old, young = ([secrets.token_hex(8) for _ in range(5)] for _ in range(2))
    for request_id in old + young:
        api.initiate(RequestID=request_id)
        api.call("SetContentOwners", {
            "ContentURL": vendor.home_url, "RequestID": request_id,
            "Owners": {"Owner": [{"OwnerID": "writer", "Share": "0.5"}]}})
    age(installation, old)
    (login_id,), = installation.query("SELECT account.start_login(%s, false, 5)", (user.user_id,))
    installation.query("UPDATE account.logins SET started_at = now() - interval '2 days'"
                       " WHERE login_id = %s", (login_id,))
    assert known(installation, old) == 10
    start_farthingd(upkeep={"rows": 2})
    wait_until(lambda: known(installation, old) == 0, "old RequestIDs are forgotten")
    wait_until(lambda: installation.query("SELECT 1 FROM account.logins WHERE login_id = %s",
                                          (login_id,)) == [], "a login that is over is forgotten")
    assert known(installation, young) == 10
