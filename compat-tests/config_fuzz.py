#!/usr/bin/env python3
"""Python Supervisor's own code and `supervisord --dump-config=strict` on the same configurations: those written by hand, then generated ones.

    config_fuzz.py [--candidate DIR] [--reference DIR] [--seed N] [--count N] [--jobs N] [--show N]

--reference is the folder of the Python package `supervisor`. The seed is printed; the same seed gives the same files. A single case is
repeated with its own seed and --count 1. The last line is "N passed, N failed, N skipped".
"""

import argparse
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from fuzz import generate, oracle, written  # noqa: E402

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8", "PLAIN": "plain", "WIDE": "\u20ac\U0001f600", "TMPDIR": "/tmp"}
# Left to luck, to Python's version or to what is installed, in the reference itself.
_MASKS = [
    (re.compile(r"Available names: .*", re.S), "Available names"),
    (re.compile(r"(codec can't decode byte \S+ in position).*", re.S), r"\1"),
    (re.compile(r"'supervisord\.environment'"), "'environment'"),
    (re.compile(r"^.*EntryPoint must be in.*$|^.* cannot be resolved within .*$", re.S), "no such plug-in"),
    (re.compile(r"Unknown event type \S* in"), "Unknown event type in"),
    # Ours shows no password (docs/compatibility.md).
    (re.compile(r"Format string .* for '(\S+\.password)'", re.S), r"Format string for '\1'"),
]


def _masked(text):
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def _candidate(binary, conf):
    done = subprocess.run([binary, "-c", conf, "--dump-config=strict"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if done.returncode == 0:
        return "accepted", json.loads(done.stdout)
    error = done.stderr.decode()
    if done.returncode == 2 and error.startswith("Error: ") and "\nFor help, use " in error:
        return "refused", error[len("Error: "):error.rindex("\nFor help, use ")]
    return "died", "status %d: %s" % (done.returncode, error)


def _differences(a, b, where=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            yield from _differences(a.get(key, "<absent>"), b.get(key, "<absent>"), where + "/" + key)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            yield from _differences(x, y, "%s/%d" % (where, i))
    elif a != b or type(a) is not type(b):
        yield "%s\n        reference %r\n        candidate %r" % (where, a, b)


def _judge(work):
    binary, seed = work
    folder = tempfile.mkdtemp(prefix="svfuzz")
    try:
        os.makedirs(os.path.join(folder, "logs"))
        os.makedirs(os.path.join(folder, "inc.d"))
        for name, content in (written.files(seed) if isinstance(seed, str) else generate.files(seed)).items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(content)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(_ENVIRONMENT)
        conf = os.path.join(folder, "main.conf")
        expected, seen = oracle.read(conf), _candidate(binary, conf)
        if expected[0] == "died":
            return seed, "died", [] if seen[0] == "refused" else ["reference died of %s, candidate %r" % (expected[1], seen)]
        if expected[0] != seen[0] or expected[0] == "refused":
            same = expected[0] == seen[0] and _masked(expected[1]) == _masked(seen[1])
            return seed, expected[0], [] if same else ["reference %s %r\n        candidate %s %r" % (expected + seen)]
        return seed, expected[0], list(_differences(expected[1], seen[1]))
    finally:
        os.chdir("/")
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(os.path.dirname(HERE), "out")))
    parser.add_argument("--reference", default=os.environ.get("REFERENCE_CODE", "/usr/lib/python3/dist-packages"), help="folder of the package supervisor")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    if not os.path.isdir(os.path.join(options.reference, "supervisor")):
        print("no Python Supervisor in %s\n0 passed, 0 failed, 1 skipped" % options.reference)
        return 0
    binary = os.path.join(os.path.abspath(options.candidate), "supervisord")
    oracle.load(options.reference)
    kinds, failed = {}, 0
    work = [(binary, title) for title in written.CASES] if options.count > 1 else []
    work += [(binary, options.seed + i) for i in range(options.count)]
    with multiprocessing.Pool(options.jobs) as pool:
        for seed, kind, differences in pool.imap_unordered(_judge, work, 20):
            kinds[kind] = kinds.get(kind, 0) + 1
            if differences:
                failed += 1
                if failed <= options.show:
                    title = seed if isinstance(seed, str) else "--seed %d --count 1" % seed
                    print("failed   %s (%s)\n    %s" % (title, kind, "\n    ".join(differences[:5])))
    print("seed %d: %s" % (options.seed, ", ".join("%d %s" % (n, k) for k, n in sorted(kinds.items()))))
    print("%d passed, %d failed, 0 skipped" % (len(work) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
