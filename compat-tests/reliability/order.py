"""Many clients at once: every answer must have a place in one order of events, and the end must come."""

import os
import random
import signal
import socket
import threading
import time
import xmlrpc.client

from reliability.base import answers, call, connect, gauges, is_ours, launch, ms, supervises, trial, wait_until
from reliability.soak_world import LISTENER

SECTION = "Concurrency"


def linear(history, initial):
    """Whether the answers (began, ended, operation, answer) fit one order in which each took effect between its begin and its end."""
    history = sorted(history)
    ends = [h[1] for h in history]
    seen, stack = set(), [(0, frozenset(), initial)]
    # A state of the search: all before `first` are placed, and of the later ones those in `done`.
    while stack:
        first, done, running = stack.pop()
        while first in done:
            done = done - {first}
            first += 1
        if first == len(history):
            return True
        if (first, done, running) in seen:
            continue
        seen.add((first, done, running))
        limit, at = ends[first], first
        while at < len(history) and history[at][0] <= limit:
            if at not in done:
                limit = min(limit, ends[at])
                for after in effects(history[at][2], history[at][3], running):
                    stack.append((first, done | {at}, after))
            at += 1
    return False


def effects(operation, answer, running):
    """The states that the operation with that answer may have led to; none when it cannot have answered so in this state."""
    if answer == "stopping":
        return (running, True) if not running else (running,)
    wanted = operation == "start"
    if answer is True:
        return (wanted,) if running != wanted else ()
    return (running,) if running == wanted else ()


def states(path, since=0):
    """Per process: what the listener heard, as (from, to)."""
    chains = {}
    with open(path) as f:
        for line in f:
            if line.startswith("PROCESS_STATE"):
                name, _, body = line.split(" ", 2)
                fields = dict(p.split(":", 1) for p in body.split())
                chains.setdefault(fields["processname"], []).append((fields["from_state"], name.rsplit("_", 1)[1]))
    return chains


@trial(SECTION, "clients that start and stop the same programs against each other, eight to a program, for 3 s or 30 s", 24, 200, "clients")
def conflicting(side, clients):
    programs = max(1, clients // 8)
    side.write("listener.py", LISTENER)
    daemon = launch(side, "[program:p]\ncommand=/bin/sleep 1000000\nstartsecs=0\nautostart=false\nnumprocs=%d\nprocess_name=p%%(process_num)d\n"
                          "autorestart=false\n"
                          "[eventlistener:ears]\ncommand=/usr/bin/python3 -S -E @DIR@/listener.py @DIR@/events.txt\nevents=PROCESS_STATE\n"
                          "buffer_size=1000000\nstartsecs=0\n" % programs)
    daemon.wait_state("ears:ears", "RUNNING")
    histories = {i: [] for i in range(programs)}
    wrong = []
    stop = time.monotonic() + (3 if clients < 200 else 30)

    def client(number):
        r = random.Random(number)
        i = number % programs
        name = "p:p%d" % i
        rpc = call(side, 60).supervisor
        while time.monotonic() < stop:
            operation = r.choice(["start", "stop"])
            began = time.monotonic()
            try:
                answer = (rpc.startProcess if operation == "start" else rpc.stopProcess)(name, True)
            except xmlrpc.client.Fault as fault:
                # 40: started while it was still stopping, or stopped by somebody else before it was up.
                answer = {60: False, 70: False, 40: "stopping"}.get(fault.faultCode)
                if answer is None:
                    wrong.append("%s answered fault %d" % (operation, fault.faultCode))
                    return
            except Exception as e:
                wrong.append("%s: %r" % (operation, e))
                return
            histories[i].append((began, time.monotonic(), operation, answer))
            time.sleep(r.random() * 0.01)
    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong, wrong[0]
    total = sum(len(h) for h in histories.values())
    assert not linear([(0, 1, "start", True), (2, 3, "start", True)], False), "the check itself is blind"
    for i, history in histories.items():
        assert linear(history, False), "the answers about p%d fit no order" % i
    supervises(daemon)
    stopped = sum(1 for h in histories.values() for a in h if a[2] == "stop" and a[3] is True)

    def heard():
        return sum(1 for c in states(side.path("events.txt")).values() for a in c if a[1] == "STOPPING") >= stopped
    try:
        wait_until(heard, "the listener", 60)
    except AssertionError:
        # Told below, by program.
        pass
    chains = states(side.path("events.txt"))
    for i, history in histories.items():
        chain = chains.get("p%d" % i, [])
        for a, b in zip(chain, chain[1:]):
            assert a[1] == b[0], "events of p%d: %r after %r" % (i, b, a)
        stops = sum(1 for c in chain if c[1] == "STOPPING")
        answered = sum(1 for h in history if h[2] == "stop" and h[3] is True)
        assert stops == answered, "p%d: %d stops, %d stops answered" % (i, stops, answered)
        starts = sum(1 for c in chain if c[1] == "STARTING")
        answered = sum(1 for h in history if h[2] == "start" and h[3] is True)
        extra = sum(1 for h in history if h[3] == "stopping")
        assert answered <= starts <= answered + extra, "p%d: %d starts, %d starts answered" % (i, starts, answered)
    return "%s answers, all in one order, and as many starts and stops as events" % format(total, ",")


@trial(SECTION, "shutdown in the midst of 50 busy and waiting clients", 3, 50, "times")
def shutdown_ends(side, times):
    longest = 0.0
    for n in range(times):
        daemon = launch(side, "[program:p]\ncommand=/bin/sleep 1000000\nstartsecs=1\nautostart=false\nnumprocs=10\nprocess_name=p%(process_num)d\n")
        stop = threading.Event()

        def client(number):
            while not stop.is_set():
                try:
                    rpc = call(side, 30).supervisor
                    (rpc.startProcess if number % 2 else rpc.stopProcess)("p:p%d" % (number % 10))
                except Exception:
                    time.sleep(0.01)
        threads = [threading.Thread(target=client, args=(i,)) for i in range(50)]
        for t in threads:
            t.start()
        held = [connect(side) for _ in range(20)]
        time.sleep(0.3)
        began = time.monotonic()
        if n % 2:
            daemon.send(signal.SIGTERM)
        else:
            try:
                call(side).supervisor.shutdown()
            except Exception:
                daemon.send(signal.SIGTERM)
        try:
            daemon.process.wait(30)
        except Exception:
            raise AssertionError("does not end within 30 s")
        finally:
            stop.set()
            for t in threads:
                t.join()
        longest = max(longest, time.monotonic() - began)
        assert daemon.process.returncode == 0, "status %d" % daemon.process.returncode
        assert not os.path.exists(side.path("s.sock")) and not os.path.exists(side.path("s.pid")), "left its socket or pid file"
        for s in held:
            s.close()
    return "ends in order every time, within %s" % ms(longest)
