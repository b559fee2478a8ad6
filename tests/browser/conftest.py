# SPDX-License-Identifier: GPL-3.0-or-later
"""Browsers that a test opens."""

import pytest

from support.chromium import Chromium


@pytest.fixture
def open_chromium():
    """open_chromium(size=…, language=…, scripts=…); none may have had reason to complain."""
    browsers = []

    def start(**options):
        browsers.append(Chromium(**options))
        return browsers[-1]

    yield start
    complaints = []
    for browser in browsers:
        complaints += browser.complaints()
        browser.quit()
    assert complaints == []


@pytest.fixture
def chromium(open_chromium):
    return open_chromium()
