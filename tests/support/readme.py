# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that wsdl/README.md shows to vendors."""

import re

from support.place import SOURCE


def sample(language, url, vendor, password):
    """The program, with the values of this installation in the place of those that are shown."""
    text = (SOURCE / "wsdl/README.md").read_text()
    program = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)[1]
    for shown, real in {"https://msp.example": url, "1001": vendor.vendor_id, "secret": password,
                        "https://shop.example/": vendor.home_url}.items():
        assert shown in program
        program = program.replace(shown, real)
    return program
