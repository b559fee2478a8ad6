# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes to the daemon and what comes back, without a library that would mend them."""

import socket

from support.place import DEADLINE_S

HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def to_bytes(text):
    return text if isinstance(text, bytes) else text.encode("latin-1")


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)


def exchange(port, *pieces):
    """
    Sends the pieces in one go and reads until the server closes:
    [(status, {header in lower case: value}, body)]; what follows an answer that announces the end
    of the connection is dropped: libmicrohttpd 0.9.75 repeats the head of its own refusals.
    """
    with connect(port) as client:
        try:
            client.sendall(b"".join(map(to_bytes, pieces)))
        except OSError:
            pass  # refused before it was all sent
        return list(split(read_all(client)))


def read_all(client):
    received = b""
    try:
        while piece := client.recv(65536):
            received += piece
    except ConnectionResetError:
        pass  # closed with something unread
    return received


def split(received):
    while received:
        head, end, rest = received.partition(b"\r\n\r\n")
        assert end, f"no answer: {received[:200]}"
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1" or version == "HTTP/1.0", first
        headers = {name.lower(): value for name, _, value in
                   (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        if status != "100":
            yield int(status), headers, rest[:length]
        received = b"" if headers.get("connection") == "close" else rest[length:]
