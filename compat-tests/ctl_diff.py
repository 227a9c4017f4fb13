#!/usr/bin/env python3
"""Plays the same command lines with two supervisorctls against two supervisords and compares everything they say, all four ways.

Environment:
  SUPERVISORCTL      the client under test (required)
  SUPERVISORD        the server under test; without it only the reference server takes part
  REFERENCE          folder of the reference's supervisord and supervisorctl, default /usr/bin
Arguments: texts; only cases whose title contains one of them are played. -v shows every case.

With each server a case is played twice, first with the reference and then with the client under test, each time after the same
preparation, so that all meet the same state. Folders, ports, times, pids, and the file and line of a Python traceback are masked.
Exit status 1 when something differs.
"""

import concurrent.futures
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from harness import free_port

OURS = os.environ.get("SUPERVISORCTL")
REF = os.path.join(os.environ.get("REFERENCE", "/usr/bin"), "supervisorctl")
DAEMONS = [("reference server", os.path.join(os.environ.get("REFERENCE", "/usr/bin"), "supervisord"))]
if os.environ.get("SUPERVISORD"):
    DAEMONS.append(("server under test", os.environ["SUPERVISORD"]))

CONFIG = """
[unix_http_server]
file={dir}/s.sock
[inet_http_server]
port=127.0.0.1:{port}
username=user
password=pass
[supervisord]
logfile={dir}/main.log
pidfile={dir}/s.pid
childlogdir={dir}
nodaemon=true
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://%(here)s/s.sock
prompt=my%%super
history_file=%(here)s/history
[program:cat]
command=/bin/cat
startsecs=0
[program:idle]
command=/bin/sleep 1000
autostart=false
startsecs=0
[program:talk]
command=/bin/sh -c "echo hello wörld; echo oops >&2; exec sleep 1000"
startsecs=0
[program:gone]
command=/bin/true
startsecs=0
autorestart=false
[program:bad]
command=/no/such/file
autostart=false
startretries=0
[program:dir]
command=/tmp
autostart=false
[program:dies]
command=/bin/sh -c "exit 3"
autostart=false
startretries=0
startsecs=5
[program:many]
command=/bin/sleep 1000
numprocs=2
process_name=%(program_name)s_%(process_num)02d
startsecs=0
priority=5
[program:nolog]
command=/bin/sleep 1000
stdout_logfile=NONE
startsecs=0
[program:a_program_with_a_name_longer_than_thirty_letters]
command=/bin/sleep 1000
startsecs=0
"""

EXTRA = """
[program:extra]
command=/bin/sleep 1000
startsecs=0
"""


class Case:
    def __init__(self, args, stdin="", before=None, config=None, title=None, options=None, mask_stdout=False):
        self.args, self.stdin, self.before, self.config = args, stdin, before, config
        self.options, self.mask_stdout = options, mask_stdout
        self.title = title or " ".join((options or []) + args) + (" <<< %r" % stdin if stdin else "")


def cases():
    line = lambda text, **kw: Case(text.split(), **kw)
    out = []
    # Looking
    out += [line(t) for t in """status
status all
status cat
status cat gone
status gone
status nosuch
status nosuch gone
status nosuch:*
status nosuch:x
status many:*
status many:
status many:many_00
status many:many_99
status many
status a_program_with_a_name_longer_than_thirty_letters cat
pid
pid all
pid cat
pid cat talk
pid gone
pid nosuch
pid cat nosuch gone
pid many:*
version
version x
avail
avail x
help
help help
help nosuch
help EOF
help start stop
?
?status
quit
exit
EOF
quit now
nosuch
nosuch with words
status-x
start-x
.
!ls
-x
STATUS
tail
tail a b c d
tail cat
tail talk
tail talk stderr
tail talk STDERR
tail talk stdout
tail talk nope
tail -5 talk
tail -5 talk stderr
tail -x talk
tail - talk
tail -5
tail -f
tail --5 talk
tail -0 talk
tail -1_0 talk
tail -99999999999 talk
tail -5 talk stdout x
tail nosuch
tail nosuch stderr
tail nolog
tail many:*
tail -f nosuch
tail -f nosuch stderr
maintail x
maintail -x
maintail - x
maintail -99999999999
fg
fg cat talk
fg nosuch
fg gone
open
open foo
open ftp://x
open https://localhost
open unix:///nonexistent.sock
open http://127.0.0.1:1
open HTTP://127.0.0.1:1
signal
signal HUP
signal NOPE cat
signal 0 cat
signal USR9 many:*
signal HUP nosuch
signal HUP nosuch:*
signal HUP gone
signal 999 cat
signal WINCH cat
signal WINCH cat talk
signal WINCH many:*
signal WINCH many:many_00
start
stop
restart
clear
clear nosuch
clear many:*
clear cat
clear cat talk nosuch
clear all
add
add nosuch
add cat
remove
remove nosuch
remove cat
remove nosuch cat
reread
reread x
update
update all
update nosuch
update nosuch nosuch
shutdown x
reload x
start nosuch
start nosuch:*
start cat
start cat talk
start many:*
start bad
start dir
start dies
stop nosuch
stop nosuch:*
stop gone
stop gone nosuch
restart nosuch
restart nosuch:*""".split("\n")]
    out += [line("help " + c) for c in ("add avail clear exit fg maintail open pid quit reload remove reread restart "
                                       "shutdown signal start status stop tail update version").split()]
    # Doing, each from a known state
    out += [
        line("start idle", before=["stop idle"]),
        line("start idle cat nosuch", before=["stop idle"]),
        line("start many:*", before=["stop many:*"]),
        line("start many:many_00", before=["stop many:*"]),
        line("stop idle", before=["start idle"]),
        line("stop many:*", before=["start many:*"]),
        line("stop many:many_01 idle", before=["start many:* idle"]),
        line("restart cat"),
        line("restart idle", before=["stop idle"]),
        line("restart many:*", before=["start many:*"]),
        line("signal HUP idle", before=["stop idle"]),
        line("signal HUP many:*", before=["stop many:*"]),
        line("status idle cat", before=["stop idle"]),
    ]
    # Configuration changes
    fresh = ["update", "stop idle"]
    out += [
        Case(["reread"], config=CONFIG + EXTRA, before=[]),
        Case(["update"], config=CONFIG + EXTRA, before=[]),
        Case(["update", "extra", "nosuch"], config=CONFIG + EXTRA, before=[]),
        Case(["update", "nosuch"], config=CONFIG + EXTRA, before=[]),
        Case(["add", "extra"], config=CONFIG + EXTRA, before=[]),
        Case(["avail"], config=CONFIG + EXTRA, before=[]),
        Case(["reread"], config=CONFIG.replace("[program:idle]", "[program:idle2]"), before=[]),
        Case(["update"], config=CONFIG.replace("[program:idle]", "[program:idle2]"), before=[]),
        Case(["update"], config=CONFIG.replace("sleep 1000\nautostart=false", "sleep 1001\nautostart=false"), before=[]),
        Case(["reread"], config=CONFIG + "[program:broken]\n", before=[], title="reread of a broken file"),
    ]
    # Shell
    out += [
        Case([], title="shell, end of input"),
        Case([], "\n\nhelp\nquit\n", title="shell, empty lines and help"),
        Case([], "nosuch\nstatus cat\npid cat\nexit\n", title="shell, some commands"),
        Case([], "shutdown\nn\nreload\n\nquit\n", title="shell, refusals"),
        Case([], "shutdown\n", title="shell, question without answer"),
        Case([], "open foo\nstatus nosuch\n", title="shell, failures keep status 0"),
        Case(["status", "cat"], options=["-i"], title="-i with an action"),
        Case(["shutdown"], "n\n", options=["-i"], title="-i shutdown refused"),
        Case(["  "], title="blank argument"),
        Case([""], title="empty argument"),
        Case(["status cat"], title="one argument with a blank"),
    ]
    # Options
    bad = ["-x", "--foo", "-c", "--configuration", "--interactive=1", "--conf", "--", "-", "-s foo", "-s foo:", "--serverurl=foo",
           "-i -i", "-u a -u b", "-u a --username b", "-r x -r y", "-cx -cy", "--h=1", "-ic", "-is",
           "-s it's -i"]
    out += [Case(["avail"], options=o.split(), title="options " + o) for o in bad if not o.startswith("-c")]
    out += [Case([], options=["-c"], title="option -c alone"), Case([], options=["-s"], title="option -s alone"),
            Case(["status"], options=["-c", "/nonexistent.conf"], title="missing file"),
            Case(["status"], options=["-c", "{dir}/empty.conf"], title="file without the section")]
    # Servers that are not there, and authentication
    every = ("status,start cat,stop cat,restart cat,signal HUP cat,pid,pid cat,tail cat,tail -f cat,clear cat,avail,reread,update,add x,"
             "remove x,shutdown,reload,version,maintail,maintail -f,fg cat,start,stop,tail,add").split(",")
    for url in ("unix://{dir}/no.sock", "http://127.0.0.1:1", "ftp://x", "http://127.0.0.1:{port}"):
        out += [line(c, options=["-s", url]) for c in every]
    for url in ("unix://" + "x" * 200, "http://nohost.invalid", "http://localhost:x", "http://localhost:99999", "unix://{dir}",
                "http://127.0.0.1:{port}/path"):
        out += [line(c, options=["-s", url]) for c in ("status", "avail", "shutdown")]
    auth = ["-s", "http://127.0.0.1:{port}"]
    out += [
        line("pid", options=auth + ["-u", "user", "-p", "pass"]),
        line("tail -f nosuch", options=auth + ["-u", "user", "-p", "pass"]),
        line("status cat", options=auth + ["-u", "user", "-p", "wrong"]),
        line("status cat", options=auth + ["-u", "user"]),
        line("status cat", options=["-u", "user", "-p", "wrong"]),
    ]
    return out


MASKS = [
    (re.compile(r": file: \S+ line: \d+"), ": file: F line: N"),
    (re.compile(r"pid \d+, uptime (\d+ days?, )?\d+:\d\d:\d\d"), "pid P, uptime U"),
    (re.compile(r"[A-Z][a-z]{2} \d\d \d\d:\d\d [AP]M"), "DATE"),
]


# What two servers differ in by nature.
SERVER_MASKS = [
    (re.compile(r"^((?:my%super> )*)[1-9]\d+$", re.M), r"\1PID"),
    (re.compile(r"^4\.\d+\.\d+(?:\.dev0)?$", re.M), "VERSION"),
]

# Half a character at the start of a log slice: an HTTP 500 upstream, see docs/compatibility.md (QRK-021).
SERVERS_DIFFER = ["tail -5 talk"]


def between_servers(answer):
    out = answer[0]
    for pattern, replacement in SERVER_MASKS:
        out = pattern.sub(replacement, out)
    return (out, *answer[1:])


class Rig:
    """One server, in a folder of its own."""

    def __init__(self, program):
        self.program = program
        self.dir = tempfile.mkdtemp(prefix="ctl-diff-")
        self.port = free_port()
        self.daemon = None
        with open(os.path.join(self.dir, "empty.conf"), "w") as f:
            f.write("[supervisord]\n")

    def fill(self, text):
        return text.replace("{dir}", self.dir).replace("{port}", str(self.port))

    def write(self, config):
        with open(os.path.join(self.dir, "s.conf"), "w") as f:
            f.write(self.fill(config))

    def start(self):
        self.write(CONFIG)
        self.daemon = subprocess.Popen([self.program, "-c", self.dir + "/s.conf"], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.settle()

    def settle(self):
        for _ in range(300):
            got = subprocess.run([REF, "-c", self.dir + "/s.conf", "status"], capture_output=True, text=True).stdout
            if "gone" in got and "STARTING" not in got and "EXITED" in got and not re.search(r"(talk|cat) +STOPPED", got):
                return
            time.sleep(0.1)
        raise SystemExit("supervisord did not come up:\n" + got)

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            self.daemon.wait(30)
        shutil.rmtree(self.dir, ignore_errors=True)

    def ctl(self, client, case):
        options = [self.fill(o) for o in case.options or []]
        if "-c" not in options:
            options = ["-c", self.dir + "/s.conf"] + options
        run = subprocess.run([client] + options + case.args, input=case.stdin.encode(), capture_output=True, timeout=60)
        out = self.mask(run.stdout, client)
        # Which of two processes dies first is luck.
        if case.args[:1] in (["stop"], ["restart"]) and "many:*" in case.args:
            out = "".join(sorted(out.splitlines(True)))
        return (out, self.mask(run.stderr, client), run.returncode)

    def mask(self, data, client):
        text = data.decode("utf-8", "replace").replace("use %s -h" % client, "use CTL -h")
        text = text.replace(self.dir, "DIR").replace(str(self.port), "PORT")
        for pattern, replacement in MASKS:
            text = pattern.sub(replacement, text)
        return text

    def prepare(self, case):
        if case.config:
            self.write(CONFIG)
            self.quiet("update")
            self.write(case.config)
        for command in case.before or []:
            self.quiet(*command.split())

    def restore(self, case):
        if case.config:
            self.write(CONFIG)
            self.quiet("update")

    def quiet(self, *args):
        subprocess.run([REF, "-c", self.dir + "/s.conf"] + list(args), capture_output=True)

    def pid(self, name):
        """Of a process as the server tells it; nothing that is a number while the server is away."""
        got = subprocess.run([REF, "-c", self.dir + "/s.conf", "pid", name], capture_output=True, text=True)
        return got.stdout.strip() if got.returncode == 0 else ""

    def daemon_wide(self):
        """shutdown and reload change the server for good: each client gets a server of its own."""
        results = []
        for client in (REF, OURS):
            said = []
            first = self.pid("cat")
            said.append(self.ctl(client, Case(["reload"])))
            while self.pid("cat") in ("", "0", first):
                time.sleep(0.1)
            self.settle()
            said.append(self.ctl(client, Case(["shutdown"])))
            self.daemon.wait(30)
            said.append(self.ctl(client, Case(["shutdown"])))
            results.append(said)
            self.start()
        return results


def play(program, wanted):
    """[(title, answer of the reference client, answer of the client under test)]"""
    rig, played = Rig(program), []
    try:
        rig.start()
        for case in cases():
            title = case.title
            if wanted and not any(w in title for w in wanted):
                continue
            answers = []
            for client in (REF, OURS):
                rig.prepare(case)
                answers.append(rig.ctl(client, case))
                rig.restore(case)
            played.append((title, *answers))
        if not wanted:
            played += zip(("reload", "shutdown", "shutdown again"), *rig.daemon_wide())
        return played
    finally:
        rig.stop()


def show(title, who, expected, actual):
    print("DIFFERENT: %s (%s)" % (title, who))
    for what, e, a in zip(("stdout", "stderr", "status"), expected, actual):
        if e != a:
            print("  %s\n    reference: %r\n    ours:      %r" % (what, e, a))


def main():
    if not OURS:
        raise SystemExit("set SUPERVISORCTL to the client under test")
    verbose = "-v" in sys.argv
    wanted = [a for a in sys.argv[1:] if a != "-v"]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        rigs = [pool.submit(play, program, wanted) for _, program in DAEMONS]
    played = different = 0
    for same_case in zip(*(rig.result() for rig in rigs)):
        title, first, _ = same_case[0]
        wrong = []
        for (server, _), (_, reference, ours) in zip(DAEMONS, same_case):
            if ours != reference:
                wrong.append(("client under test, " + server, reference, ours))
            if between_servers(reference) != between_servers(first) and title not in SERVERS_DIFFER:
                wrong.append((server, first, reference))
        played += 1
        different += bool(wrong)
        for difference in wrong:
            show(title, *difference)
        if verbose and not wrong:
            print("same: %s -> %d" % (title, first[2]))
    print("%d command lines, %d different" % (played, different))
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
