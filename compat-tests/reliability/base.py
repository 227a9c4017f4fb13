"""What all trials share: a configuration with a canary in it, and the question whether the daemon is still up to its job."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import xmlrpc.client

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from harness import Daemon, Side, Skip, free_port, wait_until  # noqa: E402,F401
from harness.daemon import _UnixTransport  # noqa: E402
from reliability import gauges  # noqa: E402,F401

CONF = """[supervisord]
logfile=@DIR@/s.log
pidfile=@DIR@/s.pid
childlogdir=@DIR@
nodaemon=true
minfds=64
minprocs=10
[unix_http_server]
file=@DIR@/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[program:canary]
command=/bin/sleep 1000000
startsecs=0
autorestart=true
"""

TRIALS = []


def trial(section, fault, short, long, unit):
    """A trial is a function of a side and an amount: it returns what happened, and raises AssertionError when that is not to be borne."""
    def register(function):
        TRIALS.append((section, fault, function, short, long, unit))
        return function
    return register


def call(side, timeout=20.0):
    """A client of its own connection."""
    return call_at(side.path("s.sock"), timeout)


def call_at(path, timeout):
    transport = _UnixTransport(path)
    make = transport.make_connection

    def limited(host):
        connection = make(host)
        connection.timeout = timeout
        return connection
    transport.make_connection = limited
    return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)


def launch(side, extra="", args=("-s",), wait=True, **options):
    side.write("s.conf", CONF + extra)
    daemon = Daemon(side, [*args, "-c", side.path("s.conf")], **options)
    side.daemons.append(daemon)
    if wait:
        daemon.wait_ready()
        daemon.wait_state("canary", "RUNNING")
    return daemon


def end_of(daemon):
    lines = daemon.side.read("stderr.txt").strip().splitlines() or [""]
    return "the daemon is dead, status %s: %s" % (daemon.process.returncode, lines[-1][:120])


def answers(daemon, within=20.0):
    """Seconds to an answer; AssertionError when the daemon is dead or deaf."""
    assert daemon.process.poll() is None, end_of(daemon)
    began = time.monotonic()
    end = began + within
    while True:
        try:
            call(daemon.side, max(0.1, end - time.monotonic())).supervisor.getState()
            return time.monotonic() - began
        except (OSError, http.client.HTTPException, xmlrpc.client.Error) as e:
            assert daemon.process.poll() is None, end_of(daemon)
            assert time.monotonic() < end, "the daemon is deaf for %d s (%s)" % (within, e)
            time.sleep(0.1)


def supervises(daemon, within=30.0, age=0):
    """Seconds from the end of the canary to its successor. Ours starts a program once a second at most: age is how old it must be, in whole seconds."""
    answers(daemon, within)
    rpc = call(daemon.side).supervisor

    def old_enough():
        info = rpc.getProcessInfo("canary")
        return info["pid"] if info["now"] - info["start"] > age - 1 else 0
    old = wait_until(old_enough, "the canary to run", within)
    began = time.monotonic()
    os.kill(old, signal.SIGKILL)
    end = began + within
    while True:
        pid = rpc.getProcessInfo("canary")["pid"]
        if pid not in (0, old):
            return time.monotonic() - began
        assert time.monotonic() < end, "a killed program was not started again within %d s" % within
        time.sleep(0.001)


def held(daemon):
    return gauges.descriptors(daemon.pid)


def returns_to(daemon, before, what="descriptors"):
    def same():
        return held(daemon) <= before
    try:
        wait_until(same, what, 20)
    except AssertionError:
        raise AssertionError("leaks: %d descriptors, no more than %d were expected" % (held(daemon), before))


def logged(daemon, text, within=20.0):
    def said():
        assert text in daemon.log() or daemon.process.poll() is None, end_of(daemon)
        return text in daemon.log()
    wait_until(said, "the log to say %r" % text, within)


def connect(side, timeout=20.0):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(timeout)
    end = time.monotonic() + timeout
    while True:
        try:
            s.connect(side.path("s.sock"))
            return s
        except BlockingIOError:
            # The queue is full, and a socket with a time limit does not wait for room in it.
            if time.monotonic() > end:
                raise
            time.sleep(0.002)


def is_ours(side):
    return side.name == "candidate"


def need_root():
    if os.geteuid() != 0:
        raise Skip("needs root")


def ms(seconds):
    return "%d ms" % round(seconds * 1000) if seconds < 1 else "%.1f s" % seconds


def median(values):
    return sorted(values)[len(values) // 2]


def sh(text):
    subprocess.run(["/bin/sh", "-c", text], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
