"""Ports for servers."""

import itertools
import random
import socket

# The kernel gives clients, and whoever asks for any port, those from 32768 on: so nobody takes one of these between our look and the server's own.
# All have five digits.
_RANGE = range(10000, 32000)
_numbers = itertools.count(random.randrange(len(_RANGE)))


def free_port():
    """Another one for each call."""
    while True:
        port = _RANGE[next(_numbers) % len(_RANGE)]
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
