#!/usr/bin/env python3
"""Tests the tests: a daemon that is wrong in one thing must be found out by the test that stands for it.

    mutants.py [--candidate DIR] [--only TEXT]...

Each mutant is the candidate behind a wrapper that changes its configuration, its answers, its events or its output. The tests named must
fail with the mutant, and pass behind a wrapper that changes nothing. The last line is "N passed, N failed, N skipped".
"""

import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = r"(?m)^(\[program:[^]]*\]\n)"

# name: (what is wrong, tests that must notice, their rows in conformance.tsv)
MUTANTS = {
    "one attempt too many": ({"conf": [["startretries=0", "startretries=1"]]}, ["states_and_logs.outcomes"], "PSM-010"),
    "another stop signal": ({"conf": [[PROGRAM, r"\1stopsignal=KILL\n"]]}, ["states_and_logs.stopping"], "PSM-017"),
    "exit codes ignored": ({"conf": [["exitcodes=0,4", "exitcodes=0"]]}, ["states_and_logs.outcomes"], "PSM-011"),
    "order of starts reversed": ({"conf": [[r"priority=(\d)", r"priority=-\1"]]}, ["states_and_logs.autostart_order", "lifecycle.shutdown_order"], "DMN-042 DMN-048"),
    "a backup too many": ({"conf": [["backups=2", "backups=3"]]}, ["states_and_logs.rotation"], "LOG-021"),
    "rotation a byte late": ({"conf": [["maxbytes=100\n", "maxbytes=101\n"]]}, ["states_and_logs.rotation"], "LOG-020"),
    "escapes kept": ({"conf": [["strip_ansi=true", "strip_ansi=false"]]}, ["states_and_logs.output_options"], "LOG-040"),
    "stderr not merged": ({"conf": [["redirect_stderr=true", "redirect_stderr=false"]]}, ["states_and_logs.output_options"], "LOG-058"),
    "a variable lost": ({"conf": [[r'GLOBAL="g",', ""]]}, ["states_and_logs.environment"], "SPN-028"),
    "a level too quiet": ({"conf": [["loglevel=info", "loglevel=warn"]]}, ["lifecycle.stops_on_SIGTERM"], "DMN-010"),
    "no log of its own in the foreground": ({"conf": [["(?m)^nodaemon=true$", "nodaemon=true\nsilent=true"]]}, ["lifecycle.foreground_prints_its_log"], "DMN-011"),
    "mode of the socket": ({"conf": [["chmod=0640", "chmod=0600"]]}, ["lifecycle.unix_socket_file"], "OPT-031"),
    "privileges kept": ({"conf": [["(?m)^user=nobody$", ""]]}, ["lifecycle.drops_privileges"], "DMN-006"),
    "capture off": ({"conf": [["stdout_capture_maxbytes=1MB", ""]]}, ["states_and_logs.capture"], "LOG-050"),
    "a fault's name": ({"answers": [["BAD_NAME", "BAD-NAME"]]}, ["xmlrpc_methods.control", "xmlrpc_methods.logs"], "RPC-017"),
    "true is false": ({"answers": [["<boolean>1<", "<boolean>0<"]]}, ["xmlrpc_methods.control"], "RPC-043"),
    "a field's name": ({"answers": [["<name>spawnerr<", "<name>spawnErr<"]]}, ["xmlrpc_methods.rarer_faults"], "RPC-068"),
    "the server's name": ({"answers": [["Medusa/1.12", "Medusa/1.13"]]}, ["http_raw.requests"], "HTTP-002"),
    "another redirection": ({"answers": [[" 301 ", " 302 "]]}, ["finer_points.web_actions"], "HTTP-055"),
    "a class of the page": ({"answers": [["statusrunning", "statusRunning"]]}, ["http_raw.status_page"], "HTTP-051"),
    "a header's order": ({"answers": [["WWW-Authenticate", "Www-Authenticate"]]}, ["http_raw.authentication"], "HTTP-020"),
    "chunks announced otherwise": ({"answers": [["Transfer-Encoding: chunked", "Transfer-Encoding: Chunked"]]}, ["http_raw.log_tail"], "HTTP-005"),
    "a token of the header": ({"listener": [["poolserial:", "poolSerial:"]]}, ["events.life_of_a_program"], "EVT-001"),
    "expected or not": ({"listener": [["expected:0", "expected:1"]]}, ["events.crashes"], "EVT-064"),
    "tries not counted": ({"listener": [["tries:2", "tries:1"]]}, ["events.fatal"], "EVT-062"),
    "no channel in a log event": ({"listener": [["channel:stdout", "channel:stdOUT"]]}, ["events.output"], "EVT-066"),
}

# The same for the suites that are programs of their own: (what is wrong, program, its arguments)
OTHERS = {
    "status of stopped programs": ("supervisorctl", {"status": {"3": 0}}, "ctl_diff.py", ["status"]),
    "a word of the client": ("supervisorctl", {"output": [["no such group", "no such Group"]]}, "ctl_diff.py", ["nosuch:*"]),
    "a default": ("supervisord", {"output": [['"startsecs": 1,', '"startsecs": 2,'], ['"startsecs":1,', '"startsecs":2,']]}, "config_fuzz.py", ["--count", "30", "--seed", "1"]),
    "a fault's name among random calls": ("supervisord", {"answers": [["BAD_SIGNAL", "BAD-SIGNAL"]]}, "rpc_fuzz.py", ["--count", "300", "--seed", "1"]),
    "a word of the client in a session": ("supervisorctl", {"output": [["no such process", "no such Process"]]}, "ctl_fuzz.py", ["--sessions", "3", "--single", "0", "--seed", "1"]),
}


def _wrap(folder, candidate, name, mutation):
    """A folder like the candidate's in which one program is wrong."""
    os.makedirs(folder)
    for entry in os.listdir(candidate):
        if entry != name:
            os.symlink(os.path.join(candidate, entry), os.path.join(folder, entry))
    shutil.copy(os.path.join(HERE, "mutation", "wrapper.py"), os.path.join(folder, name))
    shutil.copy(os.path.join(HERE, "harness", "ports.py"), folder)
    os.chmod(os.path.join(folder, name), 0o755)
    shutil.copy(os.path.join(HERE, "mutation", "filter.py"), folder)
    with open(os.path.join(folder, "mutation.json"), "w") as f:
        json.dump(dict(mutation, real=os.path.join(candidate, name)), f)


def _run(folder, tests, tell=False):
    """{test: "passed" or "failed"}; with the details of what failed, if they are to be told."""
    arguments = [a for t in tests for a in ("--only", t)]
    out = subprocess.run([sys.executable, os.path.join(HERE, "run.py"), "--candidate", folder, "-v", *(["--again"] if tell else []), *arguments], stdout=subprocess.PIPE, text=True).stdout
    if tell and ("\nfailed " in "\n" + out or " flaky " in out):
        print("    " + out.replace("\n", "\n    "))
    return {t: v for v, t in (line.split()[:2] for line in out.splitlines() if line.startswith(("passed ", "failed ", "skipped ")))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(os.path.dirname(HERE), "out")))
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    candidate = os.path.abspath(options.candidate)
    if not os.path.exists(os.path.join(os.environ.get("REFERENCE", "/usr/bin"), "supervisord")):
        print("no Python Supervisor\n0 passed, 0 failed, 1 skipped")
        return 0
    folder = tempfile.mkdtemp(prefix="mutants-")
    os.chmod(folder, 0o755)
    passed, failed = 0, 0

    def tell(name, complaint):
        nonlocal passed, failed
        passed, failed = passed + (not complaint), failed + bool(complaint)
        if complaint:
            print("failed   %s: %s" % (name, complaint))
    try:
        chosen = {n: m for n, m in MUTANTS.items() if not options.only or any(o in n for o in options.only)}
        for kind, nothing in (("conf", []), ("answers", []), ("listener", [])):
            tests = sorted({t for mutation, ts, _ in chosen.values() if kind in mutation for t in ts})
            if tests:
                _wrap(os.path.join(folder, "healthy-" + kind), candidate, "supervisord", {kind: nothing})
                for test, verdict in _run(os.path.join(folder, "healthy-" + kind), tests, tell=True).items():
                    tell("healthy (%s)" % kind, "" if verdict == "passed" else "%s %s" % (test, verdict))
        for number, (mutation, _, _) in enumerate(chosen.values()):
            _wrap(os.path.join(folder, str(number)), candidate, "supervisord", mutation)
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            played = pool.map(lambda n, m: _run(os.path.join(folder, str(n)), m[1]), range(len(chosen)), chosen.values())
            for (name, (_, tests, rows)), verdicts in zip(chosen.items(), played):
                unnoticed = [t for t in tests if verdicts.get(t) != "failed"]
                tell(name, "not noticed by %s (%s)" % (", ".join(unnoticed), rows) if unnoticed else "")
        for name, (program, mutation, suite, arguments) in OTHERS.items():
            if options.only and not any(o in name for o in options.only):
                continue
            place = os.path.join(folder, "other-" + program + str(len(name)))
            _wrap(place, candidate, program, mutation)
            env = dict(os.environ, SUPERVISORCTL=os.path.join(place, "supervisorctl"))
            env.pop("SUPERVISORD", None)
            if suite != "ctl_diff.py":
                arguments = ["--candidate", place, *arguments]
            noticed = subprocess.run([sys.executable, os.path.join(HERE, suite), *arguments], stdout=subprocess.DEVNULL, env=env).returncode == 1
            tell(name, "" if noticed else "not noticed by " + suite)
    finally:
        shutil.rmtree(folder)
    print("%d passed, %d failed, 0 skipped" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
