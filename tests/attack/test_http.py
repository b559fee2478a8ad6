# SPDX-License-Identifier: GPL-3.0-or-later
"""
Framing (S2): what two readers could understand differently is refused and the connection closed;
what is merely wrong is refused and the connection goes on. Behind each request comes a second on
the same connection, so that bytes read as the wrong message show.
"""

import contextlib
import socket

import pytest

from attack.wire import HEALTH, connect, exchange, read_all, split, to_bytes

HOST = "Host: localhost\r\n"
GET = "GET /health HTTP/1.1\r\n" + HOST
POST = "POST /soap/vendor/1 HTTP/1.1\r\nContent-Type: text/xml\r\n" + HOST
CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n"
FORM = ("POST /login HTTP/1.1\r\n" + HOST +
        "Content-Type: application/x-www-form-urlencoded\r\n")
FAULT = 500  # a SOAP fault: the body was read, and is no envelope


def line(request_line):
    return request_line + "\r\n" + HOST + "\r\n"


def form(body):
    return FORM + f"Content-Length: {len(body)}\r\n\r\n" + body


# What the answer is, and the connection goes on with the request behind.
ANSWERED = {
    # Methods and targets.
    "method-lower-case": (line("get /health HTTP/1.1"), 405),
    "method-trace": (line("TRACE /health HTTP/1.1"), 405),
    "method-options": (line("OPTIONS /health HTTP/1.1"), 405),
    "method-patch": (line("PATCH /login HTTP/1.1"), 405),
    "method-odd": (line("G{}T /health HTTP/1.1"), 405),
    "method-nul": (line("GE\0T /health HTTP/1.1"), 405),
    "method-long": (line("G" * 4000 + " /health HTTP/1.1"), 405),
    "method-overridden": (GET + "X-HTTP-Method-Override: DELETE\r\n\r\n", 200),
    "target-of-connect": (line("CONNECT localhost:443 HTTP/1.1"), 404),
    "target-asterisk": (line("OPTIONS * HTTP/1.1"), 404),
    "target-of-proxy": (line("GET http://evil.example/health HTTP/1.1"), 404),
    "target-without-slash": (line("GET health HTTP/1.1"), 404),
    "target-double-slash": (line("GET //health HTTP/1.1"), 404),
    "target-nul": (line("GET /hea\0lth HTTP/1.1"), 404),
    "target-percent-nul": (line("GET /health%00 HTTP/1.1"), 404),
    "target-percent-broken": (line("GET /%zz%2 HTTP/1.1"), 404),
    "target-bad-utf-8": (line("GET /\xff\xfe HTTP/1.1"), 404),
    "target-rewritten": (GET + "X-Original-URL: /metrics\r\nX-Rewrite-URL: /metrics\r\n\r\n", 200),
    "version-1.2": (line("GET /health HTTP/1.2"), 200),
    "empty-lines-first": ("\r\n\r\n" + GET + "\r\n", 200),
    # Headers that are none of our business.
    "host-odd": ("GET /health HTTP/1.1\r\nHost: a b<script>\r\n\r\n", 200),
    "header-bytes-over-ascii": (GET + "X: \xff\xfe\r\n\r\n", 200),
    "header-tab": (GET + "X: a\tb\r\n\r\n", 200),
    "header-name-empty": (GET + ": x\r\n\r\n", 200),
    "header-line-feed-alone": (GET + "X: 1\n\r\n", 200),
    "upgrade-h2c": (GET + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                          "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n", 200),
    "upgrade-websocket": (GET + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 200),
    "ranges": (GET + "Range: bytes=0-0,0-0,0-0,0-0\r\n\r\n", 200),
    "expect-odd": (POST + "Content-Length: 1\r\nExpect: 200-maybe\r\n\r\na", FAULT),
    "connection-names-the-length":
        (POST + "Connection: Content-Length\r\nContent-Length: 1\r\n\r\na", FAULT),
    "content-encoding": (POST + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", FAULT),
    # Bodies.
    "length-zeros": (POST + "Content-Length: 0000000001\r\n\r\na", FAULT),
    "length-after-tab": (POST + "Content-Length:\t1\r\n\r\na", FAULT),
    "length-of-get": (GET + "Content-Length: 5\r\n\r\nhello", 413),
    "length-over-limit": (POST + "Content-Length: 70000\r\n\r\n" + "a" * 70000, 413),
    "chunked": (CHUNKED + "3\r\nabc\r\n0\r\n\r\n", FAULT),
    "chunked-get": (GET + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 413),
    "chunked-over-limit": (CHUNKED + "11170\r\n" + "a" * 70000 + "\r\n0\r\n\r\n", 413),
    "chunk-zeros": (CHUNKED + "0" * 200 + "3\r\nabc\r\n0\r\n\r\n", FAULT),
    "chunk-extension": (CHUNKED + "3;a=b\r\nabc\r\n0\r\n\r\n", FAULT),
    "trailer-length": (CHUNKED + "3\r\nabc\r\n0\r\nContent-Length: 50\r\n\r\n", FAULT),
    "trailer-encoding": (CHUNKED + "3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", FAULT),
    "trailer-host": (CHUNKED + "3\r\nabc\r\n0\r\nHost: evil.example\r\n\r\n", FAULT),
    "form-percent-nul": (form("a=%00bc"), 400),
    "form-nul": (form("a=\0bc"), 400),
    "form-without-value": (form("hello"), 400),
    "form-percent-broken": (form("a=%zz%2"), 400),
    "form-name-long": (form("n" * 4000 + "=v"), 400),
    "form-many-fields": (form("a=b&" * 4000), 403),
    "form-ampersands": (form("&" * 16000), 403),
    "form-over-limit": (form("a" * 17000), 413),
    "form-multipart": ("POST /login HTTP/1.1\r\n" + HOST + "Content-Type: multipart/form-data; "
                       "boundary=x\r\nContent-Length: 1\r\n\r\na", 415),
    "form-json": ("POST /login HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n"
                  "Content-Length: 2\r\n\r\n{}", 415),
    "form-type-missing": ("POST /login HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\n\r\na", 415),
    "form-to-page": ("POST /account HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n", 405),
}

# Refused, and nothing behind is read. None: closed without a word.
ENDED = {
    # Heads.
    "host-missing": ("GET /health HTTP/1.1\r\n\r\n", 400),
    "host-twice": (GET + HOST + "\r\n", 400),
    "header-without-colon": (GET + "no colon\r\n\r\n", 400),
    "header-space-before-colon": (GET + "X : y\r\n\r\n", 400),
    "header-folded-first": ("GET /health HTTP/1.1\r\n X: a\r\n" + HOST + "\r\n", 400),
    "header-name-control": (GET + "X\x01: y\r\n\r\n", 400),
    "header-name-nul": (GET + "X\0Y: z\r\n\r\n", 400),
    "header-name-brackets": (GET + "(X): y\r\n\r\n", 400),
    "header-name-over-ascii": (GET + "\xc4: y\r\n\r\n", 400),
    "header-value-control": (GET + "X: \x01\x7f\r\n\r\n", 400),
    "header-value-return": (GET + "X: a\rContent-Length: 5\r\n\r\n", 400),
    "line-ends-by-return": ("GET /health HTTP/1.1\rHost: localhost\r\r", None),
    "line-begins-with-space": (line(" GET /health HTTP/1.1"), None),
    "line-two-spaces": (line("GET  /health  HTTP/1.1"), None),
    "line-tabs": (line("GET\t/health\tHTTP/1.1"), None),
    "line-space-in-target": (line("GET /hea lth HTTP/1.1"), None),
    "line-without-version": ("GET /health\r\n\r\n", 400),
    "line-too-long": (line("GET /" + "a" * 20000 + " HTTP/1.1"), 414),
    "line-without-end": ("GET /" + "a" * 100000, 414),
    "query-too-long": (line("GET /health?" + "a" * 20000 + " HTTP/1.1"), 414),
    "version-0.9": (line("GET /health HTTP/0.9"), 505),
    "version-1.0-chunked": ("POST /soap/vendor/1 HTTP/1.0\r\n" + HOST +
                            "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "version-2.0": (line("GET /health HTTP/2.0"), 505),
    "version-3.1": (line("GET /health HTTP/3.1"), 505),
    "version-long": (line("GET /health HTTP/1.11"), 400),
    "version-lower-case": (line("GET /health http/1.1"), 400),
    "version-other": (line("GET /health FTP/1.1"), 400),
    "version-http-2-preface": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 40 + b"\r\n\r\n", None),
    "garbage": (b"\xff\xfe\x00\x01\r\n\r\n", None),
    "headers-too-many": (GET + "".join(f"X-{n}: {n}\r\n" for n in range(2000)) + "\r\n", 431),
    "headers-short": (GET + "a:\r\n" * 2500 + "\r\n", 431),
    "header-too-long": (GET + "X: " + "a" * 30000 + "\r\n\r\n", 431),
    # Lengths.
    "length-missing": (POST + "\r\nhello", 411),
    "length-folded": (POST + "Content-Length:\r\n 10\r\n\r\n0123456789", 411),
    "length-continued": (POST + "Content-Length: 1\r\n 0\r\n\r\n0123456789", 411),
    "length-negative": (POST + "Content-Length: -1\r\n\r\n", 400),
    "length-plus": (POST + "Content-Length: +1\r\n\r\na", 400),
    "length-hexadecimal": (POST + "Content-Length: 0x1\r\n\r\na", 400),
    "length-with-space": (POST + "Content-Length: 1 0\r\n\r\n0123456789", 400),
    "length-fraction": (POST + "Content-Length: 1.0\r\n\r\na", 400),
    "length-empty": (POST + "Content-Length:\r\n\r\na", 400),
    "length-list": (POST + "Content-Length: 1, 1\r\n\r\na", 400),
    "length-twice": (POST + "Content-Length: 1\r\ncontent-length: 1\r\n\r\na", 400),
    "length-twice-differs": (POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\na", 400),
    "length-huge": (POST + "Content-Length: 18446744073709551615\r\n\r\n", 413),
    "length-overflows": (POST + "Content-Length: 18446744073709551616\r\n\r\n", 413),
    "length-many-digits": (POST + "Content-Length: " + "9" * 300 + "\r\n\r\n", 413),
    # Chunks.
    "encoding-and-length":
        (POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "encoding-unknown": (POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    "encoding-quoted": (POST + 'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n', 400),
    "encoding-parameter": (POST + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", 400),
    "encoding-vertical-tab": (POST + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    "encoding-space-before-colon": (POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
    "encoding-folded": (POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 411),
    "encoding-gzip": (POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "chunk-negative": (CHUNKED + "-1\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-0x": (CHUNKED + "0x3\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-space": (CHUNKED + " 3\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-space-behind": (CHUNKED + "3 \r\nabc\r\n0\r\n\r\n", 400),
    "chunk-no-digit": (CHUNKED + "3g\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-size-empty": (CHUNKED + "\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-longer-than-said": (CHUNKED + "3\r\nabcX0\r\n\r\n", 400),
    "chunk-shorter-than-said": (CHUNKED + "5\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-extension-line-feed": (CHUNKED + "3;a\nb\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-extension-long": (CHUNKED + "3;" + "a" * 50000 + "\r\nabc\r\n0\r\n\r\n", 500),
    "chunk-overflows": (CHUNKED + "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n", 413),
    "trailer-flood": (CHUNKED + "3\r\nabc\r\n0\r\n" + "X: y\r\n" * 5000 + "\r\n", 431),
}

# What the client says no more than: nothing is answered, nothing is done.
CUT = {
    "in-line": "GET /hea",
    "in-head": GET + "X: 1",
    "before-body": POST + "Content-Length: 10\r\n\r\n",
    "in-body": POST + "Content-Length: 10\r\n\r\nhello",
    "in-chunk-size": CHUNKED + "1",
    "in-chunk": CHUNKED + "a\r\nhello",
    "in-largest-chunk": CHUNKED + "ffffffffffffffff\r\nhello",
    "before-last-chunk": CHUNKED + "5\r\nhello\r\n",
    "in-trailer": CHUNKED + "5\r\nhello\r\n0\r\nX: ",
    "in-form": FORM + "Content-Length: 30\r\n\r\nlogin_name=x",
}


@pytest.mark.parametrize("name", ANSWERED)
def test_connection_goes_on(farthingd, name):
    request, status = ANSWERED[name]
    answers = exchange(farthingd.port, request, HEALTH)
    assert [answer[0] for answer in answers] == [status, 200]
    assert b'"alive":true' in answers[1][2], "the request behind was understood as another"


@pytest.mark.parametrize("name", ENDED)
def test_connection_ends(farthingd, name):
    request, status = ENDED[name]
    answers = exchange(farthingd.port, request, HEALTH)
    assert [answer[0] for answer in answers] == ([status] if status else [])


@pytest.mark.parametrize("cookies", [1, 100], ids=["one", "many"])
def test_what_is_done_is_answered(farthingd, cookies):
    """
    Memory that the headers leave must suffice for those of the answer. What has no room at all may
    be closed without a word, but then nothing was done for it.
    """
    answered = set()
    for size in range(0, 16000, 250):
        pairs = [f"c{number}=" + "a" * (size // cookies) for number in range(cookies)]
        request = GET + "Cookie: " + "; ".join(pairs) + "\r\n\r\n"
        before = done(farthingd)
        statuses = [answer[0] for answer in exchange(farthingd.port, request, HEALTH)]
        answered.add(tuple(statuses))
        assert statuses in ([200, 200], [431], []), size
        assert statuses != [] or done(farthingd) == before, f"{size} bytes were done unanswered"
    assert {(200, 200), (431,)} <= answered


def done(farthingd):
    """Requests to /health that were answered with 200, or should have been."""
    return farthingd.log().count('"operation":"health","status":200')


@pytest.mark.parametrize("finish", [False, True], ids=["silent", "finished"])
def test_half_a_request_is_not_answered(farthingd, finish):
    """At the latest after http.idle_timeout_s the connection ends, wherever the client stopped."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connect(farthingd.port)) for _ in CUT]
        for client, request in zip(clients, CUT.values()):
            client.sendall(to_bytes(request))
            if finish:
                client.shutdown(socket.SHUT_WR)
        assert [read_all(client) for client in clients] == [b""] * len(CUT)


def test_many_requests_at_once(farthingd):
    """Pipelined, each is answered in its place, whatever the ones before were."""
    pieces = [GET + "\r\n", line("GET /nothing HTTP/1.1"),
              POST + "Content-Length: 4\r\n\r\nPOST"] * 30
    statuses = [answer[0] for answer in exchange(farthingd.port, *pieces, HEALTH)]
    assert statuses == [200, 404, FAULT] * 30 + [200]


def test_byte_by_byte(farthingd):
    """However a request is cut into packets, it is the same."""
    request = to_bytes(POST + "Content-Length: 3\r\n\r\nabc" + HEALTH)
    with connect(farthingd.port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for index in range(len(request)):
            client.sendall(request[index:index + 1])
        assert [answer[0] for answer in split(read_all(client))] == [FAULT, 200]
