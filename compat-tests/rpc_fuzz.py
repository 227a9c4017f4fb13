#!/usr/bin/env python3
"""Python Supervisor's daemon and ours, asked the same random XML-RPC calls in the same order; whole replies are compared.

    rpc_fuzz.py [--candidate DIR] [--reference DIR] [--seed N] [--count N] [--show N]

The seed is printed; the same seed makes the same calls. What a call does to the processes it does on both sides, so that a difference may be
one of an earlier call. The last line is "N passed, N failed, N skipped".
"""

import argparse
import os
import random
import re
import socket
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from cases._conf import HEAD  # noqa: E402
from cases.recorded import CHANGING  # noqa: E402
from fuzz import calls  # noqa: E402
from harness import Side, wait_until  # noqa: E402

# Nothing takes a second to be up, and nothing ends by itself: what a call leaves behind is not a matter of time.
CONF = HEAD + """
[program:talk]
command=/bin/sh -c "echo hello; echo oops >&2; exec sleep 1000"
stdout_logfile=@DIR@/talk.log
stderr_logfile=@DIR@/talk.err
startsecs=0
stopsignal=KILL
[program:idle]
command=/bin/sleep 1000
autostart=false
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
[program:pair]
command=/bin/sleep 1000
process_name=p%(process_num)d
numprocs=2
startsecs=0
autostart=false
stdout_logfile=NONE
stderr_logfile=NONE
[program:b2]
command=/bin/cat
startsecs=0
stdout_logfile=@DIR@/b2.log
redirect_stderr=true
[group:G]
programs=b2
"""

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


def _compare(sides, options):
    for side in sides:
        daemon = side.start(CONF)
        daemon.wait_state("talk", "RUNNING")
        daemon.wait_state("G:b2", "RUNNING")
        wait_until(lambda: (side.read("talk.log"), side.read("talk.err")) == ("hello\n", "oops\n"), "talk's output")
    failed = 0
    for number in range(options.count):
        body = calls.document(random.Random(options.seed * 1000003 + number))
        # "talk" writes when it starts; only what has been written can be read back.
        logs = [side.path("talk.log") for side in sides]
        reference, candidate = (_ask(side, body) for side in sides)
        if b"talk" in body and b"start" in body:
            wait_until(lambda: os.path.getsize(logs[0]) == os.path.getsize(logs[1]), "the same output of talk")
        if reference != candidate:
            failed += 1
            if failed <= options.show:
                print("failed   call %d\n%s\n--- reference\n%s\n--- candidate\n%s" % (number, body.decode(), reference, candidate), flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(os.path.dirname(HERE), "out")))
    parser.add_argument("--reference", default=os.environ.get("REFERENCE", "/usr/bin"))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    if not os.path.exists(os.path.join(options.reference, "supervisord")):
        print("no Python Supervisor in %s\n0 passed, 0 failed, 1 skipped" % options.reference)
        return 0
    candidate = os.path.abspath(options.candidate)
    sides = [Side("reference", options.reference, candidate, options.reference), Side("candidate", candidate, candidate, options.reference)]
    try:
        failed = _compare(sides, options)
    finally:
        for side in sides:
            side.close(keep=False)
    print("seed %d\n%d passed, %d failed, 0 skipped" % (options.seed, options.count - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
