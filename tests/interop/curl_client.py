# SPDX-License-Identifier: GPL-3.0-or-later
"""
curl: calls what each line of standard input says; see clients.py. lxml writes and reads the XML;
CURL_OPTIONS are curl's.
"""

import json
import os
import subprocess
import sys

from lxml import etree

NAMESPACE = "urn:farthing:vendor:1"
ENVELOPE, CONTENT_TYPE = {
    "1.1": ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml"),
    "1.2": ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml"),
}[os.environ["SOAP_VERSION"]]
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def add(parent, name, value):
    if isinstance(value, list):
        for each in value:
            add(parent, name, each)
        return
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if isinstance(value, dict):
        for field in value.items():
            add(element, *field)
    elif value is None:
        element.set(NIL, "true")
    else:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)


def message(operation, parameters):
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"e": ENVELOPE, None: NAMESPACE})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    add(body, operation, parameters)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def plain(element):
    """Its text; or its fields, those that come more than once as lists."""
    if len(element) == 0:
        return element.text or ""
    fields = {}
    for child in element:
        fields.setdefault(etree.QName(child).localname, []).append(plain(child))
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def call(operation, parameters):
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--data-binary", "@-",
         "--header", f"Content-Type: {CONTENT_TYPE}; charset=utf-8",
         *os.environ["CURL_OPTIONS"].splitlines(), os.environ["FARTHING_ENDPOINT"]],
        input=message(operation, parameters), stdout=subprocess.PIPE, check=True)
    body = etree.fromstring(done.stdout).find(f"{{{ENVELOPE}}}Body")
    fault = body.find(f".//{{{NAMESPACE}}}VendorFault")
    if fault is not None:
        return {"fault": plain(fault)}
    return {"answer": plain(body.find(f"{{{NAMESPACE}}}{operation}Response"))}


for line in sys.stdin:
    print(json.dumps(call(**json.loads(line))), flush=True)
