#!/usr/bin/env python3
"""Does to a running supervisord what production does to it, and asks afterwards whether it still does its job.

    run.py [--candidate DIR]                      the short form: ours alone, less than 90 seconds
    run.py --long [--rows FILE] [--soak FILE]     the long form: both, and docs/reliability.md anew

    --only TEXT      trials whose name contains it, repeatable
    --soak FILE      the report that soak.py has written; without it the table of the soak is left out
    --rows FILE      keeps what was found, so that some trials can be played anew; the table is written when none is missing
    --output FILE, --jobs N, --keep

The last line is "N passed, N failed, N skipped": a trial fails when our daemon ends dead, deaf, leaking, or with a program left to itself.
"""

import argparse
import concurrent.futures
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from harness import Side, Skip  # noqa: E402
from reliability import base, report  # noqa: E402

MODULES = ["faults", "storms", "daemon_faults", "clients", "order", "holes", "long_run"]


def play(entry, name, bindir, options):
    section, fault, function, short, long, unit = entry
    side = Side(name, bindir, options.candidate, options.reference)
    try:
        return "passed", function(side, long if options.long else short)
    except Skip as e:
        return "skipped", str(e)
    except AssertionError as e:
        return "failed", str(e)
    except Exception as e:
        return "failed", "%s: %s" % (type(e).__name__, e) if name == "reference" else traceback.format_exc()
    finally:
        for daemon in side.daemons:
            if daemon.process.poll() is None:
                daemon.process.send_signal(signal.SIGCONT)
        try:
            side.close(options.keep)
        except Exception:
            pass


def keep(rows, path):
    """The rows of all trials, of which some were found in earlier runs."""
    known = {}
    if path and os.path.exists(path):
        with open(path) as f:
            known = json.load(f)
    known.update({entry[2].__name__: [ours, theirs] for entry, ours, theirs in rows})
    if path:
        with open(path, "w") as f:
            json.dump(known, f, indent=1)
    return [(entry, *known[entry[2].__name__]) for entry in base.TRIALS if entry[2].__name__ in known]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.path.join(os.path.dirname(os.path.dirname(HERE)), "out"))
    parser.add_argument("--reference", default="/usr/bin")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--rows")
    parser.add_argument("--soak")
    parser.add_argument("--output", default=os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "reliability.md"))
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    options.candidate = os.path.abspath(options.candidate)
    for module in MODULES:
        importlib.import_module("reliability." + module)
    entries = [e for e in base.TRIALS if not options.only or any(o in e[2].__name__ for o in options.only)]
    # Side by side they are quicker; one at a time nobody's figures suffer.
    jobs = options.jobs or (1 if options.long else 4)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    rows = []

    def judge(entry):
        began = time.monotonic()
        ours = play(entry, "candidate", options.candidate, options)
        theirs = play(entry, "reference", options.reference, options) if options.long else ("skipped", "")
        return entry, ours, theirs, time.monotonic() - began

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for entry, ours, theirs, seconds in pool.map(judge, entries):
            counts[ours[0]] += 1
            rows.append((entry, ours, theirs))
            print("%-8s %-28s %5.1f s  %s" % (ours[0], entry[2].__name__, seconds, ours[1]))
            if options.long:
                print("%-8s %-28s          %s" % ("", "   Python: " + theirs[0], theirs[1]))
            sys.stdout.flush()
    if options.long:
        rows = keep(rows, options.rows)
    if options.long and len(rows) == len(base.TRIALS):
        soak = None
        if options.soak:
            with open(options.soak) as f:
                soak = json.load(f)
        with open(options.output, "w") as f:
            f.write(report.text(rows, soak))
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % counts)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
