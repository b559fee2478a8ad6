#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""
Receives Farthing's notifications: a WSGI application for the URL that the provider registered. The
secret that came with the registration is in the environment as FARTHING_SECRET.
Run by itself with a port, it serves http://127.0.0.1:PORT/.
"""

import hashlib
import hmac
import json
import os
import sys
import time
import wsgiref.simple_server

TOLERANCE_S = 300  # an older one may be somebody's copy


def is_genuine(secret, timestamp, signature, body, now):
    """body: bytes as they came, not decoded, not trimmed."""
    if not secret or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    expected = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return (abs(now - int(timestamp)) <= TOLERANCE_S
            and hmac.compare_digest(f"v1={expected.hexdigest()}".encode(),
                                    signature.encode(errors="replace")))


def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if not is_genuine(os.environ.get("FARTHING_SECRET"),
                      environ.get("HTTP_FARTHING_TIMESTAMP", ""),
                      environ.get("HTTP_FARTHING_SIGNATURE", ""), body, time.time()):
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [b"This does not come from Farthing.\n"]
    # The same event may come twice, and events in any order: remember event_id, go by state.
    event = json.loads(body)
    print(event["event_id"], event["kind"], event["transaction_id"], event.get("state"),
          file=environ["wsgi.errors"], flush=True)
    start_response("204 No Content", [])  # any other status than 2xx, and it comes again
    return []


if __name__ == "__main__":
    wsgiref.simple_server.make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
