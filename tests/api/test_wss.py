# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Security on a port of its own (S3): who signs, who encrypts, and who only pretends to."""

import base64
import copy
import datetime
import hashlib
import hmac
import json
import os
import re
import subprocess

import pytest
import requests
import xmlsec
import zeep.ns
from lxml import etree
from zeep.wsse.signature import BinarySignature, Signature
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSSE, get_security_header

from support.certificates import CLIENT, HERE, RSA, SERVER, Authority, self_signed
from support.daemon import Farthingd
from support.market import add_user, add_vendor
from support.place import DEADLINE_S, SOURCE, free_port
from support.web import Browser
from support.wss import (AES128_GCM, AES256_CBC, AES256_GCM, OAEP, RSA15, WSSE_ID, SecureApi, decrypt, encrypt, sign, stamp, timestamp,
                         verify_by)

REFUSED = "AUTHENTICATION_FAILED"
STALE = (REFUSED, "The message is too old, or from the future.")
REPEATED = (REFUSED, "The message was received before.")
WRONG_DIGEST = (REFUSED, "The UsernameToken names no vendor, or its digest is wrong.")
NO_DIGEST = (REFUSED,
             "The UsernameToken must have a digest of the password, a nonce and its time.")
NOT_SIGNED = (REFUSED, "The signature is not valid, or not of RSA with SHA-256 or better.")
NOT_COVERED = (REFUSED,
               "The signature must cover body and timestamp, and nothing else but its certificate.")
NOT_REGISTERED = (REFUSED, "The certificate is not registered, or not valid any more.")
NO_CERTIFICATE = (REFUSED, "The message must bring the one certificate that signed it.")
MISPLACED = (REFUSED, "The message's parts are not where they belong.")
TWO_IDS = (REFUSED, "The message's IDs must differ, and be names.")
NO_PROOF = (REFUSED, "The message must have either a UsernameToken or a signature.")
NO_HEADER = (REFUSED, "The message has no WS-Security header.")
NOT_DECRYPTED = (REFUSED, "The message cannot be decrypted.")
OTHER_VENDOR = (REFUSED, "VendorID is not the vendor that the message is from.")


def rsa(installation, name, **options):
    return self_signed(installation.directory, name, key_type=RSA, **options)


@pytest.fixture(scope="module")
def own(installation):
    """The provider's certificate."""
    return rsa(installation, "provider")


@pytest.fixture(scope="module")
def settings(own):
    port = free_port()
    return {"wss": {"certificate_file": own.file, "key_file": own.key_file, "port": port,
                    "public_url": f"http://127.0.0.1:{port}"}}


@pytest.fixture(scope="module")
def secure(installation, settings):
    """A daemon with both ports."""
    daemon = Farthingd(installation, **settings)
    daemon.secure_url = settings["wss"]["public_url"]
    yield daemon
    daemon.stop()


@pytest.fixture(scope="module")
def signer(installation, vendor):
    """The vendor's certificate, registered."""
    certificate = rsa(installation, "signer")
    installation.operate("vendor", "certificate", vendor.vendor_id, certificate.file)
    return certificate


@pytest.fixture(scope="module")
def other(installation):
    """Another vendor, with a certificate and a secret."""
    vendor = add_vendor(installation, "http://localhost:8/")
    vendor.certificate = rsa(installation, "other")
    installation.operate("vendor", "certificate", vendor.vendor_id, vendor.certificate.file)
    vendor.secret = installation.operate("vendor", "security", vendor.vendor_id)
    return vendor


@pytest.fixture(scope="module")
def secret(installation, vendor):
    return installation.operate("vendor", "security", vendor.vendor_id)


@pytest.fixture
def api(secure, vendor):
    """api(step…): the vendor's calls on that port; the password is not needed, and wrong."""
    def connect(*steps, who=vendor, **options):
        made = SecureApi(secure.secure_url, who, *steps, **options)
        made.vendor = copy.copy(who)
        made.vendor.password = "not looked at"
        return made
    return connect


def token(vendor_id, secret, **options):
    """Made by zeep."""
    def step(envelope):
        made = UsernameToken(str(vendor_id), secret, use_digest=True, zulu_timestamp=True, **options)
        return made.apply(envelope, {})[0]
    return step


def edit(path, text):
    """What a message says in the first place that the path names."""
    def step(envelope):
        envelope.find(path).text = text
        return envelope
    return step


def remove(path):
    def step(envelope):
        element = envelope.find(path)
        element.getparent().remove(element)
        return envelope
    return step


# --- UsernameToken ---

@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_digest_stands_for_the_password(api, vendor, secret, version):
    account = api(token(vendor.vendor_id, secret), version=version).call("GetAccount", {})
    assert account.Account.Currency == "EUR"


def test_password_may_be_absent_or_empty(api, vendor, secret):
    calls = api(token(vendor.vendor_id, secret))
    for password in (None, ""):
        assert calls.call("GetAccount", {}, raw={"VendorPassword": password}).Account.Currency


def test_wrong_digest(api, vendor, other):
    assert api(token(vendor.vendor_id, "x" * 32)).status() == WRONG_DIGEST
    assert api(token(vendor.vendor_id, other.secret)).status() == WRONG_DIGEST
    assert api(token("999999", other.secret)).status() == WRONG_DIGEST
    assert api(token("nobody", other.secret)).status() == WRONG_DIGEST


def test_digest_of_another_vendor(api, other):
    """What it proves is not who the body says."""
    assert api(token(other.vendor_id, other.secret)).status() == OTHER_VENDOR


def test_password_is_no_secret_for_digests(api, vendor):
    assert api(token(vendor.vendor_id, vendor.password)).status() == WRONG_DIGEST


def test_new_secret_ends_the_old_one(installation, api, secure):
    shop = add_vendor(installation, "http://localhost:7/")
    assert api(token(shop.vendor_id, "x" * 32), who=shop).status() == WRONG_DIGEST
    first = installation.operate("vendor", "security", shop.vendor_id)
    assert api(token(shop.vendor_id, first), who=shop).status() == "OK"
    second = installation.operate("vendor", "security", shop.vendor_id)
    assert api(token(shop.vendor_id, first), who=shop).status() == WRONG_DIGEST
    assert api(token(shop.vendor_id, second), who=shop).status() == "OK"
    assert first not in secure.log() and second not in secure.log()


def test_repeated_nonce(api, vendor, secret, other):
    """Of one vendor; others may choose the same."""
    again = token(vendor.vendor_id, secret, nonce="the same for once")
    assert api(again).status() == "OK"
    assert api(again).status() == REPEATED
    theirs = token(other.vendor_id, other.secret, nonce="the same for once")
    assert api(theirs, who=other).status() == "OK"


def test_repeated_message_after_a_restart(api, vendor, secret, secure):
    calls = api(token(vendor.vendor_id, secret))
    assert calls.status() == "OK"
    message = etree.tostring(calls.security.sent)
    assert calls.status(message=message) == REPEATED
    secure.kill()
    secure.start()
    assert calls.status(message=message) == REPEATED


@pytest.mark.parametrize("age_s", [310, -310, 86400])
def test_stale_token(api, vendor, secret, age_s):
    created = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age_s)
    assert api(token(vendor.vendor_id, secret, created=created)).status() == STALE


def test_token_lacks_something(api, vendor, secret):
    good = token(vendor.vendor_id, secret)
    base = ".//{*}UsernameToken/"
    for step in (remove(base + "{*}Nonce"), remove(base + "{*}Password"),
                 remove(base + "{*}Created"), edit(base + "{*}Nonce", "AAAA"),
                 edit(base + "{*}Nonce", base64.b64encode(bytes(65)).decode()),
                 edit(base + "{*}Password", "AAAA"), edit(base + "{*}Nonce", "not base64 \u00e4")):
        assert api(good, step).status() == NO_DIGEST


def test_password_in_clear_is_refused(api, vendor, secret):
    def plain(envelope):
        return UsernameToken(vendor.vendor_id, secret).apply(envelope, {})[0]
    assert api(plain).status() == NO_DIGEST


def test_guesses_are_limited(installation, api):
    """By vendor and address, as passwords are."""
    shop = add_vendor(installation, "http://localhost:6/")
    installation.operate("vendor", "security", shop.vendor_id)
    guess = token(shop.vendor_id, "x" * 32)
    told = [api(guess, who=shop).status()[0] for _ in range(7)]
    assert told == [REFUSED] * 5 + ["RATE_LIMITED"] * 2


# --- signatures ---

@pytest.mark.parametrize("version, kind", [("1.1", BinarySignature), ("1.2", BinarySignature),
                                           ("1.1", Signature)])
def test_signed_call_and_answer(api, signer, own, version, kind):
    calls = api(stamp(), sign(signer, kind), version=version, verify=verify_by(own))
    assert calls.call("GetAccount", {}).Account.Currency == "EUR"
    assert calls.security.answer.find("{*}Header/{*}Security") is not None


@pytest.mark.parametrize("algorithm", ["SHA384", "SHA512"])
def test_longer_hashes(api, signer, algorithm):
    chosen = {"signature_method": getattr(xmlsec.Transform, "RSA_" + algorithm),
              "digest_method": getattr(xmlsec.Transform, algorithm)}
    assert api(stamp(), sign(signer, **chosen)).status() == "OK"


def test_fault_is_signed_too(api, signer, own):
    calls = api(stamp(), sign(signer), verify=verify_by(own))
    code, _ = calls.status("GetTransaction",
                           TransactionID="018f0000-0000-7000-8000-000000000000")
    assert code == "TRANSACTION_NOT_FOUND"
    assert calls.security.answer.find("{*}Header/{*}Security") is not None


def test_signed_and_encrypted_purchase(api, secure, installation, signer, own, vendor):
    """A whole sale; neither request nor answer shows what is in it."""
    def examine(envelope):
        if envelope.find(".//{*}EncryptedData") is not None:
            assert b"BuyURL" not in etree.tostring(envelope)
            decrypt(envelope, signer)
        else:
            raise AssertionError("an answer in clear")
        verify_by(own)(envelope)

    calls = api(stamp(), sign(signer), encrypt(own), verify=examine)
    offer = calls.initiate(ContentTitle="Fünf & mehr")
    assert "mehr" not in etree.tostring(calls.security.sent, encoding="unicode")
    user = add_user(installation)
    browser = Browser(secure.url)
    browser.log_in(user)
    arrival = browser.buy(offer.BuyURL)
    assert calls.lock(arrival.encrypted_user_id, vendor.home_url + "items/1").Authorized


def test_aes_128(api, signer, own):
    assert api(stamp(), sign(signer), encrypt(own, AES128_GCM),
               verify=lambda envelope: decrypt(envelope, signer)).status() == "OK"


def test_sha1_is_refused(api, signer):
    sha1 = {"signature_method": xmlsec.Transform.RSA_SHA1, "digest_method": xmlsec.Transform.SHA256}
    assert api(stamp(), sign(signer, **sha1)).status() == NOT_SIGNED
    sha1 = {"signature_method": xmlsec.Transform.RSA_SHA256, "digest_method": xmlsec.Transform.SHA1}
    assert api(stamp(), sign(signer, **sha1)).status() == NOT_SIGNED


def test_tampered_body(api, signer):
    calls = api(stamp(), sign(signer), edit(".//{*}VendorID", "1"))
    assert calls.status() == NOT_SIGNED
    calls = api(stamp(), sign(signer), edit(".//{*}Created", timestamp(-60)[0].text))
    assert calls.status() == NOT_SIGNED


def test_comment_splits_no_text(api, signer, vendor):
    """It is not signed; were it to cut a text, that would not be what was signed."""
    def split(envelope):
        element = envelope.find(".//{*}VendorID")
        text, element.text = element.text, None
        element.text = text[:2]
        comment = etree.Comment("x")
        element.append(comment)
        comment.tail = text[2:]
        return envelope
    assert api(stamp(), sign(signer), split).status() == "OK"


def test_timestamp_must_be_signed(api, signer):
    assert api(sign(signer), stamp()).status() == NOT_COVERED
    assert api(sign(signer)).status() == NOT_COVERED


def test_old_and_future_timestamps(api, signer):
    assert api(stamp(310), sign(signer)).status() == STALE
    assert api(stamp(-310), sign(signer)).status() == STALE
    assert api(stamp(60, life_s=30), sign(signer)).status() == STALE
    assert api(stamp(60, life_s=None), sign(signer)).status() == "OK"


def test_repeated_signed_message(api, signer):
    calls = api(stamp(), sign(signer))
    assert calls.status() == "OK"
    message = copy.deepcopy(calls.security.sent)
    assert calls.status(message=etree.tostring(message)) == REPEATED
    value = message.find(".//{*}SignatureValue")
    value.text = " ".join(value.text.split())
    assert calls.status(message=etree.tostring(message)) == REPEATED


# --- signature wrapping ---

def forged(envelope):
    """A second body, of the attacker's making."""
    body = copy.deepcopy(envelope.find("{*}Body"))
    body.attrib.pop(WSSE_ID, None)
    body.find(".//{*}VendorPassword").text = "forged"
    return body


def put_aside(envelope, holder):
    """The signed body moves, with its ID; the forged one takes its place."""
    signed = envelope.find("{*}Body")
    other_body = forged(envelope)
    envelope.replace(signed, other_body)
    holder.append(signed)
    return envelope


def wrap_in_header(envelope):
    return put_aside(envelope, etree.SubElement(envelope.find("{*}Header"), "aside"))


def wrap_in_security(envelope):
    return put_aside(envelope, etree.SubElement(get_security_header(envelope), "aside"))


def wrap_in_object(envelope):
    signature = envelope.find(".//{*}Signature")
    return put_aside(envelope, etree.SubElement(signature, f"{{{zeep.ns.DS}}}Object"))


def wrap_beside(envelope):
    signed = envelope.find("{*}Body")
    envelope.insert(1, forged(envelope))
    assert signed.getparent() is envelope
    return envelope


def wrap_with_equal_ids(envelope):
    identifier = envelope.find("{*}Body").get(WSSE_ID)
    wrap_in_header(envelope).find("{*}Body").set(WSSE_ID, identifier)
    return envelope


def wrap_with_xml_id(envelope):
    identifier = envelope.find("{*}Body").get(WSSE_ID)
    body = wrap_in_header(envelope).find("{*}Body")
    body.set("{http://www.w3.org/XML/1998/namespace}id", identifier)
    return envelope


def wrap_timestamp(envelope):
    security = get_security_header(envelope)
    old = security.find(f"{{{zeep.ns.WSU}}}Timestamp")
    aside = etree.SubElement(envelope.find("{*}Header"), "aside")
    security.append(timestamp())
    aside.append(old)
    return envelope


def wrap_signed_info(envelope):
    """A good SignedInfo before the forged one, for those who look for the first."""
    signed_info = envelope.find(".//{*}SignedInfo")
    aside = etree.Element("aside")
    aside.append(copy.deepcopy(signed_info))
    envelope.find("{*}Header").insert(0, aside)
    digest = signed_info.find(".//{*}DigestValue")
    digest.text = base64.b64encode(hashlib.sha256(b"forged").digest()).decode()
    return envelope


def wrap_two_headers(envelope):
    header = envelope.find("{*}Header")
    header.append(WSSE.Security())
    return envelope


WRAPPINGS = {wrap_in_header: NOT_COVERED, wrap_in_security: MISPLACED,
             wrap_in_object: NOT_COVERED, wrap_beside: MISPLACED, wrap_with_equal_ids: TWO_IDS,
             wrap_with_xml_id: TWO_IDS, wrap_timestamp: NOT_COVERED,
             wrap_signed_info: NOT_SIGNED, wrap_two_headers: MISPLACED}


@pytest.mark.parametrize("wrap", WRAPPINGS, ids=lambda wrap: wrap.__name__)
def test_wrapping(api, signer, wrap):
    assert api(stamp(), sign(signer), wrap).status() == WRAPPINGS[wrap]


def change_reference(**attributes):
    def step(envelope):
        for reference in envelope.iter(f"{{{zeep.ns.DS}}}Reference"):
            reference.attrib.update(attributes)
        return envelope
    return step


@pytest.mark.parametrize("uri", ["", "#xpointer(/)", "http://127.0.0.1:9/x", "file:///etc/passwd"])
def test_reference_to_elsewhere(api, signer, uri):
    assert api(stamp(), sign(signer), change_reference(URI=uri)).status() == NOT_COVERED


def test_transform_of_the_senders(api, signer):
    """XSLT and XPath are never run."""
    def transform(envelope):
        for element in envelope.iter(f"{{{zeep.ns.DS}}}Transform"):
            element.set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
        return envelope
    assert api(stamp(), sign(signer), transform).status() == NOT_COVERED


def canonical(element):
    return etree.tostring(element, method="c14n", exclusive=True)


def mac(envelope):
    """Whoever forges the body makes an HMAC for it, under a key that the message brings."""
    envelope.find(".//{*}VendorPassword").text = "forged"
    body = envelope.find("{*}Body")
    signature = envelope.find(".//{*}Signature")
    for reference in signature.iter(f"{{{zeep.ns.DS}}}Reference"):
        if reference.get("URI") == "#" + body.get(WSSE_ID):
            digest = hashlib.sha256(canonical(body)).digest()
            reference.find("{*}DigestValue").text = base64.b64encode(digest).decode()
    algorithm = "http://www.w3.org/2000/09/xmldsig#hmac-sha1"
    signature.find(".//{*}SignatureMethod").set("Algorithm", algorithm)
    holder = signature.find(".//{*}SecurityTokenReference")
    holder.append(WSSE.KeyIdentifier(base64.b64encode(b"a key").decode(), ValueType=algorithm))
    value = hmac.digest(b"a key", canonical(signature.find("{*}SignedInfo")), "sha1")
    signature.find("{*}SignatureValue").text = base64.b64encode(value).decode()
    return envelope


def test_mac_under_a_key_of_the_senders(api, signer):
    """An HMAC is no signature."""
    assert api(stamp(), sign(signer), mac).status() == NOT_SIGNED


# --- certificates ---

def test_unregistered_certificate(api, installation):
    assert api(stamp(), sign(rsa(installation, "stranger"))).status() == NOT_REGISTERED


def test_certificate_of_another_vendor(api, other):
    assert api(stamp(), sign(other.certificate)).status() == OTHER_VENDOR


def test_signature_of_one_with_the_certificate_of_another(api, signer, other):
    def swap(envelope):
        with open(other.certificate.file) as file:
            lines = file.read().splitlines()
        envelope.find(".//{*}BinarySecurityToken").text = "".join(lines[1:-1])
        return envelope
    assert api(stamp(), sign(signer), swap).status() == NOT_SIGNED


def test_missing_certificate(api, signer):
    assert api(stamp(), sign(signer), remove(".//{*}BinarySecurityToken")).status() \
        == NO_CERTIFICATE


def test_revoked_and_expired_certificates(api, installation, vendor):
    certificate = rsa(installation, "brief")
    calls = api(stamp(), sign(certificate))
    fingerprint = installation.operate("vendor", "certificate", vendor.vendor_id, certificate.file)
    assert calls.status() == "OK"
    installation.operate("vendor", "revoke", vendor.vendor_id, fingerprint)
    assert calls.status() == NOT_REGISTERED
    installation.operate("vendor", "certificate", vendor.vendor_id, certificate.file)
    assert calls.status() == "OK"
    installation.query("UPDATE vendor.certificates SET valid_until = now()"
                       " WHERE fingerprint = decode(%s, 'hex')", (fingerprint,))
    assert calls.status() == NOT_REGISTERED


def test_disabled_vendor(api, installation):
    shop = add_vendor(installation, "http://localhost:5/")
    secret = installation.operate("vendor", "security", shop.vendor_id)
    shop.disable()
    assert api(token(shop.vendor_id, secret), who=shop).status()[0] == "VENDOR_DISABLED"


# --- encryption ---

@pytest.mark.parametrize("cipher, transport", [(AES256_CBC, OAEP), (AES256_GCM, RSA15)])
def test_weak_encryption_is_refused(api, signer, own, cipher, transport):
    assert api(stamp(), sign(signer), encrypt(own, cipher, transport)).status() == NOT_DECRYPTED


def test_encrypted_to_somebody_else(api, signer, other):
    assert api(stamp(), sign(signer), encrypt(other.certificate)).status() == NOT_DECRYPTED


def test_tampered_cipher(api, signer, own):
    def flip(envelope):
        value = envelope.find("{*}Body//{*}CipherValue")
        cipher = bytearray(base64.b64decode(value.text))
        cipher[20] ^= 1
        value.text = base64.b64encode(cipher).decode()
        return envelope
    assert api(stamp(), sign(signer), encrypt(own), flip).status() == NOT_DECRYPTED


def test_encryption_is_no_signature(api, own, vendor, secret):
    """Anybody can encrypt to the provider; and who could read an answer to a UsernameToken?"""
    assert api(encrypt(own)).status() == NO_PROOF
    assert api(token(vendor.vendor_id, secret), encrypt(own)).status() == (
        REFUSED, "An encrypted message must be signed, too.")


# --- what the port takes ---

def test_message_without_security(api, vendor):
    assert api().status() == NO_HEADER
    assert api(stamp()).status() == NO_PROOF


def test_what_libraries_complain_of_stays_out_of_the_log(api, vendor, secret, secure):
    """Each line is of JSON, whatever was sent."""
    def relative(envelope):
        etree.SubElement(envelope.find("{*}Body")[0], "{relative}x")
        return envelope
    assert api(token(vendor.vendor_id, secret), relative).status() == (
        "INVALID_PARAMETER", "Request must be XML whose namespaces are absolute.")
    assert "relative" not in secure.log()
    for line in secure.log().splitlines():
        json.loads(line)


def test_token_and_signature_together(api, vendor, secret, signer):
    assert api(stamp(), token(vendor.vendor_id, secret), sign(signer)).status() == NO_PROOF


def test_body_is_scanned_as_on_the_plain_port(api, vendor, secret, secure):
    calls = api(token(vendor.vendor_id, secret))
    calls.status()
    message = etree.tostring(calls.security.sent)
    dtd = b'<!DOCTYPE x [<!ENTITY y "z">]>' + message
    assert calls.status(message=dtd) == (
        "INVALID_PARAMETER", "The request has a document type declaration, which SOAP forbids.")
    assert calls.status(message=message[:-5])[0] == "INVALID_PARAMETER"
    assert calls.status(message=message.replace(b"EUR", b"").replace(b"GetAccount", b"Get\xff"))[0] \
        == "INVALID_PARAMETER"
    deep = b"<a>" * 5000 + b"</a>" * 5000
    assert calls.status(message=deep)[0] == "INVALID_PARAMETER"
    big = requests.post(secure.secure_url + "/soap/vendor/1", b"x" * 70000,
                        headers={"Content-Type": "text/xml"}, timeout=30)
    assert big.status_code == 413


def test_only_the_vendor_api_is_there(secure):
    for path in ("/login", "/metrics", "/health"):
        assert requests.get(secure.secure_url + path, timeout=30).status_code == 404
    wsdl = requests.get(secure.secure_url + "/soap/vendor/1?wsdl", timeout=30).text
    assert f'location="{secure.secure_url}/soap/vendor/1"' in wsdl


def test_plain_port_does_not_look_at_it(secure, vendor, secret):
    """There the password counts."""
    calls = SecureApi(secure.url, vendor, token(vendor.vendor_id, secret))
    assert calls.status() == "OK"
    calls.vendor = copy.copy(vendor)
    calls.vendor.password = "wrong, and not guessed"
    assert calls.status() == (REFUSED, "VendorID or VendorPassword is wrong.")


def test_refusals_are_logged_without_secrets(api, vendor, secure):
    nonce = "nonce " + os.urandom(8).hex()
    api(token(vendor.vendor_id, "x" * 32, nonce=nonce)).status()
    refusals = [line for line in map(json.loads, secure.log().splitlines())
                if line.get("event") == "message_refused"]
    assert WRONG_DIGEST[1] in {line["cause"] for line in refusals}
    assert base64.b64encode(nonce.encode()).decode() not in secure.log()


# --- TLS ---

def test_client_certificate_must_be_the_vendors(installation, start_farthingd, monkeypatch):
    """One that is good for TLS is not yet the vendor's."""
    authority = Authority(installation.directory, "authority of wss")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority.own.file)
    server = authority.issue("server", SERVER, HERE)
    daemon = start_farthingd(tls={"certificate_file": server.file, "key_file": server.key_file,
                                  "client_ca_file": authority.own.file})
    first = authority.issue("first.example", CLIENT, key_type=RSA)
    second = authority.issue("second.example", CLIENT, key_type=RSA)
    shop = add_vendor(installation, "http://localhost:4/")
    assert SecureApi(daemon.url, shop, client=first.pair).status() == "OK"
    installation.operate("vendor", "certificate", shop.vendor_id, first.file)
    assert SecureApi(daemon.url, shop, client=first.pair).status() == "OK"
    assert SecureApi(daemon.url, shop, client=second.pair).status() == (
        REFUSED, "The client certificate is not one of the vendor's.")
    assert SecureApi(daemon.url, shop).status() == "OK"


# --- what integrators read ---

def test_sample_of_the_readme(installation, secure, vendor, secret, signer, own, tmp_path):
    """Both proofs, as they are shown (S3)."""
    text = (SOURCE / "wsdl/README.md").read_text()
    program = re.search(r"```python\n(import datetime\n.*?)```", text, re.DOTALL)[1]
    for shown, real in {"https://secure.msp.example": secure.secure_url, "vendor.key": signer.key_file,
                        "vendor.pem": signer.file, "provider.pem": own.file, "1001": vendor.vendor_id,
                        "secret-of-tokens": secret}.items():
        assert shown in program
        program = program.replace(shown, str(real))
    done = subprocess.run(["/usr/bin/python3"], input=program, text=True, timeout=DEADLINE_S,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.stdout == "EUR\nEUR\n"


# --- operator ---

def test_what_is_no_certificate_is_not_registered(installation, vendor, other, tmp_path):
    elliptic = self_signed(installation.directory, "elliptic")
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("nothing")
    for file, told in ((elliptic.file, "must be of RSA"), (nothing, "no certificate in PEM"),
                       (tmp_path / "absent", "No such file"),
                       (other.certificate.file, "another vendor's")):
        process = installation.run("-c", installation.config_file, "vendor", "certificate",
                                   vendor.vendor_id, file, check=False, errors=True)
        assert process.returncode == 1 and told in process.stderr
