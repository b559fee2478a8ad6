# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Security as vendors' programs do it: zeep's tokens and signatures; encryption by OpenSSL."""

import base64
import copy
import datetime
import os

import xmlsec
import zeep
import zeep.ns
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree
from lxml.builder import ElementMaker
from zeep.wsse.signature import BinarySignature, verify_envelope
from zeep.wsse.utils import WSU, get_security_header

from support.api import VendorApi, fault_of

WSSE_ID = f"{{{zeep.ns.WSU}}}Id"
XENC_NAMESPACE = "http://www.w3.org/2001/04/xmlenc#"
XENC = ElementMaker(namespace=XENC_NAMESPACE, nsmap={"xenc": XENC_NAMESPACE})
SHA256 = {"signature_method": xmlsec.Transform.RSA_SHA256,
          "digest_method": xmlsec.Transform.SHA256}


def timestamp(age_s=0, life_s=300):
    """age_s < 0: of the future. life_s None: it does not end."""
    created = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age_s)
    parts = [WSU.Created(created.strftime("%Y-%m-%dT%H:%M:%SZ"))]
    if life_s is not None:
        ends = created + datetime.timedelta(seconds=life_s)
        parts.append(WSU.Expires(ends.strftime("%Y-%m-%dT%H:%M:%SZ")))
    return WSU.Timestamp(*parts)


class Steps:
    """What is done to a message before it is sent, one after the other; and to the answer."""

    def __init__(self, *steps, verify=None):
        self.steps = steps
        self.verify_answer = verify
        self.answer = self.sent = None

    def apply(self, envelope, headers):
        for step in self.steps:
            envelope = step(envelope)
        self.sent = copy.deepcopy(envelope)
        return envelope, headers

    def verify(self, envelope):
        self.answer = envelope
        if self.verify_answer is not None:
            self.verify_answer(envelope)
        return envelope


def stamp(age_s=0, life_s=300):
    def step(envelope):
        get_security_header(envelope).append(timestamp(age_s, life_s))
        return envelope
    return step


def sign(certificate, kind=BinarySignature, **algorithms):
    """kind Signature: the certificate inside of KeyInfo."""
    def step(envelope):
        signer = kind(certificate.key_file, certificate.file, **(algorithms or SHA256))
        return signer.apply(envelope, {})[0]
    return step


AES128_GCM = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
AES256_GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
AES256_CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
OAEP = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
RSA15 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5"
CONTENT = XENC_NAMESPACE + "Content"
PADDINGS = {OAEP: padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None),
            RSA15: padding.PKCS1v15()}


def seal(cipher, key, plain):
    """As XML encryption has it: what begins, and is no secret, stands before the cipher."""
    if cipher != AES256_CBC:
        start = os.urandom(12)
        return start + AESGCM(key).encrypt(start, plain, None)
    start, missing = os.urandom(16), 16 - len(plain) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return start + encryptor.update(plain + bytes(missing - 1) + bytes([missing]))


def cipher_data(plain):
    return XENC.CipherData(XENC.CipherValue(base64.b64encode(plain).decode()))


def encrypt(certificate, cipher=AES256_GCM, transport=OAEP):
    """The body's content, to a certificate; without libxmlsec1, which the server has."""
    def step(envelope):
        body = envelope.find("{*}Body")
        key = os.urandom(16 if cipher == AES128_GCM else 32)
        with open(certificate.file, "rb") as file:
            public = x509.load_pem_x509_certificate(file.read()).public_key()
        plain = b"".join(map(etree.tostring, body))
        del body[:]
        body.append(XENC.EncryptedData(XENC.EncryptionMethod(Algorithm=cipher),
                                       cipher_data(seal(cipher, key, plain)), Id="sealed",
                                       Type=CONTENT))
        get_security_header(envelope).insert(0, XENC.EncryptedKey(
            XENC.EncryptionMethod(Algorithm=transport),
            cipher_data(public.encrypt(key, PADDINGS[transport])),
            XENC.ReferenceList(XENC.DataReference(URI="#sealed"))))
        return envelope
    return step


def decrypt(envelope, certificate):
    """An answer's body, in its place; likewise."""
    data, sealed_key = (base64.b64decode(envelope.find(path + "/{*}CipherData/{*}CipherValue").text)
                        for path in ("{*}Body/{*}EncryptedData", ".//{*}EncryptedKey"))
    with open(certificate.key_file, "rb") as file:
        private = serialization.load_pem_private_key(file.read(), None)
    key = private.decrypt(sealed_key, PADDINGS[OAEP])
    body = envelope.find("{*}Body")
    scope = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in body.nsmap.items())
    plain = AESGCM(key).decrypt(data[:12], data[12:], None)
    body[:] = etree.fromstring(f"<x{scope}>".encode() + plain + b"</x>")[:]


class SecureApi(VendorApi):
    """The vendor API behind WS-Security; steps are done to every message."""

    def __init__(self, url, vendor, *steps, version="1.1", verify=None, client=None):
        super().__init__(url, vendor, version, client)
        self.security = Steps(*steps, verify=self.examine)
        self.client.wsse = self.security
        self.examine_first = verify
        # What is encrypted cannot be held to the schema before.
        self.check, self.transport.check = self.transport.check, lambda content: None

    def examine(self, envelope):
        if self.examine_first is not None:
            self.examine_first(envelope)
        self.check(etree.tostring(envelope))

    def status(self, operation="GetAccount", message=None, **parameters):
        """"OK", or a fault's code and sentence."""
        try:
            if message is not None:
                self.send(operation, message)
            else:
                self.call(operation, parameters)
        except zeep.exceptions.Fault as fault:
            told = fault_of(fault)
            return told["Code"], told["Message"]
        return "OK"


def verify_by(certificate):
    """Every answer but a refusal, which nobody signs, is signed by the provider."""
    def verify(envelope):
        if envelope.find("{*}Header") is None:
            assert envelope.find("{*}Body/{*}Fault") is not None, "an answer without signature"
        else:
            verify_envelope(envelope, certificate.file)
            covered = {reference.get("URI") for reference in envelope.iter(
                f"{{{zeep.ns.DS}}}Reference")}
            body = envelope.find("{*}Body").get(WSSE_ID)
            stamp_id = envelope.find(".//{*}Timestamp").get(WSSE_ID)
            assert covered == {"#" + body, "#" + stamp_id}
    return verify
