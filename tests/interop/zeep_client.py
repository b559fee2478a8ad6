# SPDX-License-Identifier: GPL-3.0-or-later
"""zeep: calls what each line of standard input says; see clients.py."""

import json
import os
import sys

import zeep

version12 = os.environ["SOAP_VERSION"] == "1.2"
client = zeep.Client(os.environ["FARTHING_ENDPOINT"] + ("?wsdl12" if version12 else "?wsdl"))
service = client.bind("Vendor", "VendorPort12" if version12 else "VendorPort")


def plain(value):
    return json.loads(json.dumps(zeep.helpers.serialize_object(value, dict), default=str))


def call(operation, parameters):
    try:
        return {"answer": plain(service[operation](**parameters))}
    except zeep.exceptions.Fault as fault:
        element = client.get_element("{urn:farthing:vendor:1}VendorFault")
        detail = fault.detail[0] if len(fault.detail) else fault.detail
        return {"fault": plain(element.parse(detail, client.wsdl.types))}


for line in sys.stdin:
    print(json.dumps(call(**json.loads(line))), flush=True)
