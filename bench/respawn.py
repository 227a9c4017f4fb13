#!/usr/bin/env python3
"""Resident memory after the start and the time from kill -9 to the successor, ours beside Python Supervisor, in one run."""

import argparse
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "compat-tests"))
from cases._conf import HEAD  # noqa: E402
from harness import Side  # noqa: E402


def measure(name, bindir, rounds):
    side = Side(name, bindir)
    try:
        daemon = side.start(HEAD + "[program:p]\ncommand=/bin/sleep 1000\nautorestart=true\n")
        daemon.wait_state("p", "RUNNING")
        with open("/proc/%d/status" % daemon.pid) as f:
            rss = next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))
        times = []
        for _ in range(rounds):
            # It must have been up for over a second; sooner it would be a crash loop.
            time.sleep(1.3)
            pid = daemon.rpc.supervisor.getProcessInfo("p")["pid"]
            before = daemon.log().count("spawned:")
            began = time.perf_counter()
            os.kill(pid, 9)
            while daemon.log().count("spawned:") == before:
                time.sleep(0.0005)
            times.append((time.perf_counter() - began) * 1000)
            daemon.wait_state("p", "RUNNING")
        print("%-12s resident %5.1f MB   kill -9 to successor: median %7.1f ms of %s"
              % (name, rss / 1024, statistics.median(times), ", ".join("%.1f" % t for t in times)))
    finally:
        side.close(False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidate", default="out")
    parser.add_argument("--reference", default="/usr/bin")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    measure("ours", os.path.abspath(options.candidate), options.rounds)
    measure("reference", options.reference, options.rounds)


if __name__ == "__main__":
    main()
