"""Stops of what has no child at the moment or cannot be killed, groups of one name, sockets that are taken, and starts without memory."""

import http.client
import os
import pwd
import re
import resource
import shutil
import signal
import socket
import time
import xmlrpc.client

from harness import Skip, both, candidate_only, wait_until

from ._conf import HEAD

LOOP = '[program:%s]\ncommand=/bin/sh -c "exit 1"\nstartsecs=0\nautorestart=true\n'


def _spawned(side, name):
    return side.read("s.log").count("spawned: '%s'" % name)


def _stays_stopped(daemon, name):
    """Three seconds of the daemon's own clock without a start."""
    info = daemon.rpc.supervisor.getProcessInfo
    spawned, began = _spawned(daemon.side, name), info(name)["now"]
    wait_until(lambda: info(name)["now"] >= began + 3, "three seconds")
    return "%s %s" % (info(name)["statename"], "quiet" if _spawned(daemon.side, name) == spawned else "started again")


def _page(side, query):
    connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
    connection.request("GET", "/index.html?" + query)
    response = connection.getresponse()
    response.read()
    return side.mask(response.getheader("Location") or "")


@both
def stopping_a_crash_loop(side):
    """One that waits for its automatic restart is stopped like one that runs (PSM-036): by name, by group, all and by the page."""
    daemon = side.start(HEAD + LOOP % "w")
    stops = {
        "one": lambda: side.ctl("stop", "w"),
        "group": lambda: side.ctl("stop", "w:*"),
        "all": lambda: side.ctl("stop", "all"),
        "page": lambda: _page(side, "action=stop&processname=w"),
        "page, all": lambda: _page(side, "action=stopall"),
    }
    seen = {}
    for title, stop in stops.items():
        # The reference misses the moment now and then, between an exit and its next turn: that answer is not compared.
        for _ in range(10):
            before = _spawned(side, "w")
            if daemon.rpc.supervisor.getProcessInfo("w")["statename"] == "STOPPED":
                side.ctl("start", "w")
            wait_until(lambda: _spawned(side, "w") >= before + 2, "a restart")
            seen[title] = stop()
            if daemon.rpc.supervisor.getProcessInfo("w")["statename"] == "STOPPED":
                break
        seen[title + ", then"] = _stays_stopped(daemon, "w")
    seen["status"] = side.ctl("status", "w")
    return seen


@candidate_only
def stopping_a_crash_loop_at_any_moment(side):
    """Ours never misses the moment: whenever the stop comes, it is a stop, for an update as well. The page offers it."""
    daemon = side.start(HEAD + LOOP % "w")

    def start():
        try:
            daemon.rpc.supervisor.startProcess("w", False)
        except xmlrpc.client.Fault as e:
            # It may be dead before the call ends.
            assert e.faultCode == 50, e
    for i in range(20):
        before = _spawned(side, "w")
        if i:
            start()
        wait_until(lambda: _spawned(side, "w") > before or not i, "a start")
        # Each stop at another moment of the second between two starts.
        time.sleep(i * 0.06)
        assert daemon.rpc.supervisor.stopProcess("w") is True
        assert daemon.rpc.supervisor.getProcessInfo("w")["statename"] == "STOPPED"
    assert _stays_stopped(daemon, "w") == "STOPPED quiet"
    start()
    daemon.wait_state("w", "EXITED")
    connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    assert "processname=w&amp;action=stop" in page, page
    side.write("s.conf", HEAD)
    updated = side.ctl("update")
    assert "w: stopped\nw: removed process group\n" in updated, updated
    log = side.read("s.log")
    assert "unexpected error" not in log, log


GROUPS = {
    "group and program": "[group:x]\nprograms=a,b\n[program:a]\ncommand=/bin/cat\n[program:b]\ncommand=/bin/cat\n[program:x]\ncommand=/bin/cat\n",
    "program and listener": "[program:x]\ncommand=/bin/cat\nprocess_name=p\n[eventlistener:x]\ncommand=/bin/cat\nevents=TICK_60\nprocess_name=l\n",
    "group and listener": "[group:x]\nprograms=a\n[program:a]\ncommand=/bin/cat\n[eventlistener:x]\ncommand=/bin/cat\nevents=TICK_60\n",
    "group and fcgi": "[group:x]\nprograms=a\n[program:a]\ncommand=/bin/cat\n[fcgi-program:x]\ncommand=/bin/cat\nsocket=unix://@DIR@/f.sock\n",
    "program and fcgi": "[program:x]\ncommand=/bin/cat\nprocess_name=p\n[fcgi-program:x]\ncommand=/bin/cat\nsocket=unix://@DIR@/f.sock\n",
    "program first by priority": "[group:x]\nprograms=a\n[program:a]\ncommand=/bin/cat\n[program:x]\ncommand=/bin/cat\npriority=5\n",
}


@both
def groups_of_one_name(side):
    """Of several groups of one name the first is made, at the start and by update; reread and update keep working (OPT-105)."""
    daemon = side.start(HEAD)
    seen = {}

    def known():
        return "\n".join("%(group)s:%(name)s" % p for p in daemon.rpc.supervisor.getAllProcessInfo())
    for lives, (title, conf) in enumerate(GROUPS.items(), 2):
        side.write("s.conf", HEAD + conf)
        seen[title + ", update"] = side.ctl("update")
        seen[title + ", added"] = known()
        seen[title + ", reread"] = side.ctl("reread")
        seen[title + ", update again"] = side.ctl("update") + known()
        daemon.rpc.supervisor.restart()
        wait_until(lambda: side.read("s.log").count("supervisord started with pid") == lives, "the restart")
        daemon.wait_ready()
        seen[title + ", restarted"] = known()
        seen[title + ", reread then"] = side.ctl("reread")
        side.write("s.conf", HEAD)
        side.ctl("update")
    return seen


@candidate_only
def unkillable_program(side):
    """A program that we must not signal: its death ends the doubt, and supervisorctl gets through its list (PSM-023)."""
    if os.geteuid() != 0:
        raise Skip("needs root")
    os.chmod(side.dir, 0o777)
    python = shutil.copy(os.path.realpath("/usr/bin/python3"), side.path("rootly"))
    os.chmod(python, 0o4755)
    daemon = side.start(HEAD.replace("silent=true", "silent=true\nuser=nobody") + """
[program:su]
command=@DIR@/rootly -c "import os, time; os.setuid(0); time.sleep(1000)"
startsecs=0
[program:ok]
command=/bin/sleep 1000
startsecs=0
autostart=false
""")
    rpc = daemon.rpc.supervisor
    daemon.wait_state("su", "RUNNING")
    pid = rpc.getProcessInfo("su")["pid"]

    def is_root():
        with open("/proc/%d/status" % pid) as f:
            return re.search(r"Uid:\s+0\s+0\s+0", f.read())
    wait_until(is_root, "the program to be root")
    assert os.stat("/proc/%d" % daemon.pid).st_uid == pwd.getpwnam("nobody").pw_uid
    try:
        assert "unknown problem killing su" in side.ctl("stop", "su")
        assert rpc.getProcessInfo("su")["statename"] == "UNKNOWN"
        assert "su: ERROR (spawn error)" in side.ctl("start", "su")
        started = side.ctl("start", "all")
        assert "su: ERROR (spawn error)" in started and "ok: started" in started, started
    finally:
        os.kill(pid, signal.SIGKILL)
    daemon.wait_state("su", "EXITED")
    assert _stays_stopped(daemon, "su") == "EXITED quiet"
    assert "su: started" in side.ctl("start", "su")
    pid = rpc.getProcessInfo("su")["pid"]
    wait_until(is_root, "the program to be root")
    assert daemon.stop() == 0
    os.kill(pid, signal.SIGKILL)


@candidate_only
def taken_fcgi_port(side):
    """A taken port is the trouble of its group alone, at the start and by update, until it is free (DMN-028, SPN-042)."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen(1)
        ok = "[program:ok]\ncommand=/bin/sleep 1000\nstartsecs=0\n"
        taken = "[fcgi-program:%%s]\ncommand=/bin/sleep 1000\nsocket=tcp://127.0.0.1:%d\nstartsecs=0\nstartretries=1\n" % holder.getsockname()[1]
        daemon = side.start(HEAD + ok + taken % "t")
        daemon.wait_state("ok", "RUNNING")
        reason = "Could not create FastCGI socket tcp://127.0.0.1:%d: [Errno 98] Address already in use" % holder.getsockname()[1]
        daemon.wait_state("t", "FATAL")
        assert daemon.rpc.supervisor.getProcessInfo("t")["description"] == reason
        side.write("s.conf", HEAD + ok + taken % "t" + taken % "u" + ok.replace(":ok", ":z"))
        updated = side.ctl("update")
        assert "u: added process group" in updated and "z: added process group" in updated, updated
        # Not in BACKOFF, which counts as started.
        daemon.wait_state("u", "FATAL")
        assert "(spawn error)" in side.ctl("start", "u")
        assert reason in side.ctl("status")
        assert reason in side.read("s.log")
    assert "t: started" in side.ctl("start", "t")
    assert side.ctl("status", "t").count("RUNNING") == 1
    assert daemon.stop() == 0


@candidate_only
def start_without_memory(side):
    """No more address space when a program with a large environment is started again: never RUNNING without a child, and all is well afterwards."""
    env = ",".join('V%d="%s"' % (i, "x" * 60000) for i in range(8))
    daemon = side.start(HEAD + "[program:p]\ncommand=/bin/sleep 100000\nautorestart=true\nstartretries=1000\nenvironment=%s\n" % env)
    rpc = daemon.rpc.supervisor
    daemon.wait_state("p", "RUNNING")

    def look():
        info = rpc.getProcessInfo("p")
        assert info["pid"] or info["statename"] not in ("RUNNING", "STARTING", "STOPPING"), "%(statename)s with pid %(pid)s" % info
        return info
    wait_until(lambda: look()["now"] - look()["start"] > 1, "the next restart to come at once")
    old = look()["pid"]
    with open("/proc/%d/status" % daemon.pid) as f:
        size = int(re.search(r"VmSize:\s+(\d+)", f.read()).group(1)) * 1024
    soft, hard = resource.prlimit(daemon.pid, resource.RLIMIT_AS)
    resource.prlimit(daemon.pid, resource.RLIMIT_AS, (size, hard))
    try:
        os.kill(old, signal.SIGKILL)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            try:
                look()
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
    finally:
        resource.prlimit(daemon.pid, resource.RLIMIT_AS, (soft, hard))

    def runs():
        info = look()
        return info["statename"] == "RUNNING" and info["pid"] not in (0, old) and os.path.exists("/proc/%d" % info["pid"])
    wait_until(runs, "the program to run again", 60)
    assert rpc.stopProcess("p") is True and rpc.startProcess("p") is True
    assert daemon.stop(timeout=20) == 0
