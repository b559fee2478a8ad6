# SPDX-License-Identifier: GPL-3.0-or-later
"""SOAP messages as text, to be spoilt, and what their answers say."""

import dataclasses

import requests
from lxml import etree

from support.api import ENVELOPES, NAMESPACE

MEDIA = {"1.1": "text/xml", "1.2": "application/soap+xml"}


def element(name, content="", attributes=""):
    return f"<v:{name}{attributes}>{content}</v:{name}>"


def envelope(body, header="", version="1.1", attributes=""):
    return (f'<e:Envelope xmlns:e="{ENVELOPES[version]}" xmlns:v="{NAMESPACE}"'
            f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' xmlns:xsd="http://www.w3.org/2001/XMLSchema"{attributes}>'
            f"{header}<e:Body>{body}</e:Body></e:Envelope>")


class Caller:
    """One vendor's calls, all over the same connection."""

    def __init__(self, farthingd, vendor):
        self.endpoint = farthingd.url + "/soap/vendor/1"
        self.session = requests.Session()
        self.vendor = vendor

    def parameters(self, operation):
        common = {"VendorID": self.vendor.vendor_id, "VendorPassword": self.vendor.password}
        url = self.vendor.home_url + "items/1"
        if operation == "ChangePassword":
            return {**common, "NewPassword": self.vendor.password}
        if operation == "Lock_Content":
            return {**common, "EncryptedUserID": "none", "ContentURL": url}
        return {**common, "ContentTitle": "News", "Price": "0.25", "ContentURL": url,
                "IsPost": "false"}

    def call(self, operation="InitiateTransaction", extra="", **changed):
        """
        The operation's element; changed: {name: the whole element as text, "" leaves it out}. What
        is not one of the required parameters follows them, in the order given.
        """
        fields = {name: element(name, value) for name, value in self.parameters(operation).items()}
        return element(operation, "".join({**fields, **changed}.values()) + extra)

    def send(self, message, content_type="text/xml; charset=utf-8", **headers):
        data = message if isinstance(message, bytes) else message.encode()
        return Answer.of(self.session.post(self.endpoint, data=data, timeout=60, headers={
            "Content-Type": content_type, **headers}))


@dataclasses.dataclass
class Answer:
    status: int
    code: str      # of the API's fault; of SOAP's where it has no detail; "OK"
    sentence: str  # of the fault
    text: str

    @classmethod
    def of(cls, response):
        document = etree.fromstring(response.content)
        fault = document.find("{*}Body/{*}Fault")
        if fault is None:
            return cls(response.status_code, "OK", "", response.text)
        detail = fault.find(f".//{{{NAMESPACE}}}VendorFault")
        own = fault.findtext("faultcode") or fault.findtext("{*}Code/{*}Value")
        sentence = fault.findtext("faultstring") or fault.findtext("{*}Reason/{*}Text")
        code = detail.findtext(f"{{{NAMESPACE}}}Code") if detail is not None \
            else own.partition(":")[2]
        return cls(response.status_code, code, sentence, response.text)
