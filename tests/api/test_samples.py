# SPDX-License-Identifier: GPL-3.0-or-later
"""
The calls that wsdl/README.md shows to vendors do what it says (V13). The one for Node, which needs
a package of npm, is in interop.
"""

import subprocess

import pytest

from support.place import DEADLINE_S
from support.readme import sample

INTERPRETERS = {
    "php": ["php"],
    "python": ["/usr/bin/python3"],
    "perl": ["perl"],
    "sh": ["sh"],
}


def run(language, *arguments):
    done = subprocess.run(INTERPRETERS[language], input=sample(language, *arguments), text=True,
                          timeout=DEADLINE_S, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout


@pytest.mark.parametrize("language", INTERPRETERS)
def test_sample_offers_and_asks(farthingd, shop, language):
    """A link to the buy window, and for a visitor without ID the way to buy."""
    said = run(language, farthingd.url, shop.vendor, shop.vendor.password)
    assert farthingd.url + "/buy/" in said, said
    assert "ID_INVALID" in said, said


@pytest.mark.parametrize("language", INTERPRETERS)
def test_sample_shows_the_fault(farthingd, shop, language):
    said = run(language, farthingd.url, shop.vendor, "not the password")
    assert "AUTHENTICATION_FAILED" in said, said
    assert "VendorID or VendorPassword is wrong." in said, said
