#!/usr/bin/env python3
"""The proof of being the same, row by row: runs every suite and prints what became of each row of docs/conformance.md.

    conformance.py [--candidate DIR] [--reference DIR] [--code DIR] [--results DIR] [--no-unit] [--failed]

The candidate's programs are in CANDIDATE or out, the reference's in REFERENCE or /usr/bin, its Python package in REFERENCE_CODE or
/usr/lib/python3/dist-packages. --results judges what the suites have left in a folder instead of running them; --failed leaves out the rows
that are as they should be. A row is "same", "better on purpose", "differs", "not tested", FAILED when one of its tests failed, or "not run"
when all of them were skipped. The exit status is 1 when a row failed.
"""

import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ROW = re.compile(r"^\| ([A-Z]+-\d+) \| (.*) \| (same|better on purpose|differs|not tested) \| (.*) \|$", re.M)


def run_everything(folder, options):
    env = dict(os.environ, CANDIDATE=options.candidate, REFERENCE=options.reference, REFERENCE_CODE=options.code,
               SUPERVISORD=os.path.join(options.candidate, "supervisord"), SUPERVISORCTL=os.path.join(options.candidate, "supervisorctl"))

    def play(*argv):
        print("running " + " ".join(argv), file=sys.stderr)
        return subprocess.run(argv, cwd=ROOT, env=env, stdout=sys.stderr).returncode

    if not options.no_unit:
        for project in sorted(glob.glob(os.path.join(ROOT, "tests", "*.Tests"))):
            play("dotnet", "test", project, "-v", "quiet", "--logger", "trx;LogFileName=%s.trx" % os.path.basename(project), "--results-directory", folder)
    play(sys.executable, os.path.join(HERE, "run.py"), "--results", os.path.join(folder, "run.tsv"))
    with open(os.path.join(folder, "programs.tsv"), "w") as f:
        for name in ("config_fuzz", "rpc_fuzz", "ctl_diff", "ctl_fuzz", "http_fuzz", "smuggle_fuzz"):
            status = play(sys.executable, os.path.join(HERE, name + ".py"), *(["--count", "1500"] if name == "config_fuzz" else []))
            f.write("%s\t%s\n" % (name, "failed" if status else "passed"))


def verdicts(folder):
    """{test: {"passed", "failed", "skipped"}}; the cases of a theory are one test."""
    seen = {}
    for path in glob.glob(os.path.join(folder, "*.tsv")):
        with open(path) as f:
            for line in f:
                name, verdict = line.split()
                seen.setdefault(name, set()).add(verdict)
    for path in glob.glob(os.path.join(folder, "**", "*.trx"), recursive=True):
        for result in xml.etree.ElementTree.parse(path).iter("{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}UnitTestResult"):
            name = ".".join(result.get("testName").split("(")[0].split(".")[-2:])
            verdict = {"Passed": "passed", "Failed": "failed"}.get(result.get("outcome"), "skipped")
            seen.setdefault(name, set()).add(verdict)
    return seen


def judge(verdict, tests, seen):
    outcomes = {t: seen.get(t, {"skipped"}) for t in tests}
    failed = [t for t, o in outcomes.items() if "failed" in o]
    if failed:
        return "FAILED", failed
    if verdict != "not tested" and not any("passed" in o for o in outcomes.values()):
        return "not run", tests
    return verdict, []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(ROOT, "out")))
    parser.add_argument("--reference", default=os.environ.get("REFERENCE", "/usr/bin"))
    parser.add_argument("--code", default=os.environ.get("REFERENCE_CODE", "/usr/lib/python3/dist-packages"))
    parser.add_argument("--results")
    parser.add_argument("--no-unit", action="store_true")
    parser.add_argument("--failed", action="store_true")
    options = parser.parse_args()
    options.candidate = os.path.abspath(options.candidate)
    with tempfile.TemporaryDirectory() as folder:
        if not options.results:
            run_everything(folder, options)
        seen = verdicts(options.results or folder)
    with open(os.path.join(ROOT, "docs", "conformance.md"), encoding="utf-8") as f:
        rows = ROW.findall(f.read())
    counts = {}
    for row, what, verdict, tests in rows:
        found, culprits = judge(verdict, re.findall(r"`([^`]+)`", tests), seen)
        counts[found] = counts.get(found, 0) + 1
        if not options.failed or found in ("FAILED", "not run"):
            print("%-9s %-18s %s%s" % (row, found, what, "".join("\n%29s%s" % ("", c) for c in culprits)))
    print("%d rows: %s" % (len(rows), ", ".join("%d %s" % (n, k) for k, n in sorted(counts.items(), key=lambda p: -p[1]))))
    return 1 if "FAILED" in counts or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
