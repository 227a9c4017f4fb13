#!/usr/bin/env python3
"""From kill -9 of a program to its successor while clients do their worst: median, 99th percentile and the longest of many.

    flood.py [--candidate DIR] [--rounds N] [--attack NAME]

The programs must come back within 20 ms whatever the clients do. Clients would be elsewhere; here they are processes of the lowest priority. On a
busy machine "nothing" shows what the machine itself does to the figures. So they are given twice: as they are, and without the time in which the
daemon's two threads of supervision, ready to run, waited for a processor (the kernel counts that); the second is what the limit holds for.
"""

import argparse
import base64
import multiprocessing
import os
import socket
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "compat-tests"))
import recorded.documents  # noqa: E402
from cases._conf import HEAD  # noqa: E402
from harness import Side, wait_until  # noqa: E402
from recorded import call, get, post, text  # noqa: E402

LIMIT = 20.0


def _rank(pid, nice):
    """Among the sessions of the machine, where the kernel groups by session, and among processes."""
    try:
        with open("/proc/%d/autogroup" % pid, "w") as f:
            f.write(str(nice))
    except OSError:
        pass
    try:
        os.setpriority(os.PRIO_PROCESS, pid, nice)
    except OSError:
        pass


def _client(attack, *arguments):
    os.setsid()
    _rank(os.getpid(), 19)
    attack(*arguments)


def _connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def _repeat(port, *requests):
    """New connections without end, each with one request."""
    while True:
        for request in requests:
            try:
                with _connect(port) as s:
                    s.sendall(request)
                    s.settimeout(5)
                    while s.recv(65536):
                        pass
            except OSError:
                pass


def _pipelined(port, request):
    while True:
        try:
            with _connect(port) as s:
                for _ in range(200):
                    s.sendall(request * 50)
                    s.recv(1000000)
        except OSError:
            pass


def _idle(port, beginning, number):
    """Connections that are opened, begun and left alone, renewed when they are closed."""
    held = []
    while True:
        try:
            s = _connect(port)
            s.sendall(beginning)
            held.append(s)
            if len(held) >= number:
                held.pop(0).close()
        except OSError:
            time.sleep(0.05)


def _slow_readers(port, request, number):
    held = []
    for _ in range(number):
        try:
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect(("127.0.0.1", port))
            s.sendall(request)
            held.append(s)
        except OSError:
            pass
    while True:
        time.sleep(1)


COOKIES = b"".join(b"Cookie%02d: %s\r\n" % (i, b"c" * 88) for i in range(40))
CLOSE = b"Connection: close\r\n"
MULTICALL = call(b"system.multicall", b"<array><data>" + b"<value><struct><member><name>methodName</name><value>supervisor.getAllProcessInfo</value></member></struct></value>" * 50 + b"</data></array>")

ATTACKS = {
    "nothing": [],
    "connections": [(_repeat, get(b"/ok.html", headers=CLOSE))] * 4,
    "getState, pipelined": [(_pipelined, call(b"supervisor.getState"))] * 3,
    "pages": [(_repeat, get(b"/", headers=CLOSE))] * 4,
    "malformed": [(_repeat, post(b"<a>" * 5000, headers=CLOSE), b"nonsense\r\n\r\n", post(b"\xff" * 10000, headers=CLOSE))] * 4,
    "elements, 16 MB": [(_repeat, post(b"<a>" + b"<b/>" * 4000000 + b"</a>", headers=CLOSE))] * 3,
    "one text, 16 MB": [(_repeat, post(b"<methodCall><methodName>a.b</methodName><params><param><value>" + b"x" * 16000000 + b"</value></param></params></methodCall>", headers=CLOSE))] * 3,
    "bodies, 60 MB": [(_repeat, post(b"x" * 60000000, headers=CLOSE))] * 3,
    "100,000 deep": [(_repeat, post(b"<a>" * 100000, headers=CLOSE))] * 3,
    "bombs": [(_repeat, post(recorded.documents.BOMB + b"<a>&lol9;</a>", headers=CLOSE))] * 3,
    "multicall": [(_repeat, MULTICALL.replace(b"Host: localhost\r\n", b"Host: localhost\r\n" + CLOSE))] * 3,
    "logins": [(_repeat, b"GET / HTTP/1.1\r\nConnection: close\r\nAuthorization: Basic " + base64.b64encode(b"user:wrong") + b"\r\n\r\n")] * 4,
    "idle, 5,000": [(_idle, b"", 2500)] * 2,
    "slow heads, 5,000": [(_idle, b"GET / HT", 2500)] * 2,
    "asked and idle, 5,000": [(_idle, get(b"/ok.html", headers=COOKIES), 2500)] * 2,
    "slow long heads, 5,000": [(_idle, get(b"/ok.html", headers=COOKIES * 5)[:-4], 2500)] * 2,
    "slow small bodies, 5,000": [(_idle, b"POST /RPC2 HTTP/1.1\r\n" + COOKIES + b"Content-Length: 16000\r\n\r\nx", 2500)] * 2,
    "slow bodies, 1,000": [(_idle, b"POST /RPC2 HTTP/1.1\r\nContent-Length: 16000000\r\n\r\n" + b"x" * 60000, 500)] * 2,
    "slow readers": [(_slow_readers, call(b"supervisor.readLog", b"<int>0</int>", b"<int>0</int>"), 100), (_slow_readers, get(b"/mainlogtail"), 100)],
    "slow readers of listings": [(_slow_readers, call(b"supervisor.getAllProcessInfo") * 400, 500)] * 2,
    "starts that fail": [(_repeat, call(b"supervisor.startProcess", text(b"bad")))] * 3,
}

HASHED = "{PBKDF2-SHA256}200000$c2FsdHNhbHRzYWx0c2FsdA==$" + base64.b64encode(b"x" * 32).decode()


def measure(name, bindir, rounds):
    side = Side("candidate", bindir, bindir, "/usr/bin")
    clients = []
    try:
        head = HEAD.replace("[supervisord]\n", "[supervisord]\nlogfile_maxbytes=0\n")
        if name == "logins":
            head = head.replace("port=127.0.0.1:@PORT@", "port=127.0.0.1:@PORT@\nusername=user\npassword=" + HASHED)
        programs = "".join("[program:p%d]\ncommand=/bin/sleep 1000\nautorestart=true\nstdout_logfile=NONE\nstderr_logfile=NONE\n" % i for i in range(20))
        daemon = side.start(head + programs + "[program:bad]\ncommand=/no/such/file\nautostart=false\n")
        for task in os.listdir("/proc/%d/task" % daemon.pid):
            _rank(int(task), -15)
        _rank(os.getpid(), -15)
        for i in range(20):
            daemon.wait_state("p%d" % i, "RUNNING")
        if name == "slow readers":
            with open(side.path("s.log"), "a") as log:
                log.write("x" * 999 + "\n" * 20000)
        pids = {}
        for info in daemon.rpc.supervisor.getAllProcessInfo():
            if info["pid"]:
                pids[info["name"]] = info["pid"]
        clients = [multiprocessing.Process(target=_client, args=(a[0], side.port, *a[1:]), daemon=True) for a in ATTACKS[name]]
        for client in clients:
            client.start()
        time.sleep(3 if clients else 1.5)
        times, own, peak = [], [], 0
        supervision = _supervision(daemon.pid)
        for round_number in range(rounds):
            victim = "p%d" % (round_number % 20)
            waited = _waited(supervision)
            times.append(_respawn(daemon.pid, pids, victim))
            own.append(max(0.0, times[-1] - (_waited(supervision) - waited)))
            with open("/proc/%d/status" % daemon.pid) as f:
                peak = max(peak, next(int(line.split()[1]) for line in f if line.startswith("VmRSS")))
            time.sleep(0.075)
        for client in clients:
            client.terminate()
            client.join()
        wait_until(lambda: daemon.rpc.supervisor.getState()["statename"] == "RUNNING", "an answer after the attack")
        times.sort()
        own.sort()
        print("%-20s as it is: median %6.2f, longest %7.2f ms   the daemon's own: median %6.2f, 95%% %6.2f, longest %6.2f ms   resident up to %5.1f MB" % (
            name, statistics.median(times), times[-1], statistics.median(own), own[int(len(own) * 0.95) - 1], own[-1], peak / 1024), flush=True)
        return own[-1]
    finally:
        for client in clients:
            if client.is_alive():
                client.terminate()
        side.close(False)


def _supervision(pid):
    """The kernel's accounts of the loop and the child waiter, and of ourselves."""
    accounts = ["/proc/self/schedstat"]
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/comm" % (pid, task)) as f:
            # The loop runs on the main thread.
            if int(task) == pid or f.read().strip() == "child waiter":
                accounts.append("/proc/%d/task/%s/schedstat" % (pid, task))
    assert len(accounts) == 3, accounts
    return accounts


def _waited(accounts):
    """Milliseconds in which they could have run and had no processor."""
    total = 0
    for account in accounts:
        with open(account) as f:
            total += int(f.read().split()[1])
    return total / 1e6


def _children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        own = set(map(int, f.read().split()))
    for task in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/children" % (pid, task)) as f:
                own |= set(map(int, f.read().split()))
        except OSError:
            pass
    return own


def _respawn(daemon, pids, victim):
    """Asks nobody: the children of the daemon are what the kernel says."""
    before = _children(daemon)
    began = time.perf_counter()
    os.kill(pids[victim], 9)
    while True:
        new = _children(daemon) - before
        if new:
            took = (time.perf_counter() - began) * 1000
            pids[victim] = new.pop()
            return took
        # Not in a tight loop: that would take the processor from what is measured.
        time.sleep(0.0002)
        if time.perf_counter() - began > 30:
            raise AssertionError(victim + " did not come back")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default="out")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--attack", action="append", choices=list(ATTACKS))
    options = parser.parse_args()
    worst = max([measure(name, os.path.abspath(options.candidate), options.rounds) for name in options.attack or ATTACKS])
    print("longest of all %.2f ms, allowed %.0f ms" % (worst, LIMIT))
    return 1 if worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
