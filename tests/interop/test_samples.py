# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples of deploy/samples, as a vendor's web developer copies them, sell to a real browser."""

import functools
import os
import subprocess

import pytest
import requests

from interop.clients import HERE, JAVA, PLACE, copy, npm, run
from support.chromium import Chromium
from support.market import add_vendor
from support.place import DEADLINE_S, SOURCE, free_port, wait_until
from support.readme import sample

SAMPLES = SOURCE / "deploy/samples"
LINES = 80
TITLE = "Café <Noir> & other tales"
CONTENT = "The rain had stopped, but nobody in the café had noticed."
JARS = ["jaxws-ri-runtime", "jaxws-rt", "jaxws-api", "jaxb-api", "jaxb-runtime", "jaxb-core",
        "saaj", "javax.activation", "commons-text", "commons-lang3"]


def php(_wsdl):
    return ["php", "-S", "localhost:{port}", SAMPLES / "php-one/shop.php"]


def python(_wsdl):
    return ["/usr/bin/python3", SAMPLES / "python/shop.py"]


def perl(_wsdl):
    return ["plackup", "--host", "localhost", "--port", "{port}", SAMPLES / "perl/shop.psgi"]


def node(_wsdl):
    return ["node", npm(SAMPLES / "node", "sample-node") / "shop.mjs"]


@functools.cache
def java(wsdl):
    place = copy(SAMPLES / "java", "sample-java")
    class_path = ":".join([str(place), *(str(JAVA / f"{jar}.jar") for jar in JARS)])
    run("wsimport", "-Xnocompile", "-b", "binding.xml", "-p", "farthing", wsdl, cwd=place)
    run("javac", "-encoding", "UTF-8", "-cp", class_path, "Shop.java",
        *place.glob("farthing/*.java"), cwd=place)
    return ["java", "-Dsun.net.client.defaultReadTimeout=10000", "-cp", class_path, "Shop"]


@functools.cache
def c(wsdl):
    place = copy(SAMPLES / "c", "sample-c")
    run("wsdl2h", "-c", "-e", "-x", "-o", "vendor.h", wsdl, cwd=place)
    run("soapcpp2", "-1", "-C", "-c", "-L", "-x", "vendor.h", cwd=place)
    run("gcc", "-I/usr/include/libxml2", "-o", "shop", "shop.c", "soapC.c", "soapClient.c",
        "-lgsoap", "-lmicrohttpd", "-lxml2", cwd=place)
    return [place / "shop"]


COMMANDS = {"php-one": php, "python": python, "perl": perl, "node": node, "java": java, "c": c}


class Shop:
    """A sample while it runs."""

    def __init__(self, language, farthingd, installation, password=None):
        port = free_port()
        self.url = f"http://localhost:{port}/"
        vendor = add_vendor(installation, self.url)
        self.log_file = PLACE / f"sample-{language}-{port}.log"
        PLACE.mkdir(parents=True, exist_ok=True)
        command = [str(word).replace("{port}", str(port))
                   for word in COMMANDS[language](farthingd.url + "/soap/vendor/1?wsdl")]
        environment = os.environ | {
            "FARTHING_URL": farthingd.url, "SHOP_URL": self.url, "PORT": str(port),
            "VENDOR_ID": vendor.vendor_id, "VENDOR_PASSWORD": password or vendor.password,
            "LC_ALL": "C.UTF-8"}
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        try:
            wait_until(self._answers, f"{self.url} answers; see {self.log_file}")
        except BaseException:
            self.stop()
            raise

    def _answers(self):
        assert self.process.poll() is None, self.log()
        try:
            requests.get(self.url + "favicon.ico", timeout=60)
            return True
        except requests.ConnectionError:
            return False

    def log(self):
        return self.log_file.read_text()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


@pytest.fixture
def open_sample(farthingd, installation):
    shops = []

    def start(language, **options):
        shops.append(Shop(language, farthingd, installation, **options))
        return shops[-1]

    yield start
    for shop in shops:
        shop.stop()


@pytest.fixture(scope="module")
def browsers():
    browser = Chromium()
    yield browser
    browser.quit()


@pytest.fixture
def chromium(browsers):
    browsers.begin()
    yield browsers
    complaints = browsers.complaints()
    browsers.end()
    assert complaints == []


@pytest.mark.parametrize("language", COMMANDS)
def test_sample_sells_and_locks(open_sample, user, chromium, language):
    """V13: from the shop to the buy window and back; a copied link is worth nothing to others."""
    shop = open_sample(language)
    chromium.open(shop.url)
    assert chromium.text("h1") == TITLE
    chromium.click("a[href*='/buy/']")
    chromium.follow_popup()
    assert chromium.reads("h1", TITLE)
    chromium.press_buy()
    chromium.log_in(user)
    assert chromium.reads("#content", CONTENT)
    assert [price for _, price in user.sales()] == [250_000]

    chromium.open(shop.url + "?EncryptedUserID=copied")
    assert chromium.reads("#content", CONTENT), "the buyer's ID was not renewed"
    assert len(user.sales()) == 1
    others = requests.get(shop.url + "?EncryptedUserID=%22%3E%3Cscript%3E", timeout=60,
                          allow_redirects=False)
    assert others.status_code == 303
    assert CONTENT not in others.text and "<script>" not in others.text


@pytest.mark.parametrize("language", COMMANDS)
def test_sample_tells_what_went_wrong(open_sample, language):
    """V14: the visitor reads a sentence, the vendor finds the code and nobody the password."""
    secret = "not the password"
    shop = open_sample(language, password=secret)
    page = requests.get(shop.url, timeout=60)
    assert page.status_code == 503
    assert "You have not been charged" in page.text
    assert "AUTHENTICATION_FAILED" not in page.text
    wait_until(lambda: "AUTHENTICATION_FAILED" in shop.log(), f"it is in {shop.log_file}")
    assert secret not in page.text + shop.log()


@pytest.mark.parametrize("language", COMMANDS)
def test_sample_has_one_page(open_sample, language):
    """What a browser asks for by itself offers nothing, and is no visit of the page."""
    shop = open_sample(language)
    for path in ("favicon.ico", "elsewhere", "elsewhere?EncryptedUserID=x"):
        page = requests.get(shop.url + path, timeout=60)
        assert (page.status_code, "/buy/" in page.text) == (404, False), path


@pytest.mark.parametrize("password, said", [
    (None, ["/buy/", "ID_INVALID"]),
    ("not the password", ["AUTHENTICATION_FAILED: VendorID or VendorPassword is wrong."]),
], ids=["offers and asks", "shows the fault"])
def test_readme_for_node(farthingd, installation, password, said):
    """V13: as tests/api/test_samples.py does with the other languages of wsdl/README.md."""
    vendor = add_vendor(installation, "http://localhost:9/")
    program = npm(HERE / "node", "node") / "readme.mjs"
    program.write_text(sample("javascript", farthingd.url, vendor, password or vendor.password))
    printed = subprocess.run(["node", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, timeout=DEADLINE_S).stdout
    assert [text for text in said if text not in printed] == [], printed


@pytest.mark.parametrize("language", COMMANDS)
def test_sample_is_short(language):
    source, = (path for path in (SAMPLES / language).iterdir() if path.stem in ("shop", "Shop"))
    assert len(source.read_text().splitlines()) < LINES
