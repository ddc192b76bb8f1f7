"""A phone that asks as much as it can, until it is ended.

Run as ``python tests/benchmarks/torrent.py words|pages PORT CODE TOKEN``.
"""

import json
import socket
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

HOST: Final = "127.0.0.1"

#: Messages that are written at once.
_AT_ONCE: Final = 200


def framed(message: Mapping[str, Any]) -> bytes:
    """Write a message as browsers send it (RFC 6455); its mask is 0, which changes nothing."""
    body = json.dumps(message).encode()
    size = struct.pack(">BB", 0x81, 0x80 | len(body)) if len(body) < 126 else struct.pack(">BBH", 0x81, 0xFE, len(body))
    return size + bytes(4) + body


def poured(port: int, code: str, token: str) -> None:
    """Come in, and write until the server has enough."""
    hello = {"hello": {"face": "phone", "code": code, "token": token}}
    said = [framed({"say": "describe", "mark": mark, "name": "x" * 40}) for mark in range(_AT_ONCE)]
    lines = [
        *("GET /room/live HTTP/1.1", f"Host: {HOST}:{port}", "Upgrade: websocket", "Connection: Upgrade"),
        *("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "", ""),
    ]
    with socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall("\r\n".join(lines).encode())
        connection.recv(4096)
        connection.sendall(framed(hello))
        while True:
            connection.sendall(b"".join(said))


def turned(port: int, code: str, _: str) -> None:
    """Ask for the page, again and again, each time with a code."""
    request = f"GET /join?c={code} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode()
    with socket.create_connection((HOST, port), timeout=5) as connection:
        while True:
            connection.sendall(request)
            if not connection.recv(1_000_000):
                return


KINDS: Final = {"words": poured, "pages": turned}


def main() -> None:
    """Pour, again and again."""
    kind, port, code, token = sys.argv[1:]
    while True:
        with suppress(OSError):
            KINDS[kind](int(port), code, token)


if __name__ == "__main__":
    main()
