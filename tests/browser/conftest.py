# SPDX-License-Identifier: GPL-3.0-or-later
"""Browsers that a test opens."""

import pytest

from support.chromium import Chromium


@pytest.fixture(scope="session")
def idle_chromiums():
    """Starting one takes long, so the next test uses it again, cleared."""
    browsers = []
    yield browsers
    for browser in browsers:
        browser.quit()


@pytest.fixture
def open_chromium(idle_chromiums):
    """open_chromium(size=…, language=…, scripts=…); none may have had reason to complain."""
    browsers = []

    def start(language="en", **options):
        idle = [browser for browser in idle_chromiums if browser.language == language]
        if idle:
            idle_chromiums.remove(idle[0])
        browsers.append(idle[0] if idle else Chromium(language))
        browsers[-1].begin(**options)
        return browsers[-1]

    yield start
    complaints = []
    for browser in browsers:
        complaints += browser.complaints()
        browser.end()
        idle_chromiums.append(browser)
    assert complaints == []


@pytest.fixture
def chromium(open_chromium):
    return open_chromium()
