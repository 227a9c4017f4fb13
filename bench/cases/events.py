import os
import time

from lab import native
from lab.daemon import running, wait_until
from lab.registry import Figure, case

COUNT = 5000
PYTHON = """
import sys
seen = 0
while True:
    sys.stdout.write("READY\\n")
    sys.stdout.flush()
    header = dict(pair.split(":", 1) for pair in sys.stdin.readline().split())
    sys.stdin.read(int(header["len"]))
    seen += 1
    if seen == int(sys.argv[1]):
        open(sys.argv[2], "w").close()
    sys.stdout.write("RESULT 2\\nOK")
    sys.stdout.flush()
"""
LISTENER = "[eventlistener:l]\ncommand={command} {count} @DIR@/done\nevents=REMOTE_COMMUNICATION\nbuffer_size=100000\n"


def per_second(side, command, prepare=None):
    with running(side, LISTENER.format(command=command, count=COUNT) + "autostart=false\n") as daemon:
        if prepare:
            prepare(daemon)
        daemon.rpc.supervisor.startProcess("l")
        calls = [{"methodName": "supervisor.sendRemoteCommEvent", "params": ["bench", "x" * 64]}] * 100
        began = time.perf_counter()
        for _ in range(COUNT // 100):
            daemon.rpc.system.multicall(calls)
        wait_until(lambda: os.path.exists(daemon.path("done")), "the last event", pause=0.001)
        return COUNT / (time.perf_counter() - began)


def write_listener(daemon):
    with open(daemon.path("listener.py"), "w") as f:
        f.write(PYTHON)


@case("events", Figure("events", "events through a listener in Python", "events/s", 1.5, rate=True),
      Figure("events_c", "events through a listener in C", "events/s", rate=True))
def events(side):
    return {"events": per_second(side, "/usr/bin/python3 @DIR@/listener.py", write_listener),
            "events_c": per_second(side, native.build("listener"))}
