#!/usr/bin/env python3
"""Stock supervisorctl and ours, given the same random lines: sessions read from a pipe, and single commands. Stdout, stderr and status are compared.

    ctl_fuzz.py [--candidate DIR] [--reference DIR] [--seed N] [--sessions N] [--lines N] [--single N] [--show N]

Each client has a server of our make to itself, so that what a line does to the processes it does for both. The seed is printed; the same seed
makes the same lines. The last line is "N passed, N failed, N skipped".
"""

import argparse
import os
import random
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from cases._conf import HEAD  # noqa: E402
from fuzz import lines  # noqa: E402
from harness import Side  # noqa: E402
from harness.compare import unified  # noqa: E402

# Nothing takes a second to be up, and nothing ends by itself: what a line leaves behind is not a matter of time.
CONF = HEAD + """prompt=fuzz
[program:talk]
command=/bin/sh -c "echo hello; echo oops >&2; exec sleep 1000"
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
priority=5
autostart=false
[program:b2]
command=/bin/cat
startsecs=0
redirect_stderr=true
[program:bad]
command=/no/such/file
autostart=false
[group:G]
programs=b2
"""

_MASKS = [
    (re.compile(r"uptime \d+:\d\d:\d\d"), "uptime <UPTIME>"),
    (re.compile(r"^\d{4}-\d\d-\d\d .*$", re.M), "<LOG>"),
    (re.compile(r"(?m)^(fuzz> )?\d+$"), r"\1<PID>"),
    (re.compile(r"file: \S+ line: \d+"), "file: <FILE> line: <LINE>"),
]


class Player:
    """One client, and the server it talks to."""

    def __init__(self, name, client, side):
        self.name, self.client, self.side = name, client, side
        daemon = side.start(CONF)
        daemon.wait_state("talk", "RUNNING")
        daemon.wait_state("G:b2", "RUNNING")

    def say(self, text, *argv):
        done = subprocess.run([self.client, "-c", self.side.path("s.conf"), *argv], input=text.encode(), capture_output=True, cwd=self.side.dir, timeout=120)
        return "status %d\n--- stdout\n%s\n--- stderr\n%s" % (done.returncode, self.mask(done.stdout), self.mask(done.stderr))

    def mask(self, data):
        text = self.side.mask(data.decode("utf-8", "backslashreplace")).replace("use %s -h" % self.client, "use CTL -h")
        for pattern, replacement in _MASKS:
            text = pattern.sub(replacement, text)
        return text


def _difference(players, title, text, *argv):
    said = [p.say(text, *argv) for p in players]
    if said[0] == said[1]:
        return None
    return "failed   %s\n%s" % (title, unified(*said, "answers"))


def _play(players, options):
    rng = random.Random(options.seed)
    for _ in range(options.sessions):
        text = "".join(lines.line(rng) + "\n" for _ in range(options.lines))
        yield _difference(players, "session\n" + text, text)
    for _ in range(options.single):
        words = lines.line(rng).split()
        # These would read from the terminal.
        yield _difference(players, " ".join(words), "", *words)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(os.path.dirname(HERE), "out")))
    parser.add_argument("--reference", default=os.environ.get("REFERENCE", "/usr/bin"))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--lines", type=int, default=20)
    parser.add_argument("--single", type=int, default=100)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    if not os.path.exists(os.path.join(options.reference, "supervisorctl")):
        print("no Python Supervisor in %s\n0 passed, 0 failed, 1 skipped" % options.reference)
        return 0
    candidate = os.path.abspath(options.candidate)
    sides = [Side(name, candidate, candidate, options.reference) for name in ("reference", "candidate")]
    played = failed = 0
    try:
        players = [Player(s.name, os.path.join(folder, "supervisorctl"), s) for s, folder in zip(sides, (options.reference, candidate))]
        for difference in _play(players, options):
            played += 1
            if difference:
                failed += 1
                if failed <= options.show:
                    print(difference, flush=True)
    finally:
        for side in sides:
            side.close(keep=False)
    print("seed %d\n%d passed, %d failed, 0 skipped" % (options.seed, played - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
