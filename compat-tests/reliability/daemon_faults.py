"""What happens to the daemon itself."""

import fcntl
import os
import signal
import socket
import subprocess
import termios
import threading
import time

from reliability.base import CONF, Daemon, Skip, answers, call, connect, gauges, is_ours, launch, logged, ms, supervises, trial, wait_until

SECTION = "The daemon"


def _alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@trial(SECTION, "SIGKILL of the daemon, then started again: left-over socket, pid file and programs", 2, 20, "times")
def killed(side, times):
    daemon = launch(side)
    for _ in range(times):
        orphan = call(side).supervisor.getProcessInfo("canary")["pid"]
        daemon.process.kill()
        daemon.process.wait()
        try:
            assert os.path.exists(side.path("s.sock")) and os.path.exists(side.path("s.pid"))
            daemon = Daemon(side, ["-s", "-c", side.path("s.conf")])
            side.daemons.append(daemon)
            daemon.wait_ready()
            daemon.wait_state("canary", "RUNNING")
            supervises(daemon)
            survives = _alive(orphan)
            if survives and is_ours(side):
                logged(daemon, "pid %d was started as 'canary:canary' by a supervisord that was killed" % orphan)
            assert side.read("s.pid").strip() == str(daemon.pid)
        finally:
            if _alive(orphan):
                os.kill(orphan, signal.SIGKILL)
    told = "was killed" in daemon.log()
    return "starts; the programs left over are %s" % ("named in the log" if told else "not mentioned, and run twice")


@trial(SECTION, "eight daemons started at once on one socket, a stale one lying there", 2, 20, "times")
def many_starts(side, times):
    side.write("s.conf", CONF)
    for _ in range(times):
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(side.path("s.sock"))
        stale.close()
        # Started directly: each has a log and pid file of its own, the socket is what they quarrel about.
        daemons = []
        for i in range(8):
            daemons.append(subprocess.Popen([side.supervisord, "-s", "-n", "-c", side.path("s.conf"), "-l", side.path("l%d" % i), "-j", side.path("p%d" % i)],
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=side.dir, start_new_session=True))
        try:
            wait_until(lambda: sum(d.poll() is None for d in daemons) <= 1, "all but one to give up", 10)
        except AssertionError:
            raise AssertionError("%d of 8 daemons run on one socket" % sum(d.poll() is None for d in daemons))
        finally:
            left = [d for d in daemons if d.poll() is None]
            answer = None
            try:
                answer = call(side).supervisor.getPID()
            except Exception:
                pass
            for d in left:
                d.terminate()
            for d in daemons:
                d.wait(30)
        assert len(left) == 1, "none of 8 daemons runs"
        assert answer == left[0].pid, "the one that runs cannot be reached"
        try:
            os.unlink(side.path("s.sock"))
        except FileNotFoundError:
            pass
    return "one runs, the others are refused"


@trial(SECTION, "SIGSTOP of the daemon while its programs die, then SIGCONT", 2, 20, "times")
def stopped_and_continued(side, times):
    daemon = launch(side, "".join("[program:p%d]\ncommand=/bin/sleep 1000000\nstartsecs=0\n" % i for i in range(10)))
    rpc = call(side).supervisor
    for _ in range(times):
        wait_until(lambda: all(p["statename"] == "RUNNING" for p in rpc.getAllProcessInfo()), "all to run")
        old = {p["name"]: p["pid"] for p in rpc.getAllProcessInfo()}
        daemon.send(signal.SIGSTOP)
        for pid in old.values():
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        daemon.send(signal.SIGCONT)
        wait_until(lambda: all(p["statename"] == "RUNNING" and p["pid"] != old[p["name"]] for p in call(side).supervisor.getAllProcessInfo()),
                   "all to be started again")
        assert gauges.children(daemon.pid)[1] == 0, "zombies"
    supervises(daemon)
    return "every death is seen and answered"


@trial(SECTION, "monotonic clock a day ahead (time namespace); wall clock: see the unit tests", 1, 1, "times")
def clock(side, times):
    if os.geteuid() or subprocess.run(["unshare", "--time", "--monotonic", "86400", "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("no time namespaces")
    side.write("s.conf", CONF)
    wrapped = Daemon.__new__(Daemon)
    wrapped.side, wrapped.out, wrapped.err = side, open(side.path("stdout.txt"), "ab"), open(side.path("stderr.txt"), "ab")
    wrapped.process = subprocess.Popen(["unshare", "--time", "--monotonic", "86400", "--boottime", "86400", side.supervisord, "-s", "-c", side.path("s.conf")],
                                       stdin=subprocess.DEVNULL, stdout=wrapped.out, stderr=wrapped.err, cwd=side.dir, start_new_session=True)
    wrapped.rpc = call(side)
    side.daemons.append(wrapped)
    wrapped.wait_ready()
    supervises(wrapped)
    return "runs"


@trial(SECTION, "the terminal of the foreground daemon hangs up", 1, 5, "times")
def hang_up(side, times):
    for _ in range(times):
        master, slave = os.openpty()

        def lead():
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        side.write("s.conf", CONF)
        daemon = Daemon.__new__(Daemon)
        daemon.side, daemon.out, daemon.err = side, open(side.path("stdout.txt"), "ab"), open(side.path("stderr.txt"), "ab")
        daemon.process = subprocess.Popen([side.supervisord, "-c", side.path("s.conf")], stdin=slave, stdout=slave, stderr=slave, cwd=side.dir,
                                          preexec_fn=lead)
        daemon.rpc = call(side)
        side.daemons.append(daemon)
        os.close(slave)
        daemon.wait_ready()
        os.close(master)
        logged(daemon, "received SIGHUP")
        supervises(daemon)
        daemon.stop()
        os.unlink(side.path("s.log"))
    return "SIGHUP is a restart as documented; runs on without the terminal"


@trial(SECTION, "the last line of the activity log and of a program's log is half written", 1, 1, "times")
def half_logs(side, times):
    for name in ("s.log", "p.log"):
        with open(side.path(name), "wb") as f:
            f.write(b"2026-01-01 00:00:00,000 INFO half a li\xc3")
    daemon = launch(side, "[program:p]\ncommand=/bin/sh -c \"echo hello; exec sleep 1000000\"\nstdout_logfile=@DIR@/p.log\nstartsecs=0\n")
    wait_until(lambda: "hello" in side.read("p.log"), "the output")
    assert "hello" in call(side).supervisor.tailProcessStdoutLog("p", 0, 1000)[0]
    assert call(side).supervisor.readLog(0, 0)
    supervises(daemon)
    return "continued behind it, and readable"


@trial(SECTION, "clients that ask for 1 MB each and read slowly or not at all", 60, 1000, "clients")
def slow_readers(side, clients):
    daemon = launch(side)
    with open(side.path("s.log"), "a") as f:
        f.write("x" * 1_000_000)
    body = "<?xml version='1.0'?><methodCall><methodName>supervisor.readLog</methodName><params><param><value><int>0</int></value></param>" \
           "<param><value><int>0</int></value></param></params></methodCall>"
    request = ("POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)).encode()
    sockets, seen, done = [], [0], threading.Event()

    def look():
        while not done.wait(0.05):
            seen.append(gauges.resident_kib(daemon.pid))
    looker = threading.Thread(target=look)
    looker.start()
    refused = 0
    for _ in range(clients):
        try:
            s = connect(side)
            s.sendall(request)
            sockets.append(s)
        except OSError:
            refused += 1
    end = time.monotonic() + (1 if clients < 1000 else 10)
    longest = 0.0
    while time.monotonic() < end:
        for s in sockets[:10]:
            s.setblocking(False)
            try:
                s.recv(512)
            except OSError:
                pass
        longest = max(longest, answers(daemon, 60))
        time.sleep(0.05)
    done.set()
    looker.join()
    peak = max(seen)
    for s in sockets:
        s.close()
    supervises(daemon)
    assert peak < 1024 * 1024 * 1.5, "%d MiB resident" % (peak // 1024)
    text = "%.0f MiB at most, answers within %s" % (peak / 1024, ms(longest))
    return text + (", %d turned away" % refused if refused else "")
