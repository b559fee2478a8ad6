# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Security by gSOAP's own plugin, which shares no code with the server's (S3)."""

import pathlib
import subprocess

import pytest

from support.certificates import RSA, self_signed
from support.daemon import Farthingd
from support.place import DEADLINE_S, SOURCE, free_port

HERE = pathlib.Path(__file__).parent
PLUGIN = pathlib.Path("/usr/share/gsoap/plugin")
BUILD_S = 300


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """The program, made from the WSDL."""
    place = tmp_path_factory.mktemp("wss")

    def run(*command):
        subprocess.run(list(map(str, command)), check=True, timeout=BUILD_S, cwd=place,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    run("wsdl2h", "-c", "-e", "-L", "-x", "-O4", "-o", "plain.h", SOURCE / "wsdl/vendor-1.wsdl")
    (place / "vendor.h").write_text('#import "wsse.h"\n' + (place / "plain.h").read_text())
    run("soapcpp2", "-c", "-C", "-L", "-x", "-w", "-I/usr/share/gsoap/import", "vendor.h")
    flags = subprocess.run(["pkg-config", "--cflags", "gsoapssl"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split()
    run("gcc", "-w", *flags, "-I.", f"-I{PLUGIN}", HERE / "wss_client.c", "soapC.c", "soapClient.c",
        *(PLUGIN / f"{name}.c" for name in ("wsseapi", "smdevp", "mecevp", "threads")),
        "/usr/share/gsoap/custom/struct_timeval.c", "-o", "client", "-lgsoapssl", "-lssl",
        "-lcrypto", "-lz", "-lpthread")
    return place / "client"


@pytest.fixture(scope="module")
def provider(installation):
    return self_signed(installation.directory, "provider of wss", key_type=RSA)


@pytest.fixture(scope="module")
def url(installation, provider):
    port = free_port()
    own = f"http://127.0.0.1:{port}"
    daemon = Farthingd(installation, wss={
        "certificate_file": provider.file, "key_file": provider.key_file, "port": port,
        "public_url": own})
    yield own + "/soap/vendor/1"
    daemon.stop()


@pytest.fixture(scope="module")
def signer(installation, vendor):
    certificate = self_signed(installation.directory, "signer of wss", key_type=RSA)
    installation.operate("vendor", "certificate", vendor.vendor_id, certificate.file)
    return certificate


def ask(client, *arguments):
    return subprocess.run([client, *arguments], text=True, timeout=DEADLINE_S,
                          stdout=subprocess.PIPE).stdout


def test_token(client, url, vendor, installation):
    secret = installation.operate("vendor", "security", vendor.vendor_id)
    assert ask(client, url, vendor.vendor_id, "token", secret) == "EUR\n"
    assert "its digest is wrong" in ask(client, url, vendor.vendor_id, "token", "x" * 32)


def test_signature(client, url, vendor, signer, provider):
    """
    It verifies the answer's, too. It cannot encrypt: its 2.8.124 calls RSA 1.5 by the name of OAEP.
    """
    assert ask(client, url, vendor.vendor_id, "sign", signer.key_file, signer.file,
               provider.file) == "EUR\n"


def test_answer_of_another_provider(client, url, vendor, signer):
    """What it trusts is the provider's certificate, not any that comes with an answer."""
    assert ask(client, url, vendor.vendor_id, "sign", signer.key_file, signer.file,
               signer.file) != "EUR\n"
