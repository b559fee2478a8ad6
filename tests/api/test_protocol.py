# SPDX-License-Identifier: GPL-3.0-or-later
"""The SOAP endpoint as any program may treat it: whatever comes, the answer is SOAP."""

import http.client
import re

import pytest
import requests
import zeep.exceptions
from lxml import etree

from support.api import ENVELOPES, NAMESPACE, fault_of

ENDPOINT = "/soap/vendor/1"


def envelope(body, namespace=ENVELOPES["1.1"], head=""):
    return (f'{head}<e:Envelope xmlns:e="{namespace}" xmlns:v="{NAMESPACE}" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
            f'<e:Body>{body}</e:Body></e:Envelope>').encode()


def initiate(title="t", attributes=""):
    return (f"<v:InitiateTransaction><v:VendorID>1</v:VendorID><v:VendorPassword>p"
            f"</v:VendorPassword><v:ContentTitle{attributes}>{title}</v:ContentTitle>"
            f"<v:Price>1</v:Price><v:ContentURL>http://localhost/</v:ContentURL>"
            f"<v:IsPost>false</v:IsPost></v:InitiateTransaction>")


MALFORMED = {
    "empty": b"",
    "text": b"hello",
    "html": b"<html><body>hello</body></html>",
    "truncated": envelope(initiate())[:-40],
    "trailing": envelope(initiate()) + b"<more/>",
    "no-body": f'<e:Envelope xmlns:e="{ENVELOPES["1.1"]}"/>'.encode(),
    "empty-body": envelope(""),
    "unknown-operation": envelope("<v:StealAll/>"),
    "foreign-operation": envelope("<InitiateTransaction/>"),
    "dtd": envelope(initiate(), head="<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
    "entity": envelope(initiate("&x;")),
    "nul": envelope(initiate("&#0;")),
    "control-character": envelope(initiate("\x01")),
    "overlong-utf-8": envelope(initiate("@")).replace(b"@", b"\xc0\xaf"),
    "surrogate": envelope(initiate("@")).replace(b"@", b"\xed\xa0\x80"),
    "latin-1": envelope(initiate("@")).replace(b"@", b"\xfc"),
    "wrong-version": envelope(initiate(), namespace="urn:no-such-soap"),
    "deep": envelope("<v:a>" * 5000 + "</v:a>" * 5000),
    "foreign-type": envelope(initiate("dA==", ' xsi:type="xsd:base64Binary"')),
    "unclosed": envelope("<v:InitiateTransaction>"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_request_gets_a_fault(farthingd, name):
    """Never a closed connection, never a crash."""
    answer = requests.post(farthingd.url + ENDPOINT, data=MALFORMED[name], timeout=30,
                           headers={"Content-Type": "text/xml; charset=utf-8"})
    assert answer.status_code in (400, 500)
    fault = etree.fromstring(answer.content).find(".//{*}Fault")
    assert fault is not None, answer.text
    assert "passwd" not in answer.text
    if name == "wrong-version":
        assert "VersionMismatch" in answer.text
    if name == "foreign-type":
        assert "ContentTitle" in answer.text
    assert requests.get(farthingd.url + "/health", timeout=30).status_code == 200


def test_too_large_a_request_is_refused(farthingd):
    """The size is a number in the configuration: soap_body_bytes."""
    answer = requests.post(farthingd.url + ENDPOINT, data=b"x" * 70_000, timeout=30,
                           headers={"Content-Type": "text/xml"})
    assert answer.status_code == 413


@pytest.mark.parametrize("method, path, status", [
    ("PUT", ENDPOINT, 405), ("DELETE", "/health", 405), ("GET", "/nothing", 404),
    ("GET", "/soap/vendor/2", 404), ("GET", "/static/../../etc/passwd", 404),
])
def test_wrong_address(farthingd, method, path, status):
    connection = http.client.HTTPConnection("127.0.0.1", farthingd.port, timeout=30)
    connection.request(method, path)
    assert connection.getresponse().status == status
    connection.close()


def test_answer_is_in_the_version_of_the_request(api):
    """Faults too: 500 in SOAP 1.1, 400 for a Sender in 1.2."""
    api.initiate()
    answer = api.transport.last
    assert etree.QName(etree.fromstring(answer.content)).namespace == ENVELOPES[api.version]
    media_type = {"1.1": "text/xml", "1.2": "application/soap+xml"}[api.version]
    assert answer.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    with pytest.raises(zeep.exceptions.Fault) as error:
        api.initiate(raw={"Price": "0"})
    assert fault_of(error.value)["Code"] == "INVALID_PARAMETER"
    answer = api.transport.last
    assert etree.QName(etree.fromstring(answer.content)).namespace == ENVELOPES[api.version]
    assert answer.status_code == {"1.1": 500, "1.2": 400}[api.version]
    assert error.value.code.split(":")[-1] == {"1.1": "Client", "1.2": "Sender"}[api.version]


@pytest.mark.parametrize("action", [None, "", '""', '"urn:farthing:vendor:1#InitiateTransaction"'])
def test_soap_action_may_be_missing(farthingd, action):
    headers = {"Content-Type": "text/xml"}
    if action is not None:
        headers["SOAPAction"] = action
    answer = requests.post(farthingd.url + ENDPOINT, data=envelope(initiate()), headers=headers,
                           timeout=30)
    assert "AUTHENTICATION_FAILED" in answer.text


def test_chunked_request(farthingd):
    """As JAX-WS and curl send it."""
    pieces = re.findall(b"(?s).{1,100}", envelope(initiate()))
    answer = requests.post(farthingd.url + ENDPOINT, data=iter(pieces), timeout=30,
                           headers={"Content-Type": "text/xml"})
    assert "AUTHENTICATION_FAILED" in answer.text


@pytest.mark.parametrize("query, ports", [("wsdl", 1), ("wsdl12", 2), ("WSDL", 1)])
def test_wsdl(farthingd, query, ports):
    """?wsdl describes the SOAP 1.1 port only, ?wsdl12 both; the address is the public one."""
    answer = requests.get(f"{farthingd.url}{ENDPOINT}?{query}", timeout=30)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    addresses = etree.fromstring(answer.content).findall(".//{*}port/{*}address")
    assert [address.get("location") for address in addresses] == [farthingd.url + ENDPOINT] * ports
