# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Security as vendors' programs do it: zeep's tokens, and libxmlsec1 by python3-xmlsec."""

import copy
import datetime

import xmlsec
import zeep
import zeep.ns
from lxml import etree
from zeep.wsse.signature import BinarySignature, verify_envelope
from zeep.wsse.utils import WSU, get_security_header

from support.api import VendorApi, fault_of

WSSE_ID = f"{{{zeep.ns.WSU}}}Id"
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


def encrypt(certificate, cipher="aes256-gcm", transport="rsa-oaep-mgf1p"):
    """The body's content, to a certificate."""
    def step(envelope):
        body = envelope.find("{*}Body")
        manager = xmlsec.KeysManager()
        manager.add_key(xmlsec.Key.from_file(certificate.file, xmlsec.KeyFormat.CERT_PEM))
        transforms = {"aes256-gcm": xmlsec.Transform.AES256_GCM,
                      "aes128-gcm": xmlsec.Transform.AES128_GCM,
                      "aes256-cbc": xmlsec.Transform.AES256,
                      "rsa-oaep-mgf1p": xmlsec.Transform.RSA_OAEP,
                      "rsa-1_5": xmlsec.Transform.RSA_PKCS1}
        bits = 128 if "128" in cipher else 256
        template = xmlsec.template.encrypted_data_create(
            envelope, transforms[cipher], type=xmlsec.EncryptionType.CONTENT, ns="xenc")
        xmlsec.template.encrypted_data_ensure_cipher_value(template)
        info = xmlsec.template.encrypted_data_ensure_key_info(template, ns="ds")
        key = xmlsec.template.add_encrypted_key(info, transforms[transport])
        xmlsec.template.encrypted_data_ensure_cipher_value(key)
        context = xmlsec.EncryptionContext(manager)
        context.key = xmlsec.Key.generate(xmlsec.KeyData.AES, bits, xmlsec.KeyDataType.SESSION)
        context.encrypt_xml(template, body)
        # lxml does not know what libxmlsec1 did to its tree.
        envelope = etree.fromstring(etree.tostring(envelope))
        data = envelope.find("{*}Body/{*}EncryptedData")
        info = data.find("{*}KeyInfo")
        get_security_header(envelope).insert(0, info.find("{*}EncryptedKey"))
        data.remove(info)  # WS-Security wants the key in the header
        return envelope
    return step


def decrypt(envelope, certificate):
    """An answer's body, in its place."""
    key = envelope.find(".//{*}EncryptedKey")
    data = envelope.find("{*}Body/{*}EncryptedData")
    # libxmlsec1 looks for the key inside.
    info = etree.Element(f"{{{zeep.ns.DS}}}KeyInfo")
    info.append(copy.deepcopy(key))
    data.insert(1, info)
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_file(certificate.key_file, xmlsec.KeyFormat.PEM))
    xmlsec.EncryptionContext(manager).decrypt(data)


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
