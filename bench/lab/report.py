"""RESULTS.md: one row a figure, with ratios, targets, floors and the machine."""

import datetime
import os
import platform
import re
import shutil
import statistics
import subprocess

SIGNS = {True: "met", False: "**missed**", None: ""}


def number(value):
    if value is None:
        return ""
    if value == 0:
        return "0"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4
    return "{:,.{}f}".format(value, digits)


def times(ratio):
    return "" if ratio is None else "{:.{}f}".format(ratio, 1 if ratio >= 10 else 2 if ratio >= 0.1 else 4)


def target(figure):
    parts = []
    if figure.limit is not None:
        parts.append("%s %s" % ("≥" if figure.rate else "≤", ("%g" % figure.limit) if figure.limit >= 0.3 and figure.limit != 1 / 3 else "1/%g" % round(1 / figure.limit)))
    if figure.floor_limit is not None:
        parts.append("≤ %g floors" % figure.floor_limit)
    if figure.absolute is not None:
        parts.append("≤ %g %s" % (figure.absolute, figure.unit))
    return ", ".join(parts)


class Row:
    """The values of one figure, by side and round."""

    def __init__(self, case, figure, values):
        self.case, self.figure, self.values = case, figure, values
        self.ours, self.python, self.floor = (statistics.median(values[s]) if values.get(s) else None for s in ("ours", "python", "floor"))
        self.ratio = self.ours / self.python if self.ours is not None and self.python else None
        self.to_floor = self.ours / self.floor if self.ours is not None and self.floor else None
        self.verdict = figure.verdict(self.ratio, self.to_floor, self.ours)

    @property
    def spread(self):
        """The lowest and the highest ratio of a round."""
        ratios = [a / b for a, b in zip(self.values.get("ours", []), self.values.get("python", [])) if b]
        return "%s to %s" % (times(min(ratios)), times(max(ratios))) if len(ratios) > 1 else ""

    def line(self):
        return "%-52s ours %10s   python %10s   floor %10s %-8s ratio %8s %-10s %s" % (
            self.figure.title, number(self.ours), number(self.python), number(self.floor), self.figure.unit, times(self.ratio),
            target(self.figure), SIGNS[self.verdict].strip("*"))


def version(command):
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=20)
        return (found.stdout + found.stderr).strip().split("\n")[0]
    except OSError:
        return "not installed"


def package_version(name):
    return version(["dpkg-query", "-W", "-f=${Version}", name]) if shutil.which("dpkg-query") else "unknown"


def machine():
    with open("/proc/cpuinfo") as f:
        model = re.search(r"model name\s*:\s*(.*)", f.read())
    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) / 1024 / 1024
    return "%d processors (%s), %.0f GB, Linux %s" % (os.cpu_count(), model.group(1) if model else platform.machine(), memory, platform.release())


def commit():
    here = os.path.dirname(os.path.abspath(__file__))
    found = subprocess.run(["git", "-C", here, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return found.stdout.strip() or "unknown"


def write(path, rows, failures, options, load, took):
    judged = [r for r in rows if r.verdict is not None]
    missed = [r.figure.title for r in judged if not r.verdict]
    lines = [
        "# Results", "",
        "Written by `bench/run`; every figure is the median of its rounds, Supervisor.Net and Debian's Supervisor in turn. The ratio is "
        "Supervisor.Net's figure through Python's: below 1 is better for times, memory and CPU, above 1 for rates. The floor is what the "
        "machine gives for that work without a supervisor, or with the barest one.", "",
        "| figure | unit | Supervisor.Net | Python | ratio | of single rounds | target | | floor |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        floor = "" if row.floor is None else "%s (%s)" % (number(row.floor), row.case.floor_title)
        lines.append("| %s |" % " | ".join((row.figure.title, row.figure.unit, number(row.ours), number(row.python), times(row.ratio),
                                             row.spread, target(row.figure), SIGNS[row.verdict], floor)))
    lines += ["", "%d targets met, %d missed%s." % (len(judged) - len(missed), len(missed), ": " + "; ".join(missed) if missed else ""), ""]
    for failure in failures:
        lines.append("* " + failure)
    if failures:
        lines.append("")
    lines += [
        "* %s UTC, %d s, rounds: %d" % (datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"), took, options.rounds),
        "* machine: %s; load average %.1f before, %.1f after" % (machine(), load, os.getloadavg()[0]),
        "* Supervisor.Net at commit %s; Python Supervisor %s on %s; runit %s; %s" % (
            commit(), package_version("supervisor"), version(["/usr/bin/python3", "--version"]), package_version("runit"),
            version(["wrk", "-v"]).split(" Copyright")[0]),
        "",
    ]
    with open(path, "w") as f:
        f.write("\n".join(lines))
