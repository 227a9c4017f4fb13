"""A day's work with the stock supervisorctl (CTL, RPC)."""

import os
import re
import signal
import subprocess

from harness import both, wait_until
from ._conf import HEAD

CONF = HEAD + """
[program:cat]
command=/bin/cat
stdout_logfile=@DIR@/cat.log
startsecs=0
[program:idle]
command=/bin/sleep 1000
autostart=false
[program:talk]
command=/bin/sh -c "echo hello; echo oops >&2; exec sleep 1000"
stdout_logfile=@DIR@/talk.log
stderr_logfile=@DIR@/talk.err
startsecs=0
[program:bad]
command=/no/such/file
autostart=false
startretries=0
[program:quick]
command=/bin/sh -c "exit 3"
startsecs=5
autostart=false
startretries=0
[program:dir]
command=/etc
autostart=false
startretries=0
[program:pair]
command=/bin/sleep 1000
process_name=%(program_name)s_%(process_num)d
numprocs=2
startsecs=0
[group:both]
programs=g1,g2
[program:g1]
command=/bin/sleep 1000
startsecs=0
[program:g2]
command=/bin/sleep 1000
startsecs=0
priority=5
"""


def _ordered(line, text):
    """The answers about several processes come as each is done: their order is not part of the comparison."""
    if not re.match(r"(start|stop|restart|update) .*(:\*|all)|update", line):
        return text
    head, rest = text.split("--- stdout\n")
    out, err = rest.split("--- stderr\n")
    return head + "--- stdout\n" + "\n".join(sorted(out.splitlines())) + "\n--- stderr\n" + err


def _session(side, daemon, lines):
    seen = {}
    for number, line in enumerate(lines):
        seen["%02d %s" % (number, line)] = _ordered(line, side.ctl(*line.split()))
    return seen


def _settled(side):
    daemon = side.start(CONF)
    for name in ("cat", "talk", "pair:pair_0", "pair:pair_1", "both:g1", "both:g2"):
        daemon.wait_state(name, "RUNNING")
    wait_until(lambda: side.read("talk.log") == "hello\n" and side.read("talk.err") == "oops\n", "talk's output")
    return daemon


@both
def status_and_control(side):
    daemon = _settled(side)
    return _session(side, daemon, [
        "status", "status cat", "status both:*", "status both:g1 idle", "status nosuch", "status nosuch:*", "status all",
        "start idle", "start idle", "status idle", "start nosuch", "start nosuch:*", "start bad", "start quick", "start dir", "start",
        "stop idle", "stop idle", "stop nosuch", "stop nosuch:*", "stop both:*", "start both:*", "stop", "restart cat", "restart nosuch",
        "restart both:g1", "restart", "signal CONT cat", "signal USR1 both:*", "signal 99 cat", "signal NOPE cat",
        "signal HUP idle", "signal HUP nosuch", "signal HUP nosuch:*", "signal HUP", "stop pair:*", "start pair:pair_0", "stop all",
        "start cat talk", "stop cat talk", "version", "pid nosuch", "nonsense", "help", "help start", "help nonsense",
    ])


@both
def pids(side):
    daemon = _settled(side)
    seen = _session(side, daemon, ["pid idle"])
    seen["daemon's pid is told"] = str(side.ctl("pid").count(str(daemon.pid)))
    everything = side.ctl("pid", "all")
    seen["all pids"] = "%d lines" % len(everything.splitlines())
    return seen


@both
def logs(side):
    daemon = _settled(side)
    seen = _session(side, daemon, [
        "tail talk", "tail talk stderr", "tail -3 talk", "tail -100 talk", "tail nosuch", "tail idle", "tail talk nonsense", "tail",
        "tail -x talk", "tail a b c d", "maintail -x", "maintail a b", "clear talk", "tail talk", "clear nosuch", "clear idle", "clear",
        "clear both:*", "clear all",
    ])
    seen["maintail"] = "status 0" if side.ctl("maintail", "-200").startswith("status 0") else "failed"
    seen["talk.log after clear"] = side.read("talk.log")
    return seen


def _follow(side, *args, lines, during=None, number=signal.SIGINT):
    """Starts a following command, waits for as many lines, then ends it."""
    process = subprocess.Popen([side.supervisorctl, "-c", side.path("s.conf"), *args], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, stdin=subprocess.PIPE, cwd=side.dir, start_new_session=True)
    os.set_blocking(process.stdout.fileno(), False)
    seen = b""

    def enough():
        nonlocal seen
        seen += process.stdout.read() or b""
        return seen.count(b"\n") >= lines[0]
    wait_until(enough, "the first %d lines of %s" % (lines[0], args))
    if during:
        during(process)
    wait_until(lambda: enough() and seen.count(b"\n") >= lines[1], "%d lines of %s, so far %r" % (lines[1], args, seen))
    os.killpg(process.pid, number)
    rest, _ = process.communicate(timeout=20)
    return side.mask((seen + (rest or b"")).decode()) + "status %d" % process.returncode


@both
def tail_follow(side):
    daemon = _settled(side)
    def feed(_):
        daemon.rpc.supervisor.sendProcessStdin("cat", "one\n")
    return {"tail -f": _follow(side, "tail", "-f", "cat", lines=(1, 2), during=feed)}


@both
def foreground(side):
    daemon = _settled(side)
    def typed(process):
        process.stdin.write(b"typed line\n")
        process.stdin.flush()
    wait_until(lambda: daemon.rpc.supervisor.getProcessInfo("cat")["pid"], "cat")
    return {"fg": _follow(side, "fg", "cat", lines=(1, 2), during=typed, number=signal.SIGKILL)}


@both
def shell(side):
    daemon = _settled(side)
    return {"shell": side.ctl(stdin=b"status cat\nstart idle\nversion\n\nnonsense\nstop idle\nexit\n")}


@both
def configuration_changes(side):
    daemon = _settled(side)
    seen = _session(side, daemon, ["avail", "reread", "update", "add nosuch", "add cat", "remove cat", "remove nosuch", "add", "remove"])
    more = CONF.replace("[program:idle]\ncommand=/bin/sleep 1000", "[program:idle]\ncommand=/bin/sleep 2000") \
        .replace("[program:dir]\ncommand=/etc\nautostart=false\nstartretries=0\n", "") + "[program:new]\ncommand=/bin/sleep 1000\nstartsecs=0\n"
    side.write("s.conf", more)
    seen.update({"b" + k: v for k, v in _session(side, daemon, [
        "reread", "reread", "avail", "update nosuch", "update new", "status new", "update", "status", "stop new", "remove new", "status new",
        "add new", "update all"]).items()})
    side.write("s.conf", more + "[program:broken]\nautostart=maybe\ncommand=x\n")
    seen.update({"c" + k: v for k, v in _session(side, daemon, ["reread"]).items()})
    return seen


@both
def reload_and_shutdown(side):
    daemon = _settled(side)
    seen = _session(side, daemon, ["reload"])
    # The same pid, and everything is there again.
    wait_until(lambda: side.read("s.log").count("supervisord started with pid") == 2, "the second start")
    daemon.wait_ready()
    daemon.wait_state("cat", "RUNNING")
    seen["pid stays"] = str(daemon.rpc.supervisor.getPID() == daemon.pid)
    seen.update(_session(side, daemon, ["status", "shutdown"]))
    seen["exit status"] = str(daemon.process.wait(30))
    seen["left behind"] = " ".join(sorted(f for f in os.listdir(side.dir) if f in ("s.sock", "s.pid")))
    seen.update(_session(side, daemon, ["status", "start cat"]))
    return seen
