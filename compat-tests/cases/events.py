"""What listeners receive, byte by byte (EVT)."""

import re
import signal

from harness import both, wait_until
from ._conf import HEAD

# Writes every event it gets to a file, answers OK (or what its argument says).
LISTENER = r'''
import os, sys
out = open(sys.argv[1], "ab", 0)
answer = sys.argv[2] if len(sys.argv) > 2 else "OK"
def line():
    data = b""
    while not data.endswith(b"\n"):
        c = os.read(0, 1)
        if not c:
            sys.exit(0)
        data += c
    return data
while True:
    os.write(1, b"READY\n")
    header = line()
    fields = dict(w.split(":") for w in header.decode().split())
    left = int(fields["len"])
    text = ""
    raw = b""
    while len(text) < left:
        raw += os.read(0, 1)
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            pass
    out.write(header + raw + b"\n--\n")
    if answer == "FAILONCE":
        os.write(1, b"RESULT 4\nFAIL")
        answer = "OK"
    else:
        os.write(1, b"RESULT %d\n%s" % (len(answer), answer.encode()))
'''


def _start(side, conf, listener="events=PROCESS_STATE,PROCESS_GROUP,SUPERVISOR_STATE_CHANGE,REMOTE_COMMUNICATION,PROCESS_LOG,PROCESS_COMMUNICATION",
           answer=""):
    side.write("listener.py", LISTENER)
    return side.start(HEAD + conf + """
[eventlistener:el]
command=python3 @DIR@/listener.py @DIR@/events.txt %s
%s
buffer_size=1000
startsecs=0
stderr_logfile=@DIR@/el.err
""" % (answer, listener))


def _events(side):
    """All but the announcement of the end: whether that still reaches a listener is luck with the reference (and certain with ours)."""
    events = side.read("events.txt").split("\n--\n")
    return side.mask("\n--\n".join(e for e in events if "STATE_CHANGE_STOPPING" not in e))


def _sorted(side):
    """Events of several processes at once have no fixed order, and with it go their serials."""
    text = re.sub(r"(pool)?serial:\d+ ", "", _events(side))
    return "\n".join(sorted(text.split("\n--\n")))


@both
def life_of_a_program(side):
    daemon = _start(side, """
[program:p]
command=/bin/sleep 1000
autostart=false
""")
    daemon.wait_state("el", "RUNNING")
    wait_until(lambda: "SUPERVISOR_STATE_CHANGE_RUNNING" in side.read("events.txt") and "eventname:PROCESS_STATE_RUNNING" in side.read("events.txt"), "the first events")
    daemon.rpc.supervisor.startProcess("p")
    daemon.rpc.supervisor.stopProcess("p")
    daemon.rpc.supervisor.sendRemoteCommEvent("a type", "w\u00f6rld \U0001f600\nsecond line")
    daemon.rpc.supervisor.removeProcessGroup("p")
    daemon.rpc.supervisor.addProcessGroup("p")
    wait_until(lambda: side.read("events.txt").count("PROCESS_GROUP_ADDED") == 3, "the last event")
    daemon.stop()
    return {"events": _events(side)}


@both
def crashes(side):
    daemon = _start(side, """
[program:exits]
command=/bin/sh -c "sleep 2.5; exit 3"
autorestart=false
""")
    daemon.wait_state("exits", "EXITED")
    wait_until(lambda: "PROCESS_STATE_EXITED" in side.read("events.txt"), "the event")
    return {"events": _sorted(side)}


@both
def fatal(side):
    daemon = _start(side, """
[program:quick]
command=/bin/false
startretries=2
startsecs=5
""")
    daemon.wait_state("quick", "FATAL")
    wait_until(lambda: "PROCESS_STATE_FATAL" in side.read("events.txt"), "the event")
    return {"events": _sorted(side)}


@both
def output(side):
    daemon = _start(side, """
[program:talk]
command=/bin/cat
stdout_events_enabled=true
stdout_capture_maxbytes=1MB
startsecs=0
""")
    daemon.wait_state("talk", "RUNNING")
    for number, text in enumerate(["a line that is longer than any token\n", "w\u00f6rld \u65e5\u672c and something more\n",
                 "<!--XSUPERVISOR:BEGIN-->captured \u00e9 data<!--XSUPERVISOR:END-->and what follows after it\n"]):
        daemon.rpc.supervisor.sendProcessStdin("talk", text)
        wait_until(lambda: side.read("events.txt").count("PROCESS_LOG_STDOUT") > number, text)
    wait_until(lambda: "and what follows" in side.read("events.txt"), "the last event")
    return {"events": "\n--\n".join(e for e in _events(side).split("\n--\n") if "PROCESS_LOG" in e or "PROCESS_COMM" in e)}


@both
def rejected_events_come_again(side):
    daemon = _start(side, "", "events=REMOTE_COMMUNICATION", "FAILONCE")
    daemon.wait_state("el", "RUNNING")
    daemon.rpc.supervisor.sendRemoteCommEvent("t", "first")
    wait_until(lambda: side.read("events.txt").count("first") == 2, "the event, twice")
    return {"events": _events(side), "log": "\n".join(l for l in side.mask(side.read("s.log")).splitlines() if "event" in l)}


@both
def wrong_answers(side):
    seen = {}
    daemon = _start(side, "", "events=REMOTE_COMMUNICATION")
    daemon.wait_state("el", "RUNNING")
    daemon.rpc.supervisor.sendRemoteCommEvent("t", "x")
    wait_until(lambda: "x" in side.read("events.txt"), "the event")
    daemon.stop()
    for title, script in (("no token", "echo nonsense-instead-of-ready; sleep 1000"),
                          ("bad length", "printf 'READY\\n'; read x; printf 'RESULT x\\n'; sleep 1000"),
                          ("talks while ready", "printf 'READY\\n'; sleep 0.2; printf 'more'; sleep 1000")):
        side.write("bad.sh", script)
        side.write("s.log", "")
        daemon = side.start(HEAD + "[eventlistener:bad]\ncommand=/bin/sh @DIR@/bad.sh\nevents=REMOTE_COMMUNICATION\nstartsecs=0\n")
        daemon.wait_state("bad", "RUNNING")
        if "ready" not in title:
            daemon.rpc.supervisor.sendRemoteCommEvent("t", "x\n")
        wait_until(lambda: "UNKNOWN state" in side.read("s.log"), title)
        daemon.stop()
        seen[title] = "\n".join(l for l in side.mask(side.read("s.log")).splitlines() if "bad" in l and "WARN" in l and "stopped" not in l)
    return seen


@both
def overlapping_subscriptions(side):
    daemon = _start(side, "", "events=REMOTE_COMMUNICATION,EVENT")
    daemon.wait_state("el", "RUNNING")
    daemon.rpc.supervisor.sendRemoteCommEvent("t", "twice")
    wait_until(lambda: side.read("events.txt").count("twice") == 2, "the event, twice")
    return {"events": "\n".join(re.findall(r"eventname:(?:REMOTE\S+|SUPER\S+RUNNING) len:\d+", _events(side)))}


@both
def full_buffer(side):
    side.write("deaf.sh", "sleep 1000")
    daemon = side.start(HEAD + "[eventlistener:deaf]\ncommand=/bin/sh @DIR@/deaf.sh\nevents=REMOTE_COMMUNICATION\nbuffer_size=2\nstartsecs=0\n")
    daemon.wait_state("deaf", "RUNNING")
    for i in range(4):
        daemon.rpc.supervisor.sendRemoteCommEvent("t", str(i))
    wait_until(lambda: side.read("s.log").count("overflowed") == 2, "the overflow")
    return {"log": "\n".join(l for l in side.mask(side.read("s.log")).splitlines() if "overflow" in l)}


@both
def ticks(side):
    daemon = _start(side, "", "events=TICK_5")
    wait_until(lambda: "TICK_5" in side.read("events.txt"), "a tick", 30)
    text = side.read("events.txt").split("\n--\n")[0]
    when = int(re.search(r"when:(\d+)", text).group(1))
    daemon.stop()
    return {"tick": re.sub(r"when:\d+", "when:<N>", side.mask(text)), "begins a period": str(when % 5)}


@both
def restart_keeps_serials(side):
    daemon = _start(side, "", "events=SUPERVISOR_STATE_CHANGE,REMOTE_COMMUNICATION")
    daemon.wait_state("el", "RUNNING")
    daemon.rpc.supervisor.sendRemoteCommEvent("t", "one")
    wait_until(lambda: "one" in side.read("events.txt"), "the event")
    daemon.send(signal.SIGHUP)
    wait_until(lambda: side.read("events.txt").count("STATE_CHANGE_RUNNING") == 2, "the second life")
    return {"events": _events(side)}
