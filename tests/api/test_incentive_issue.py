# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendors and the provider give away codes with which users pay (V14, U15)."""

import datetime
import re

import pytest
import zeep.exceptions

from support.api import fault_of

CODE = r"[34679AC-HJKMNP-RT-Y]{4}(-[34679AC-HJKMNP-RT-Y]{4}){3}"
EXPIRES = datetime.datetime(2099, 4, 1, tzinfo=datetime.timezone.utc)


def issue(api, raw=None, **parameters):
    return api.call("IssueIncentive",
                    {"Amount": "0.30", "Count": 3, "ExpiresAt": EXPIRES, **parameters}, raw)


def refusal(api, raw=None, **parameters):
    with pytest.raises(zeep.exceptions.Fault) as caught:
        issue(api, raw, **parameters)
    return fault_of(caught.value)


def stored(installation, incentive_id):
    return installation.cluster.query(
        "SELECT c.code, c.remaining, i.currency, i.expires_at FROM incentive.codes c"
        " JOIN incentive.incentives i USING (incentive_id) WHERE incentive_id = %s ORDER BY code",
        (incentive_id,))


def test_codes_cannot_be_guessed(api, installation):
    """Different each, without letters that are taken for each other, each worth the amount."""
    incentive = issue(api, Count=1000).Incentive
    codes = incentive.Codes.Code
    assert len(codes) == len(set(codes)) == 1000
    assert all(re.fullmatch(CODE, code) for code in codes), codes[:3]
    # Each of 25 letters is drawn in each of 16 places, about 40 times of 1000.
    for place in range(19):
        if place % 5 != 4:
            drawn = [code[place] for code in codes]
            assert len(set(drawn)) == 25 and max(map(drawn.count, set(drawn))) < 100
    assert stored(installation, incentive.IncentiveID) == [
        (code, 300000, "EUR", EXPIRES) for code in sorted(codes)]


def test_prefix(api):
    codes = issue(api, CodePrefix="SPRING-99").Incentive.Codes.Code
    assert all(re.fullmatch("SPRING-99-" + CODE, code) for code in codes), codes
    for prefix in ("spring", "A B", "Ä", "ABCDEFGHIJKLMNOPQ", "<b>"):
        fault = refusal(api, CodePrefix=prefix)
        assert fault["Code"] == "INVALID_PARAMETER" and "CodePrefix" in fault["Message"]
    assert re.fullmatch(CODE, issue(api, CodePrefix="", Count=1).Incentive.Codes.Code[0])


def test_repeat_gives_the_first_codes(api):
    """The same RequestID issues once; with other parameters it is refused."""
    parameters = {"RequestID": f"spring {api.version}", "CodePrefix": "A"}
    first = issue(api, **parameters).Incentive
    again = issue(api, **parameters).Incentive
    assert (again.IncentiveID, again.Codes.Code) == (first.IncentiveID, first.Codes.Code)
    for change in ({"Amount": "0.31"}, {"Count": 2}, {"CodePrefix": "B"},
                   {"ExpiresAt": EXPIRES + datetime.timedelta(days=1)}):
        assert refusal(api, **{**parameters, **change})["Code"] == "IDEMPOTENCY_CONFLICT"
    assert issue(api, RequestID=f"summer {api.version}").Incentive.IncentiveID != first.IncentiveID


@pytest.mark.parametrize("name, text", [
    ("Amount", "0"), ("Amount", "-1"), ("Amount", "1000000.000001"), ("Amount", "0.0000001"),
    ("Amount", "1e-1"), ("Count", "0"), ("Count", "1001"), ("Count", "1.5"), ("Count", "many"),
    ("ExpiresAt", "2020-01-01T00:00:00Z"), ("ExpiresAt", "2099-01-01T00:00:00"),
    ("ExpiresAt", "tomorrow"),
])
def test_value_off_its_facet(api, name, text):
    """INVALID_PARAMETER names the parameter, the rule and the value; the past is the database's."""
    fault = refusal(api, raw={name: text})
    assert fault["Code"] == "INVALID_PARAMETER" and fault["Message"].startswith(name + " must be")
    assert fault["Message"].endswith(f'; it was "{text}".'), fault


def test_provider_issues(installation):
    """U15: the operator's command prints the number and the codes."""
    printed = installation.operate("incentive", "issue", "2.50", "3", "--prefix=WELCOME",
                                   "--expires=2099-04-01T00:00:00Z", "--currency=CHF").split("\n")
    number = re.fullmatch(r"incentive (\d+)", printed[0])[1]
    assert all(re.fullmatch("WELCOME-" + CODE, code) for code in printed[1:])
    assert stored(installation, number) == [
        (code, 2500000, "CHF", EXPIRES) for code in sorted(printed[1:])]
    for wrong in (["0", "3"], ["1", "0"], ["1", "1001"], ["1", "two"]):
        assert installation.run("-c", installation.config_file, "incentive", "issue", *wrong,
                                "--expires=2099-04-01T00:00:00Z", check=False).returncode != 0
    assert installation.run("-c", installation.config_file, "incentive", "issue", "1", "1",
                            "--expires=2020-04-01T00:00:00Z", check=False).returncode != 0
