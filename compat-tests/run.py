#!/usr/bin/env python3
"""Differential tests: Debian's supervisord and ours on the same input.

    run.py [--candidate DIR] [--reference DIR] [--only TEXT]... [--keep] [--jobs N] [--results FILE] [--again] [-v]

DIR holds supervisord, supervisorctl, echo_supervisord_conf and pidproxy; without the options the environment's CANDIDATE and REFERENCE
are taken, or else out and /usr/bin. The last line is "N passed, N failed, N skipped"; the exit status is 1 when something failed. --keep
leaves the tests' folders behind, --results writes a line "test<tab>verdict" for each test. With --again a test that
failed is played once more; if it passes then, it counts as passed and is told as "flaky", with what was wrong the first time.
"""

import argparse
import concurrent.futures
import importlib
import os
import signal
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from harness import Side, Skip, all_tests, compare  # noqa: E402


def play(function, name, bindir, options):
    side = Side(name, bindir, options.candidate, options.reference)
    try:
        return function(side) or {}
    finally:
        side.close(options.keep)


def judge(test, options):
    name, verdict, details = judge_once(test, options)
    if verdict == "failed" and options.again:
        _, second, more = judge_once(test, options)
        if second == "passed":
            return name, "passed", ["flaky    %s failed at first:" % name, *details]
        return name, second, details + ["and again:", *more]
    return name, verdict, details


def judge_once(test, options):
    name, function, compared = test
    try:
        if not compared:
            play(function, "candidate", options.candidate, options)
            return name, "passed", []
        if not os.path.exists(os.path.join(options.reference, "supervisord")):
            return name, "skipped", ["no Python Supervisor in " + options.reference]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            reference, candidate = (pool.submit(play, function, n, d, options)
                                    for n, d in (("reference", options.reference), ("candidate", options.candidate)))
            differences = compare(reference.result(), candidate.result())
        return name, "failed" if differences else "passed", differences
    except Skip as e:
        return name, "skipped", [str(e)]
    except Exception:
        return name, "failed", [traceback.format_exc()]


def main():
    # Started in the background, or by nohup: the programs under test must be able to hear these all the same.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(os.path.dirname(HERE), "out")))
    parser.add_argument("--reference", default=os.environ.get("REFERENCE", "/usr/bin"))
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--results")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    options.candidate = os.path.abspath(options.candidate)
    for entry in sorted(os.listdir(os.path.join(HERE, "cases"))):
        if entry.endswith(".py") and not entry.startswith("_"):
            importlib.import_module("cases." + entry[:-3])
    tests = [t for t in all_tests() if not options.only or any(o in t[0] for o in options.only)]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    results = open(options.results or os.devnull, "w")
    with results, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, verdict, details in pool.map(lambda t: judge(t, options), tests):
            counts[verdict] += 1
            results.write("%s\t%s\n" % (name, verdict))
            if verdict != "passed" or options.v:
                print("%-8s %s" % (verdict, name))
            for detail in details:
                print("    " + detail.replace("\n", "\n    "))
            sys.stdout.flush()
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % counts)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
