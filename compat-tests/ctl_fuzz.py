#!/usr/bin/env python3
"""Stock supervisorctl and ours, given the same random lines: sessions read from a pipe, and single commands. Stdout, stderr and status are compared.

    ctl_fuzz.py [--candidate DIR] [--reference DIR] [--seed N] [--sessions N] [--lines N] [--single N] [--show N]

Each client has a server of our make to itself, so that what a line does to the processes it does for both. The seed is printed; the same seed
makes the same lines. The last line is "N passed, N failed, N skipped".
"""

import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from fuzz import lines, pair  # noqa: E402
from harness import unified  # noqa: E402

_MASKS = [
    (re.compile(r"uptime \d+:\d\d:\d\d"), "uptime <UPTIME>"),
    (re.compile(r"^\d{4}-\d\d-\d\d .*$", re.M), "<LOG>"),
    (re.compile(r"(?m)^(fuzz> )?\d+$"), r"\1<PID>"),
    (re.compile(r"file: \S+ line: \d+"), "file: <FILE> line: <LINE>"),
]


def _say(client, side, text, argv):
    done = subprocess.run([client, "-c", side.path("s.conf"), *argv], input=text.encode(), capture_output=True, cwd=side.dir, timeout=120)
    return "status %d\n--- stdout\n%s\n--- stderr\n%s" % (done.returncode, _mask(client, side, done.stdout), _mask(client, side, done.stderr))


def _mask(client, side, data):
    text = side.mask(data.decode("utf-8", "backslashreplace")).replace("use %s -h" % client, "use CTL -h")
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def _differences(sides, options):
    clients = [os.path.join(folder, "supervisorctl") for folder in (options.reference, options.candidate)]

    def difference(title, text, *argv):
        said = [_say(client, side, text, argv) for client, side in zip(clients, sides)]
        return None if said[0] == said[1] else "%s\n%s" % (title, unified(*said, "answers"))

    rng = random.Random(options.seed)
    for _ in range(options.sessions):
        text = "".join(lines.line(rng) + "\n" for _ in range(options.lines))
        yield difference("session\n" + text, text)
    for _ in range(options.single):
        words = lines.line(rng).split()
        yield difference(" ".join(words), "", *words)


def main():
    options = pair.arguments(__doc__, sessions=100, lines=20, single=100)
    return pair.play(options, [options.candidate, options.candidate], _differences)


if __name__ == "__main__":
    sys.exit(main())
