# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures that own their servers: what a fixture starts, it ends."""

import pathlib
import shutil
import tempfile

import pytest

from support.api import VendorApi
from support.cluster import Cluster
from support.daemon import Farthingd, Installation
from support.market import add_user, add_vendor
from support.vendor_site import VendorSite
from support.web import Browser


def run_installation():
    """A cluster with Farthing installed in it, then nothing of it left."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="farthing-test-"))
    cluster = Cluster(directory / "cluster")
    try:
        yield Installation(cluster, directory)
    finally:
        cluster.destroy()
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def installation():
    yield from run_installation()


@pytest.fixture(scope="session")
def farthingd(installation):
    daemon = Farthingd(installation)
    yield daemon
    daemon.stop()


@pytest.fixture(autouse=True)
def ledger_is_clean(request):
    """
    After every test with a database, each entry sums to zero and each balance equals its postings
    (O10).
    """
    if "installation" not in request.fixturenames:
        yield
        return
    cluster = request.getfixturevalue("installation").cluster
    yield
    cluster.check_ledger()


@pytest.fixture
def start_farthingd(installation):
    """start_farthingd(section={option: value}): another daemon on the same database."""
    daemons = []

    def start(**changes):
        daemons.append(Farthingd(installation, **changes))
        return daemons[-1]

    yield start
    for daemon in daemons:
        daemon.stop()


@pytest.fixture
def open_shop(installation, farthingd):
    sites = []

    def start(daemon=farthingd, name="Morning Post", currency="EUR"):
        sites.append(VendorSite(installation, daemon, name, currency))
        return sites[-1]

    yield start
    for site in sites:
        site.stop()


@pytest.fixture
def shop(open_shop):
    return open_shop()


@pytest.fixture
def user(installation):
    return add_user(installation)


@pytest.fixture
def browser(farthingd, user):
    """Logged in as user."""
    browser = Browser(farthingd.url)
    browser.log_in(user)
    return browser


@pytest.fixture(scope="session")
def vendor(installation):
    """One for all tests that leave it as it is."""
    return add_vendor(installation, "http://localhost:9/")


@pytest.fixture(scope="session", params=["1.1", "1.2"])
def api(request, farthingd, vendor):
    """The vendor's calls, in both versions of SOAP."""
    return VendorApi(farthingd.url, vendor, request.param)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Of a failed test, the last that the servers said."""
    report = (yield).get_result()
    if report.failed:
        for name in ("farthingd", "installation"):
            server = item.funcargs.get(name)
            if server is not None:
                report.sections.append((f"log of {name}", server.log()[-4000:]))
