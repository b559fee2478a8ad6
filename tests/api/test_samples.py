# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that wsdl/README.md shows to vendors do what it says (V13)."""

import re
import subprocess

import pytest

from support.place import DEADLINE_S, SOURCE

INTERPRETERS = {
    "php": ["php"],
    "python": ["/usr/bin/python3"],
    "perl": ["perl"],
    "sh": ["sh"],
}


def sample(language):
    text = (SOURCE / "wsdl/README.md").read_text()
    return re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)[1]


def run(language, url, vendor, password):
    program = sample(language)
    for shown, real in {"https://msp.example": url, "1001": vendor.vendor_id, "secret": password,
                        "https://shop.example/": vendor.home_url}.items():
        assert shown in program
        program = program.replace(shown, real)
    done = subprocess.run(INTERPRETERS[language], input=program, text=True, timeout=DEADLINE_S,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
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
