# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS in farthingd itself, and vendors' servers that show a certificate (S3)."""

import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import xml.etree.ElementTree

import pytest
import requests

from support.api import VendorApi
from support.certificates import CLIENT, HERE, RSA, SERVER, Authority, self_signed
from support.daemon import Installation
from support.place import DEADLINE_S, free_port, program, wait_until
from support.web import Browser

SOAP = "/soap/vendor/1"
# libmicrohttpd says no more than this to a handshake that failed.
CLOSED = (ssl.SSLZeroReturnError, ssl.SSLEOFError, ConnectionResetError)
# Protocols, ciphers, secrecy, preferences, certificate, headers, vulnerabilities; each cipher for
# itself is sslscan's part.
TESTSSL_PARTS = ["-p", "-s", "-f", "-P", "-S", "-h", "-U"]
CIPHERS = {
    "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
}


@pytest.fixture(scope="module")
def authority(installation):
    return Authority(installation.directory, "our authority")


@pytest.fixture(scope="module")
def server_files(authority):
    return authority.issue("server", SERVER, HERE)


@pytest.fixture(scope="module")
def clients(authority, installation):
    """{what is to be said of it: certificate}"""
    stranger = Authority(installation.directory, "another authority")
    return {
        "good": authority.issue("vendor.example", CLIENT),
        "of another authority": stranger.issue("vendor.example", CLIENT),
        "expired": authority.issue("late.example", CLIENT, days=-1),
        "self-signed": self_signed(authority.directory, "self.example", CLIENT),
        "for servers only": authority.issue("server.example", SERVER),
    }


WRONG_CLIENTS = ["of another authority", "expired", "self-signed", "for servers only"]


@pytest.fixture(scope="module", autouse=True)
def trust(authority):
    """Every client of this module knows the authority."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", authority.own.file)
        yield


@pytest.fixture
def start_secure(start_farthingd, server_files, authority):
    """start_secure(tls={…}, section={…})"""
    def start(tls=None, **changes):
        files = {"certificate_file": server_files.file, "key_file": server_files.key_file,
                 "client_ca_file": authority.own.file}
        return start_farthingd(tls=files | (tls or {}), **changes)
    return start


@pytest.fixture
def secure(start_secure):
    return start_secure()


@pytest.fixture
def strict(start_secure):
    return start_secure({"client_required": True})


def connect(daemon):
    return socket.create_connection(("127.0.0.1", daemon.port), timeout=30)


def hand_shake(daemon, authority, version=None, ciphers=None, client=None):
    """A connection through which requests can be sent."""
    context = ssl.create_default_context(cafile=authority.own.file)
    context.set_ciphers((ciphers or "ALL") + ":@SECLEVEL=0")
    if version is not None:
        context.minimum_version = context.maximum_version = version
    if client is not None:
        context.load_cert_chain(*client.pair)
    return context.wrap_socket(connect(daemon), server_hostname="127.0.0.1")


def ask(path, host="127.0.0.1"):
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


# --- versions and ciphers ---

def test_plain_client_is_refused(secure):
    """No word of HTTP is answered to it."""
    with connect(secure) as plain:
        plain.sendall(ask("/health"))
        answer = b""
        try:
            while more := plain.recv(4096):
                answer += more
        except ConnectionResetError:
            pass
    assert b"HTTP" not in answer


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_are_refused(secure, authority, version):
    with pytest.raises(CLOSED):
        hand_shake(secure, authority, version)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_current_versions_are_accepted(secure, authority, version):
    with hand_shake(secure, authority, version) as client:
        client.sendall(ask("/health"))
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
        assert client.compression() is None


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_certificate_of_rsa(start_secure, authority, version):
    """The server's and the client's."""
    server = authority.issue("rsa", SERVER, HERE, key_type=RSA)
    client = authority.issue("rsa.example", CLIENT, key_type=RSA)
    daemon = start_secure({"certificate_file": server.file, "key_file": server.key_file,
                           "client_required": True})
    with hand_shake(daemon, authority, version, client=client) as connection:
        connection.sendall(ask(SOAP))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("cipher", ["AES128-GCM-SHA256", "AES256-SHA", "ECDHE-ECDSA-AES128-SHA",
                                    "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-NULL-SHA", "aNULL"])
def test_weak_ciphers_are_refused(secure, authority, cipher):
    """Neither without forward secrecy nor without authenticated encryption."""
    with pytest.raises(CLOSED):
        hand_shake(secure, authority, ssl.TLSVersion.TLSv1_2, cipher)


def test_renegotiation_ends_the_connection(secure, authority):
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{secure.port}", "-tls1_2",
               "-CAfile", authority.own.file]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as client:
        client.stdin.write(b"R\n")
        client.stdin.flush()
        assert client.wait(DEADLINE_S) == 0  # it met the end: its input is still open
        assert client.stdout.read().endswith(b"closed\n")


@pytest.mark.skipif(shutil.which("sslscan") is None, reason="sslscan is not installed")
def test_sslscan_finds_nothing_weak(secure):
    report = xml.etree.ElementTree.fromstring(subprocess.run(
        ["sslscan", "--xml=-", "--no-colour", f"127.0.0.1:{secure.port}"], check=True,
        timeout=DEADLINE_S, stdout=subprocess.PIPE).stdout).find("ssltest")
    enabled = {(entry.get("type"), entry.get("version")) for entry in report.findall("protocol")
               if entry.get("enabled") == "1"}
    assert enabled == {("tls", "1.2"), ("tls", "1.3")}
    assert {cipher.get("cipher") for cipher in report.findall("cipher")} == CIPHERS
    assert {vulnerable.get("vulnerable") for vulnerable in report.findall("heartbleed")} == {"0"}
    assert report.find("renegotiation").get("supported") == "0"


# What testssl.sh says against the server and is not the server's doing.
NOT_THE_SERVERS = {
    "engine_problem": "its own OpenSSL knows no GOST",
    "cert_revocation": "our authority publishes no list, as it is gone after the test",
    "secure_client_renego": "it takes a connection that ends in peace for one that went on;"
                            " test_renegotiation_ends_the_connection looks at what was said",
}


@pytest.mark.skipif(shutil.which("testssl") is None, reason="testssl.sh is not installed")
def test_testssl_grades_it_a(start_secure, authority, tmp_path):
    """No finding of any weight, and the points that SSL Labs' guide gives for what it found."""
    server = authority.issue("long-lived", SERVER, HERE, days=90)
    daemon = start_secure({"certificate_file": server.file, "key_file": server.key_file})
    trusted, report = tmp_path / "authority.pem", tmp_path / "report.json"
    shutil.copy(authority.own.file, trusted)  # testssl.sh wants a path without spaces
    subprocess.run(
        ["testssl", "--quiet", "--color=0", "--warnings=batch", "--connect-timeout=10",
         "--openssl-timeout=10", "--nodns=none", f"--add-ca={trusted}", f"--jsonfile={report}",
         *TESTSSL_PARTS, f"127.0.0.1:{daemon.port}"], timeout=600, stdout=subprocess.DEVNULL)
    findings = json.loads(report.read_text())
    found = {finding["id"]: finding["finding"] for finding in findings}
    assert found["cert_chain_of_trust"] == "passed." and found["heartbleed"].startswith("not vuln")
    assert [finding for finding in findings
            if finding["severity"] not in ("OK", "INFO", "LOW")
            and finding["id"] not in NOT_THE_SERVERS] == []
    assert points(found) >= 80  # A


def points(found):
    """Of SSL Labs' Server Rating Guide: protocols 30 %, key exchange 30 %, ciphers 40 %."""
    offered = [found[name].startswith("offered") for name in
               ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3")]
    worst, best = offered.index(True), 5 - offered[::-1].index(True)
    protocols = [0, 80, 90, 95, 100, 100]
    kind, bits = found["cert_keySize"].split()[:2]
    like_rsa = int(bits) * 12 if kind == "EC" else int(bits)
    exchange = 100 if like_rsa >= 4096 else 90 if like_rsa >= 2048 else 80 if like_rsa >= 1024 else 0
    names = " ".join(found[name] for name in ("cipherorder_TLSv1_2", "cipherorder_TLSv1_3")).split()
    strengths = [100 if "256" in re.split("-SHA|_SHA", name)[0] or "CHACHA20" in name else 80
                 for name in names]
    return 0.3 * (protocols[worst] + protocols[best]) / 2 + 0.3 * exchange \
        + 0.4 * (min(strengths) + max(strengths)) / 2


# --- what goes through it ---

def test_browsers_are_told_to_stay_with_https(secure, farthingd):
    name = "Strict-Transport-Security"
    assert requests.get(secure.url + "/", timeout=30).headers[name] == "max-age=31536000"
    assert name not in requests.get(farthingd.url + "/", timeout=30).headers


def test_purchase_with_a_client_certificate(strict, clients, vendor, user):
    """A generated client sells and unlocks; its certificate's subject is in the log."""
    subject = "CN=vendor.example"
    api = VendorApi(strict.url, vendor, client=clients["good"].pair)
    offer = api.initiate()
    browser = Browser(strict.url)
    browser.log_in(user)
    arrival = browser.buy(offer.BuyURL)
    assert all(cookie.secure for cookie in browser.session.cookies)
    assert api.lock(arrival.encrypted_user_id, vendor.home_url + "items/1").Authorized
    wait_until(lambda: {("InitiateTransaction", subject), ("Lock_Content", subject)}
               <= {(line.get("operation"), line.get("client")) for line in logged(strict)},
               "both calls are logged with the certificate's subject")
    assert {line.get("client", subject) for line in logged(strict)} == {subject}


def logged(daemon):
    return [json.loads(line) for line in daemon.log().splitlines(keepends=True)
            if line.endswith("\n")]


def test_large_and_pipelined_requests(secure, authority):
    """What TLS has decrypted ahead is not left lying."""
    body = b"x" * 65536
    head = f"POST {SOAP} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n" \
           f"Content-Length: {len(body)}\r\n\r\n".encode()
    with hand_shake(secure, authority) as client:
        client.sendall(ask("/health") * 2 + head + body + ask("/health"))
        answer = b""
        while answer.count(b'"alive"') < 3:
            more = client.recv(65536)
            assert more, answer[-1000:]
            answer += more
    assert answer.count(b"HTTP/1.1 200 ") == 3
    assert answer.count(b"HTTP/1.1 500 ") == 1


# --- clients' certificates ---

def post(daemon, client):
    return requests.post(daemon.url + SOAP, b"<a/>", headers={"Content-Type": "text/xml"},
                         cert=client and client.pair, timeout=30)


@pytest.mark.parametrize("which", WRONG_CLIENTS)
@pytest.mark.parametrize("required", [True, False])
def test_wrong_client_certificate_is_refused(start_secure, clients, which, required):
    """By the vendor API; pages do not care."""
    daemon = start_secure({"client_required": required})
    assert post(daemon, clients[which]).status_code == 403
    wsdl = requests.get(daemon.url + SOAP + "?wsdl", cert=clients[which].pair, timeout=30)
    assert wsdl.status_code == 403
    page = requests.get(daemon.url + "/login", cert=clients[which].pair, timeout=30)
    assert page.status_code == 200
    assert "client certificate refused" in daemon.log()
    assert ".example" not in daemon.log()


def test_short_client_key_is_refused(strict, authority):
    short = authority.issue("short.example", CLIENT, key_type=["-newkey", "rsa:1024"])
    with hand_shake(strict, authority, client=short) as connection:
        connection.sendall(ask(SOAP))
        assert connection.recv(65536).startswith(b"HTTP/1.1 403 ")


def test_missing_client_certificate(strict, secure, clients):
    assert post(strict, None).status_code == 403
    assert post(secure, None).status_code == 500  # a SOAP fault: it was read
    assert post(strict, clients["good"]).status_code == 500
    assert requests.get(strict.url + "/login", timeout=30).status_code == 200


def test_refused_body_is_not_asked_for(strict, authority):
    with hand_shake(strict, authority) as client:
        client.sendall(f"POST {SOAP} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
                       "Content-Length: 60000\r\nExpect: 100-continue\r\n\r\n".encode())
        assert client.recv(65536).startswith(b"HTTP/1.1 403 ")


# --- slow handshakes ---

def test_slow_handshakes_hold_nobody_up(start_secure, authority):
    """Not while they last, and they do not last: each byte buys them no time."""
    daemon = start_secure(http={"threads": 1, "idle_timeout_s": 2})
    started = time.monotonic()
    slow = [connect(daemon) for _ in range(200)]
    try:
        for client in slow:
            client.sendall(b"\x16\x03\x01")
        for _ in range(20):
            assert requests.get(daemon.url + "/health", timeout=2).status_code == 200
        ended = drip_until_closed(slow[0], b"\x02" + b"\x00" * 600)
        assert ended - started < 10
    finally:
        for client in slow:
            client.close()


def drip_until_closed(client, rest):
    client.settimeout(0.1)
    for byte in rest:
        try:
            client.sendall(bytes([byte]))
            if client.recv(100) == b"":
                return time.monotonic()
        except socket.timeout:
            continue
        except ConnectionError:
            return time.monotonic()
    raise AssertionError("it was still open")


# --- files ---

def test_sighup_reads_the_files_anew(start_secure, authority, tmp_path):
    first, second = authority.issue("first", SERVER, HERE), authority.issue("second", SERVER, HERE)
    certificate, key = tmp_path / "server.pem", tmp_path / "server.key"

    def put(files, key_of=None):
        shutil.copy(files.file, certificate)
        shutil.copy((key_of or files).key_file, key)
        key.chmod(0o600)

    def name_shown():
        with hand_shake(daemon, authority) as client:
            return client.getpeercert()["subject"][0][0][1]

    def reload(event):
        before = daemon.log().count(event)
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: daemon.log().count(event) > before, event)

    put(first)
    daemon = start_secure({"certificate_file": str(certificate), "key_file": str(key)})
    with hand_shake(daemon, authority) as old:
        assert name_shown() == "first"
        put(second, key_of=first)
        reload('"TLS files not reloaded"')
        assert name_shown() == "first"
        put(second)
        reload('"reloaded"')
        assert name_shown() == "second"
        old.sendall(ask("/health"))
        assert old.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_wrong_files_are_refused(installation, authority, server_files, tmp_path):
    """The error names the file and what is wrong with it; --check says the same."""
    other = authority.issue("other", SERVER, HERE)
    expired = authority.issue("old server", SERVER, HERE, days=-1)
    readable = tmp_path / "readable.key"
    shutil.copy(server_files.key_file, readable)
    readable.chmod(0o640)
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    empty.chmod(0o600)
    good = {"certificate_file": server_files.file, "key_file": server_files.key_file}
    for wrong, problem in [
            ({"certificate_file": "/nonexistent.pem"}, "No such file"),
            ({"certificate_file": str(empty)}, "holds no certificate"),
            ({"certificate_file": expired.file, "key_file": expired.key_file}, "has expired"),
            ({"key_file": "/nonexistent.key"}, "No such file"),
            ({"key_file": str(readable)}, "may be read or changed by others"),
            ({"key_file": other.key_file}, "is not the certificate's key"),
            ({"key_file": str(empty)}, "holds no private key"),
            ({"client_ca_file": "/nonexistent.pem"}, "No such file"),
            ({"client_ca_file": str(empty)}, "holds no certificate")]:
        for said in refusals(installation, tmp_path, tls=good | wrong):
            assert any(file in said for file in wrong.values()), said
            assert problem in said, said


def test_a_proxys_socket_goes_without_tls(installation, server_files, tmp_path):
    """S2: a proxy would speak plain HTTP to it."""
    socket = str(tmp_path / "http.socket")
    files = {"certificate_file": server_files.file, "key_file": server_files.key_file}
    for said in refusals(installation, tmp_path, tls=files, http={"socket_file": socket}):
        assert socket in said and "with TLS there is no socket for a proxy" in said, said


def refusals(installation, directory, **sections):
    """What farthingd says of a configuration when it starts, and with --check."""
    path = directory / "refused.conf"
    path.write_text(Installation.render(installation.settings(free_port(), **sections)))
    for option in ([], ["--check"]):
        done = subprocess.run(
            [program("farthingd"), "-c", path, "-d", installation.data_directory, *option],
            timeout=DEADLINE_S, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1
        yield done.stderr
