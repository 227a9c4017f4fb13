"""Listeners as people have them: in Python, sh and node, several in a pool, slow, deaf, dying; and those of the box (EVT)."""

import http.server
import re
import shutil
import threading

from harness import Skip, both, candidate_only, wait_until
from ._conf import HEAD

# With Debian's own module, as superlance and most home-made listeners do.
CHILDUTILS = r'''
import sys
from supervisor import childutils
while True:
    headers, payload = childutils.listener.wait()
    with open(sys.argv[1], "a", encoding="utf-8") as out:
        out.write("%s|%s|%s|%s\n" % (headers["eventname"], headers["poolserial"], headers["len"], payload))
    sys.stderr.write("seen %s\n" % headers["serial"])
    sys.stderr.flush()
    childutils.listener.ok()
'''

SH = r'''
while printf 'READY\n' && read -r header; do
    len=${header##*len:}
    payload=$(dd bs=1 count="$len" 2>/dev/null; printf .)
    printf '%s|%s\n' "$header" "${payload%.}" >> "$1"
    printf 'RESULT 2\nOK'
done
'''

NODE = r'''
const fs = require("fs");
let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", chunk => {
  text += chunk;
  for (;;) {
    const end = text.indexOf("\n");
    if (end < 0) return;
    const header = text.slice(0, end);
    const length = Number(/len:(\d+)/.exec(header)[1]);
    const rest = Array.from(text.slice(end + 1));
    if (rest.length < length) return;
    fs.appendFileSync(process.argv[2], header + "|" + rest.slice(0, length).join("") + "\n");
    text = rest.slice(length).join("");
    process.stdout.write("RESULT 2\nOKREADY\n");
  }
});
process.stdout.write("READY\n");
'''

# Takes one event, then waits for a file before it answers; writes down what it got.
WAITS = r'''
import os, sys, time
out = open(sys.argv[1], "a")
while True:
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    header = sys.stdin.readline()
    if not header:
        break
    fields = dict(w.split(":") for w in header.split())
    out.write("%s %s\n" % (fields["poolserial"], sys.stdin.read(int(fields["len"])).split("\n")[1]))
    out.flush()
    while not os.path.exists(sys.argv[2]):
        time.sleep(0.02)
    sys.stdout.write("RESULT 2\nOK")
    sys.stdout.flush()
'''


def _language(side, command, program):
    if not shutil.which(command.split()[0]):
        raise Skip("no " + command)
    side.write("listener", program)
    daemon = side.start(HEAD + """
[eventlistener:el]
command=%s @DIR@/listener @DIR@/seen.txt
events=REMOTE_COMMUNICATION,PROCESS_GROUP
startsecs=0
stderr_logfile=@DIR@/el.err
[program:later]
command=/bin/cat
autostart=false
""" % command)
    daemon.wait_state("el", "RUNNING")
    for text in ("plain", "w\u00f6rld \u65e5\u672c \U0001f600", "several\nlines\n", ""):
        daemon.rpc.supervisor.sendRemoteCommEvent("some type", text)
    daemon.rpc.supervisor.removeProcessGroup("later")
    wait_until(lambda: "GROUP_REMOVED" in side.read("seen.txt"), "the last event")
    daemon.stop()
    return {"seen": side.mask(side.read("seen.txt")), "stderr": side.read("el.err")}


@both
def listener_in_python(side):
    return _language(side, "/usr/bin/python3", CHILDUTILS)


@both
def listener_in_sh(side):
    return _language(side, "sh", SH)


@both
def listener_in_node(side):
    return _language(side, "node", NODE)


@both
def burst_drops_the_oldest(side):
    """2,000 events at a listener that is busy: the default buffer keeps the last ten (EVT-031, EVT-032)."""
    side.write("waits.py", WAITS)
    daemon = side.start(HEAD + "[eventlistener:el]\ncommand=python3 @DIR@/waits.py @DIR@/seen.txt @DIR@/go\nevents=REMOTE_COMMUNICATION\nstartsecs=0\n")
    daemon.wait_state("el", "RUNNING")
    daemon.rpc.supervisor.sendRemoteCommEvent("t", "first")
    wait_until(lambda: "first" in side.read("seen.txt"), "the first event")
    for number in range(2000):
        daemon.rpc.supervisor.sendRemoteCommEvent("t", str(number))
    side.write("go", "")
    wait_until(lambda: "1999" in side.read("seen.txt"), "the last event")
    daemon.stop()
    return {"seen": side.read("seen.txt"),
            "log": "\n".join(re.sub("^.*? ERR", "ERR", line) for line in side.read("s.log").splitlines() if "overflow" in line)}


@both
def death_while_busy_gives_the_event_back(side):
    side.write("dies.py", WAITS.replace("while not os.path.exists(sys.argv[2]):", """
    if not os.path.exists(sys.argv[2]):
        open(sys.argv[2], "w")
        sys.exit(3)
    while False:"""))
    daemon = side.start(HEAD + "[eventlistener:el]\ncommand=python3 @DIR@/dies.py @DIR@/seen.txt @DIR@/died\nevents=REMOTE_COMMUNICATION\nstartsecs=0\n")
    daemon.wait_state("el", "RUNNING")
    daemon.rpc.supervisor.sendRemoteCommEvent("t", "a")
    daemon.rpc.supervisor.sendRemoteCommEvent("t", "b")
    wait_until(lambda: "b" in side.read("seen.txt"), "both events", 30)
    daemon.stop()
    return {"seen": side.read("seen.txt")}


@both
def pool_of_three(side):
    side.write("waits.py", WAITS)
    side.write("go", "")
    daemon = side.start(HEAD + """
[eventlistener:el]
command=python3 @DIR@/waits.py @DIR@/seen.txt @DIR@/go
process_name=%(program_name)s_%(process_num)s
numprocs=3
buffer_size=100
events=REMOTE_COMMUNICATION
startsecs=0
""")
    daemon.wait_state("el:el_2", "RUNNING")
    for number in range(20):
        daemon.rpc.supervisor.sendRemoteCommEvent("t", str(number))
    wait_until(lambda: side.read("seen.txt").count("\n") == 20, "all events")
    return {"seen": "\n".join(sorted(side.read("seen.txt").splitlines()))}


@both
def stopped_listener_takes_its_events_along(side):
    """What came while a pool's only listener was stopped waits for its next life."""
    side.write("waits.py", WAITS)
    side.write("go", "")
    daemon = side.start(HEAD + "[eventlistener:el]\ncommand=python3 @DIR@/waits.py @DIR@/seen.txt @DIR@/go\nevents=REMOTE_COMMUNICATION\nstartsecs=0\n")
    daemon.wait_state("el", "RUNNING")
    daemon.rpc.supervisor.stopProcess("el")
    for text in ("a", "b"):
        daemon.rpc.supervisor.sendRemoteCommEvent("t", text)
    daemon.rpc.supervisor.startProcess("el")
    wait_until(lambda: "b" in side.read("seen.txt"), "the events")
    return {"seen": side.read("seen.txt")}


@both
def undecodable_output_and_split_tokens(side):
    """Tokens of a captured message arrive in pieces; output that is no text has its own payload (EVT-005, EVT-067)."""
    side.write("pieces.py", r'''
import os, time
def say(data):
    os.write(1, data)
    time.sleep(0.3)
say(b"before<!--XSUPERV")
say(b"ISOR:BEGIN-->da\xff\xfeta<!--XSUPERVISOR:E")
say(b"ND-->")
say(b"after this \xff\xfe one, long enough for the look-ahead of any token")
time.sleep(1000)
''')
    side.write("listener", CHILDUTILS)
    daemon = side.start(HEAD + """
[eventlistener:el]
command=/usr/bin/python3 @DIR@/listener @DIR@/seen.txt
events=PROCESS_COMMUNICATION,PROCESS_LOG
startsecs=0
priority=1
[program:talk]
command=python3 @DIR@/pieces.py
stdout_capture_maxbytes=1MB
stdout_events_enabled=true
autostart=false
""")
    daemon.wait_state("el", "RUNNING")
    daemon.rpc.supervisor.startProcess("talk")
    wait_until(lambda: "look-ahead" in side.read("seen.txt"), "the last event")
    return {"seen": "\n".join(line for line in side.mask(side.read("seen.txt")).splitlines() if "LOG" not in line or "any token" in line)}


@candidate_only
def deaf_and_slow_listeners_delay_nothing(side):
    """A listener that never reads and one that reads a byte a second, under a flood: memory stays, the rest goes on."""
    side.write("deaf.py", "import os, time\nos.write(1, b'READY\\n')\ntime.sleep(1000)\n")
    side.write("slow.py", "import os, time\nos.write(1, b'READY\\n')\nwhile True:\n    os.read(0, 1)\n    time.sleep(1)\n")
    side.write("flood.py", "import os\nwhile True:\n    os.write(1, b'x' * 3999 + b'\\n')\n")
    daemon = side.start(HEAD + "".join("""
[eventlistener:%s]
command=python3 @DIR@/%s.py
events=EVENT
startsecs=0
""" % (name, name) for name in ("deaf", "slow")) + """
[program:flood]
command=python3 @DIR@/flood.py
stdout_events_enabled=true
stdout_logfile=NONE
autostart=false
[program:quick]
command=/bin/sleep 1000
startsecs=0
""")
    def resident():
        with open("/proc/%d/status" % daemon.pid) as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))
    daemon.wait_state("quick", "RUNNING")
    daemon.rpc.supervisor.startProcess("flood")
    wait_until(lambda: side.read("s.log").count("overflowed") > 1000, "an overflow")
    before = resident()
    for _ in range(50):
        daemon.rpc.supervisor.stopProcess("quick")
        daemon.rpc.supervisor.startProcess("quick")
    wait_until(lambda: side.read("s.log").count("overflowed") > 5000, "more of it", 60)
    grown = resident() - before
    assert grown < 8 * 1024, "%d KB more" % grown


class _Site:
    """A web site on loopback whose answer the test sets."""

    def __init__(self):
        site = self
        self.status = 200

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(site.status)
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"hello")

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d/health" % self.server.server_address[1]


@both
def crashmail_and_fatalmailbatch(side):
    side.write("mailer", "#!/bin/sh\n{ cat; echo; echo ==; } >> @DIR@/$1\n", 0o755)
    daemon = side.start(HEAD + """
[eventlistener:crashmail]
command=%(bin)s/crashmail -p crash -o host7 -s "@DIR@/mailer crash.txt" -m ops@example.org
events=PROCESS_STATE_EXITED
[eventlistener:fatalmailbatch]
command=%(bin)s/fatalmailbatch -t ops@example.org -f me@example.org -i 0.05 -e TICK_5 -S "@DIR@/mailer fatal.txt"
events=PROCESS_STATE_FATAL,TICK_5
[program:crash]
command=/bin/sh -c "sleep 0.3; exit 7"
startsecs=0
autorestart=false
autostart=false
[program:hopeless]
command=/bin/sh -c "sleep 0.3; exit 1"
startsecs=5
startretries=0
autostart=false
""".replace("%(bin)s", side.candidate))
    for listener in ("crashmail", "fatalmailbatch"):
        daemon.wait_state(listener, "RUNNING")
    daemon.rpc.supervisor.startProcess("crash", False)
    daemon.rpc.supervisor.startProcess("hopeless", False)
    wait_until(lambda: "==" in side.read("crash.txt") and "==" in side.read("fatal.txt"), "both mails", 30)
    daemon.stop()
    return {name: side.mask(side.read(name)) for name in ("crash.txt", "fatal.txt")}


@both
def httpok_and_memmon(side):
    site = _Site()
    side.write("mailer", "#!/bin/sh\n{ cat; echo; echo ==; } >> @DIR@/$1\n", 0o755)
    daemon = side.start(HEAD + """
[eventlistener:httpok]
command=%(bin)s/httpok -p web -t 5 -b hello -s "@DIR@/mailer http.txt" -m ops@example.org %(url)s
events=TICK_5
[eventlistener:memmon]
command=%(bin)s/supervisor-listeners memmon -c -p big=1KB -s "@DIR@/mailer mem.txt" -m ops@example.org -n host7
events=TICK_5
[program:web]
command=/bin/sleep 1000
[program:big]
command=/bin/sh -c "sleep 1000 & wait"
stopasgroup=true
""".replace("%(bin)s", side.candidate).replace("%(url)s", site.url))
    for name in ("httpok", "memmon", "web", "big"):
        daemon.wait_state(name, "RUNNING")
    web, big = (daemon.rpc.supervisor.getProcessInfo(n)["pid"] for n in ("web", "big"))
    wait_until(lambda: "==" in side.read("mem.txt"), "memmon's mail", 30)
    assert side.read("http.txt") == "<no such file>", "httpok acted on a right answer"
    site.status = 503
    wait_until(lambda: "==" in side.read("http.txt"), "httpok's mail", 30)
    for name, pid in (("web", web), ("big", big)):
        wait_until(lambda: daemon.rpc.supervisor.getProcessInfo(name)["pid"] not in (0, pid), "another %s" % name)
    daemon.stop()
    site.server.shutdown()
    return {name: re.sub(r"\d+ bytes", "<N> bytes", side.mask(side.read(name)).split("==")[0]).replace(site.url, "<URL>") for name in ("http.txt", "mem.txt")}
