"""Start, signals, background, clean-up (DMN)."""

import os
import re
import signal
import stat
import subprocess

from harness import both, wait_until
from ._conf import HEAD

CAT = "[program:cat]\ncommand=/bin/cat\nstartsecs=0\n"


def _lines(side, name="s.log"):
    return side.mask(side.read(name))


def _end(side, daemon, number):
    return "status %s\n%s" % (daemon.stop(number), " ".join(sorted(f for f in os.listdir(side.dir) if f in ("s.sock", "s.pid"))))


def _signal_test(number):
    def test(side):
        daemon = side.start(HEAD + CAT)
        daemon.wait_state("cat", "RUNNING")
        seen = {"pidfile": str(side.read("s.pid") == "%d\n" % daemon.pid), "end": _end(side, daemon, number)}
        seen["log"] = _lines(side)
        return seen
    return test


for _number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
    _test = _signal_test(_number)
    _test.__name__ = "stops_on_" + signal.Signals(_number).name
    _test.__module__ = __name__
    both(_test)


@both
def restarts_on_sighup(side):
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    daemon.send(signal.SIGHUP)
    wait_until(lambda: side.read("s.log").count("success: cat") == 2, "the second life")
    daemon.wait_ready()
    return {"same pid": str(daemon.rpc.supervisor.getPID() == daemon.pid), "end": _end(side, daemon, signal.SIGTERM), "log": _lines(side)}


@both
def reopens_logs_on_sigusr2(side):
    daemon = side.start(HEAD + CAT + "stdout_logfile=@DIR@/cat.log\n")
    daemon.wait_state("cat", "RUNNING")
    daemon.rpc.supervisor.sendProcessStdin("cat", "before\n")
    wait_until(lambda: side.read("cat.log") == "before\n", "cat")
    os.rename(side.path("cat.log"), side.path("cat.old"))
    os.rename(side.path("s.log"), side.path("s.old"))
    daemon.send(signal.SIGUSR2)
    wait_until(lambda: os.path.exists(side.path("s.log")) and os.path.exists(side.path("cat.log")), "new logs")
    daemon.rpc.supervisor.sendProcessStdin("cat", "after\n")
    wait_until(lambda: side.read("cat.log") == "after\n", "cat's new log")
    return {"old": _lines(side, "s.old"), "old of cat": side.read("cat.old"), "new of cat": side.read("cat.log")}


@both
def foreground_prints_its_log(side):
    daemon = side.start(HEAD.replace("silent=true\n", "") + CAT)
    daemon.wait_state("cat", "RUNNING")
    daemon.stop()
    return {"stdout is the log": str(side.read("stdout.txt") == side.read("s.log")), "stderr": side.read("stderr.txt")}


@both
def background(side):
    """The parent leaves when the daemon is up; the daemon has its own session and no terminal (DMN-025..027)."""
    side.write("s.conf", HEAD.replace("nodaemon=true\n", "directory=/tmp\numask=027\n") + CAT)
    seen = {"start": side.run("-c", side.path("s.conf"))}
    wait_until(lambda: side.read("s.pid").strip().isdigit(), "the pidfile")
    pid = int(side.read("s.pid"))
    try:
        seen["session leader"] = str(os.getsid(pid) == pid)
        seen["descriptors"] = " ".join(os.readlink("/proc/%d/fd/%d" % (pid, fd)) for fd in range(3))
        seen["directory"] = os.readlink("/proc/%d/cwd" % pid)
        seen["umask"] = re.search(r"Umask:\s*(\d+)", open("/proc/%d/status" % pid).read()).group(1)
        wait_until(lambda: "RUNNING" in side.ctl("status", "cat"), "cat")
        seen["status"] = side.ctl("status")
    finally:
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not os.path.exists("/proc/%d" % pid), "the end")
    seen["log"] = _lines(side)
    seen["left behind"] = " ".join(sorted(f for f in os.listdir(side.dir) if f in ("s.sock", "s.pid")))
    return seen


@both
def background_that_fails(side):
    """The reason is on the terminal and in the exit status of the command that was typed."""
    blocker = side.start(HEAD.replace("s.log", "first.log").replace("[unix_http_server]\nfile=@DIR@/s.sock\n", "[unix_http_server]\nfile=@DIR@/s.sock\n"))
    side.write("second.conf", HEAD.replace("nodaemon=true\n", "").replace("s.pid", "second.pid"))
    seen = {"start": side.run("-c", side.path("second.conf"))}
    blocker.stop()
    return seen


@both
def unix_socket_file(side):
    daemon = side.start(HEAD.replace("file=@DIR@/s.sock", "file=@DIR@/s.sock\nchmod=0640\nchown=nobody:nogroup"))
    info = os.stat(side.path("s.sock"))
    daemon.stop()
    return {"socket": "%o %d %d" % (stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid)}


@both
def stale_socket(side):
    import socket as sockets
    stale = sockets.socket(sockets.AF_UNIX)
    stale.bind(side.path("s.sock"))
    stale.close()
    daemon = side.start(HEAD)
    daemon.stop()
    return {"stderr": side.mask(side.read("stderr.txt"))}


@both
def runs_without_standard_streams(side):
    side.write("s.conf", HEAD + CAT)
    process = subprocess.Popen(["/bin/sh", "-c", "exec %s -c %s <&- >&- 2>&-" % (side.supervisord, side.path("s.conf"))], cwd=side.dir)
    try:
        wait_until(lambda: "RUNNING" in side.ctl("status", "cat"), "cat")
        seen = {"status": side.ctl("status")}
    finally:
        process.terminate()
        seen["exit"] = str(process.wait(20))
    return seen


@both
def runs_with_ignored_signals(side):
    """nohup-like parents and those that ignore SIGCHLD must not make it deaf."""
    side.write("s.conf", HEAD + CAT + "[program:exits]\ncommand=/bin/sh -c 'sleep 2.5; exit 7'\nautorestart=false\n")
    script = "import os,signal,sys\nfor s in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD): signal.signal(s, signal.SIG_IGN)\nos.execv(sys.argv[1], sys.argv[1:])"
    process = subprocess.Popen(["python3", "-c", script, side.supervisord, "-c", side.path("s.conf")], cwd=side.dir)
    try:
        wait_until(lambda: "EXITED" in side.ctl("status", "exits"), "the exit")
        seen = {"log": "\n".join(l for l in _lines(side).splitlines() if "exits" in l)}
    finally:
        process.terminate()
        seen["exit"] = str(process.wait(20))
    return seen


@both
def drops_privileges(side):
    if os.getuid() != 0:
        from harness import Skip
        raise Skip("needs root")
    os.chmod(side.dir, 0o777)
    daemon = side.start(HEAD.replace("[supervisord]\n", "[supervisord]\nuser=nobody\n") + CAT)
    daemon.wait_state("cat", "RUNNING")
    status = open("/proc/%d/status" % daemon.pid).read()
    child = daemon.rpc.supervisor.getProcessInfo("cat")["pid"]
    child_status = open("/proc/%d/status" % child).read()
    daemon.stop()
    fields = r"(?m)^(Uid|Gid|Groups|CapEff):.*$"
    return {"daemon": "\n".join(m.group(0).strip() for m in re.finditer(fields, status)),
            "child": "\n".join(m.group(0).strip() for m in re.finditer(fields, child_status)),
            "log owner": str(os.stat(side.path("s.log")).st_uid), "log": _lines(side)}


@both
def without_root(side):
    if os.getuid() != 0:
        from harness import Skip
        raise Skip("needs root to become somebody else")
    os.chmod(side.dir, 0o777)
    side.write("s.conf", HEAD + CAT + "[program:other]\ncommand=/bin/cat\nuser=daemon\nstartretries=0\nstderr_logfile=@DIR@/other.err\n"
               "[program:same]\ncommand=/bin/cat\nuser=nobody\nstartsecs=0\n")
    process = subprocess.Popen(["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", side.supervisord, "-c", side.path("s.conf")], cwd=side.dir)
    try:
        wait_until(lambda: "FATAL" in side.ctl("status", "other"), "FATAL")
        seen = {"status": side.ctl("status"), "stderr of other": side.read("other.err"),
                "log of other": "\n".join(l for l in _lines(side).splitlines() if "other" in l)}
    finally:
        process.terminate()
        seen["exit"] = str(process.wait(20))
    return seen


@both
def shutdown_order(side):
    """Group after group in descending priority, each dead before the next (DMN-048..050)."""
    daemon = side.start(HEAD.replace("loglevel=info", "loglevel=debug") + """
[program:first]
command=/bin/sleep 1000
priority=1
startsecs=0
[program:second]
command=/bin/sh -c "trap 'sleep 0.3; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
priority=2
startsecs=0
[program:third]
command=/bin/sleep 1000
priority=3
startsecs=0
""")
    for name in ("first", "second", "third"):
        daemon.wait_state(name, "RUNNING")
    wait_until(lambda: daemon.rpc.supervisor.readProcessStdoutLog("second", 0, 0) == "ready\n", "the trap")
    seen = {"end": _end(side, daemon, signal.SIGTERM)}
    log = _lines(side)
    seen["order"] = "\n".join(l for l in log.splitlines() if re.search(r"killing|stopped:|to die|exit request", l))
    return seen
