#!/usr/bin/env python3
"""Python Supervisor's daemon and ours, asked the same random XML-RPC calls in the same order; whole replies are compared.

    rpc_fuzz.py [--candidate DIR] [--reference DIR] [--seed N] [--count N] [--show N]

The seed is printed; the same seed makes the same calls. What a call does to the processes it does on both sides, so that a difference may be
one of an earlier call. The last line is "N passed, N failed, N skipped".
"""

import os
import random
import re
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from cases.recorded import CHANGING  # noqa: E402
from fuzz import calls, pair  # noqa: E402

_MASKS = [
    (re.compile(r"(?s)^(HTTP/\S+ \d+ [^\r]*)\r\n.*?\r\n\r\n"), r"\1\n\n"),
    # docs/compatibility.md: calls in a multicall that raise.
    (re.compile(r"<string>FAILED: .*</string>"), "<string>FAILED: <RAISED></string>"),
]


def _ask(side, body):
    with socket.create_connection(("127.0.0.1", side.port), timeout=30) as s:
        s.sendall(b"POST /RPC2 HTTP/1.1\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        reply = b""
        while more := s.recv(65536):
            reply += more
    text = side.mask(CHANGING.sub(rb"\1<NUMBER>", reply).decode("utf-8", "backslashreplace"))
    text = text.replace("<int>%d</int>" % side.daemons[0].pid, "<int><PID></int>")
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def _differences(sides, options):
    for number in range(options.count):
        body = calls.document(random.Random(options.seed * 1000003 + number))
        reference, candidate = (_ask(side, body) for side in sides)
        yield None if reference == candidate else "call %d\n%s\n--- reference\n%s\n--- candidate\n%s" % (number, body.decode(), reference, candidate)


def main():
    options = pair.arguments(__doc__, count=2000)
    return pair.play(options, [options.reference, options.candidate], _differences)


if __name__ == "__main__":
    sys.exit(main())
