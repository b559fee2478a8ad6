# SPDX-License-Identifier: GPL-3.0-or-later
"""The URL at which a vendor is told of its sales: an HTTP server that does as the test says."""

import dataclasses
import hashlib
import hmac
import http.server
import json
import threading
import time

from support.place import wait_until


@dataclasses.dataclass
class Delivery:
    path: str
    headers: dict
    body: bytes

    @property
    def event(self):
        return json.loads(self.body)

    def is_signed(self, secret):
        text = self.headers["Farthing-Timestamp"].encode() + b"." + self.body
        signature = "v1=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
        return (self.headers["Farthing-Signature"] == signature
                and abs(time.time() - int(self.headers["Farthing-Timestamp"])) < 60)


class Hook:
    """answer(delivery) gives a status, perhaps with headers and a body; by default 204."""

    def __init__(self, tls=None):
        self.deliveries = []
        self.answer = lambda delivery: 204
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://localhost:{self._http.server_port}/hook?shop=7"
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def await_deliveries(self, count):
        wait_until(lambda: len(self.deliveries) >= count, f"{count} notifications came")
        return self.deliveries


def _handler_of(hook):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            delivery = Delivery(self.path, dict(self.headers), body)
            hook.deliveries.append(delivery)
            answer = hook.answer(delivery)
            status, headers, text = (answer, {}, b"") if isinstance(answer, int) else answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(text)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments):
            pass

    return Handler
