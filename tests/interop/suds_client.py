# SPDX-License-Identifier: GPL-3.0-or-later
"""suds: calls what each line of standard input says; see clients.py."""

import json
import os
import sys

import suds.client
import suds.sudsobject

client = suds.client.Client(os.environ["FARTHING_ENDPOINT"] + "?wsdl", cache=None)


def inner(value):
    return suds.sudsobject.asdict(value) if isinstance(value, suds.sudsobject.Object) else str(value)


def plain(value):
    return json.loads(json.dumps(value, default=inner))


def call(operation, parameters):
    try:
        return {"answer": plain(client.service[0][operation](**parameters))}
    except suds.WebFault as error:
        return {"fault": plain(error.fault.detail.VendorFault)}


for line in sys.stdin:
    print(json.dumps(call(**json.loads(line))), flush=True)
