"""What becomes of programs, and where their output goes (PSM, SPN, LOG)."""

import os
import re

from harness import both, wait_until
from ._conf import HEAD


def _of(side, name):
    """The activity log's lines about one program."""
    return "\n".join(l for l in side.mask(side.read("s.log")).splitlines() if re.search(r"\b%s\b" % name, l))


# Those that end after a while do so well after their startsecs: the reference looks once a second, and later on a busy machine.
_PROGRAMS = {
    "exit0": ("command=/bin/true\nstartretries=1", "FATAL"),
    "exit3": ("command=/bin/sh -c 'exit 3'\nstartretries=0", "FATAL"),
    "wanted": ("command=/bin/sh -c 'sleep 2.5; exit 4'\nexitcodes=0,4", "EXITED"),
    "unwanted": ("command=/bin/sh -c 'sleep 2.5; exit 5'\nautorestart=false", "EXITED"),
    "killed": ("command=/bin/sh -c 'sleep 2.5; kill -KILL $$'\nautorestart=false", "EXITED"),
    "aborted": ("command=/bin/sh -c 'sleep 2.5; kill -ABRT $$'\nautorestart=false", "EXITED"),
    "zero": ("command=/bin/sleep 0.5\nstartsecs=0\nautorestart=false", "EXITED"),
    "nosuch": ("command=/no/such/file\nstartretries=1", "FATAL"),
    "notfound": ("command=nosuchprogramanywhere x\nstartretries=0", "FATAL"),
    "directory": ("command=/etc\nstartretries=0", "FATAL"),
    "plain": ("command=/etc/passwd\nstartretries=0", "FATAL"),
    "quote": ("command=/bin/echo 'x\nstartretries=0", "FATAL"),
    "blank": ("command=\nstartretries=0", "FATAL"),
    "chdir": ("command=/bin/true\ndirectory=/no/such\nstartretries=0\nstderr_logfile=@DIR@/chdir.err", "FATAL"),
    "chdir2": ("command=/bin/true\ndirectory=/etc/passwd\nstartretries=0\nredirect_stderr=true\nstdout_logfile=@DIR@/chdir2.out", "FATAL"),
    "noexec": ("command=@DIR@/noexec\nstartretries=0\nstderr_logfile=@DIR@/noexec.err", "FATAL"),
    "badinterp": ("command=@DIR@/badinterp\nstartretries=0\nstderr_logfile=@DIR@/badinterp.err", "FATAL"),
    "logdir": ("command=/bin/true\nstdout_logfile=@DIR@\nstartretries=0", "FATAL"),
    "longer": ("command=/bin/sleep 1000\nstartsecs=2", "RUNNING"),
}


@both
def outcomes(side):
    side.write("noexec", "echo no interpreter line\n", 0o755)
    side.write("badinterp", "#!/no/such/interpreter\n", 0o755)
    daemon = side.start(HEAD + "".join(
        # On a busy machine the reference may notice an exit at once only after a second.
        "[program:%s]\n%s\n%s" % (n, o, "startsecs=5\n" if state == "FATAL" else "") for n, (o, state) in _PROGRAMS.items()))
    for name, (_, state) in _PROGRAMS.items():
        daemon.wait_state(name, state, timeout=40)
    seen = {"log of " + name: _of(side, name) for name in _PROGRAMS if name not in ("directory", "plain", "quote", "blank", "notfound", "nosuch", "logdir")}
    # Spawn errors do not name the program.
    seen["spawn errors"] = "\n".join(sorted(l for l in side.mask(side.read("s.log")).splitlines() if "spawnerr" in l))
    for name in _PROGRAMS:
        info = daemon.rpc.supervisor.getProcessInfo(name)
        seen["info of " + name] = side.mask("%(statename)s %(exitstatus)s %(spawnerr)s | %(description)s" % info)
    for f in ("chdir.err", "chdir2.out", "noexec.err", "badinterp.err"):
        seen[f] = side.mask(side.read(f))
    return seen


@both
def stopping(side):
    daemon = side.start(HEAD.replace("loglevel=info", "loglevel=debug") + """
[program:easy]
command=/bin/sleep 1000
startsecs=0
[program:int]
command=/bin/sleep 1000
stopsignal=INT
startsecs=0
[program:exit0]
command=/bin/sh -c "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"
startsecs=0
[program:deaf]
command=/bin/sh -c "trap '' TERM; echo ready; while :; do sleep 0.05; done"
stopwaitsecs=1
startsecs=0
[program:group]
command=/bin/sh -c "sleep 1000 & echo ready; wait"
stopasgroup=true
startsecs=0
[program:retrying]
command=/bin/false
startsecs=5
startretries=100
""")
    for name in ("easy", "int", "exit0", "deaf", "group"):
        daemon.wait_state(name, "RUNNING")
    daemon.wait_state("retrying", "BACKOFF")
    for name in ("exit0", "deaf", "group"):
        wait_until(lambda: daemon.rpc.supervisor.readProcessStdoutLog(name, 0, 0) == "ready\n", "the shell of " + name)
    seen = {}
    for name in ("easy", "int", "exit0", "deaf", "group", "retrying"):
        seen["stop " + name] = str(daemon.rpc.supervisor.stopProcess(name))
        info = daemon.rpc.supervisor.getProcessInfo(name)
        seen["info of " + name] = "%(statename)s %(exitstatus)s" % info
        # "waiting for x to stop" is said unless x is dead already: only for the one that lives on is that certain.
        told = "kill|stopped:|Attempted" + ("|waiting" if name == "deaf" else "")
        seen["log of " + name] = "\n".join(l for l in _of(side, name).splitlines() if re.search(told, l))
    return seen


@both
def environment(side):
    side.write("s.conf", "")
    daemon = side.start(HEAD.replace("[supervisord]\n", "[supervisord]\nenvironment=GLOBAL=\"g\",BOTH=\"g\"\n") + """
[program:env]
command=/usr/bin/env
environment=OWN="%(program_name)s",BOTH="p",PATH="/usr/bin:/bin"
stdout_logfile=@DIR@/env.log
startsecs=0
autorestart=false
[program:where]
command=/bin/sh -c "pwd; umask; echo $0; ls -l /proc/self/fd | wc -l; cat /proc/self/stat | cut -d' ' -f5 | grep -c ^$$"
directory=/tmp
umask=027
stdout_logfile=@DIR@/where.log
startsecs=0
autorestart=false
[program:other]
command=/usr/bin/id
user=nobody
stdout_logfile=@DIR@/other.log
startsecs=0
autorestart=false
""", env={"PATH": "/usr/bin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"})
    for name in ("env", "where", "other"):
        daemon.wait_state(name, "EXITED")
    keep = re.compile(r"^(SUPERVISOR_|GLOBAL|BOTH|OWN|PATH|HOME)")
    return {"env": "\n".join(sorted(l for l in side.mask(side.read("env.log")).splitlines() if keep.match(l))),
            "where": side.read("where.log"), "other": side.read("other.log")}


@both
def rotation(side):
    """The same chunks give the same files of the same sizes (LOG-020..023)."""
    daemon = side.start(HEAD + """
[program:two]
command=/bin/cat
stdout_logfile=@DIR@/two.log
stdout_logfile_maxbytes=100
stdout_logfile_backups=2
startsecs=0
[program:none]
command=/bin/cat
stdout_logfile=@DIR@/none.log
stdout_logfile_maxbytes=100
stdout_logfile_backups=0
startsecs=0
[program:edge]
command=/bin/cat
stdout_logfile=@DIR@/edge.log
stdout_logfile_maxbytes=100
stdout_logfile_backups=5
startsecs=0
[program:never]
command=/bin/cat
stdout_logfile=@DIR@/never.log
stdout_logfile_maxbytes=0
startsecs=0
""")
    # Without backups the chunk that reaches the limit is gone at once, so there its size has to tell.
    sizes = {"never": 0, "none": 0}
    for i in range(40):
        chunk = ("%02d" % i) * (5 + i) + "\n"
        sizes["never"] += len(chunk)
        sizes["none"] = sizes["none"] + len(chunk) if sizes["none"] + len(chunk) < 100 else 0
        for name in ("two", "none", "never"):
            daemon.rpc.supervisor.sendProcessStdin(name, chunk)
            # One chunk at a time: what arrives together is rotated together.
            wait_until(lambda: _size(side, name) == sizes[name] if name in sizes else _settled(side, name, chunk), name)
    # Two chunks reach the limit exactly.
    for i in range(7):
        chunk = str(i) * 49 + "\n"
        daemon.rpc.supervisor.sendProcessStdin("edge", chunk)
        wait_until(lambda: _settled(side, "edge", chunk), "edge")
    return {f: side.read(f) for f in sorted(os.listdir(side.dir)) if re.match(r"(two|none|edge|never)\.log", f)}


def _size(side, name):
    try:
        return os.path.getsize(side.path(name + ".log"))
    except FileNotFoundError:
        # Between the old file and the new one.
        return None


def _settled(side, name, chunk):
    def tail(f):
        return side.read(f).endswith(chunk) if os.path.exists(side.path(f)) else False
    return tail(name + ".log") or tail(name + ".log.1")


@both
def output_options(side):
    daemon = side.start(HEAD.replace("[supervisord]\n", "[supervisord]\nstrip_ansi=true\n") + """
[program:colour]
command=/bin/sh -c "printf '\\033[31mred\\033[0m plain\\n'"
stdout_logfile=@DIR@/colour.log
startsecs=0
autorestart=false
[program:merged]
command=/bin/sh -c "echo out; echo err >&2"
redirect_stderr=true
stdout_logfile=@DIR@/merged.log
startsecs=0
autorestart=false
[program:noeol]
command=/bin/sh -c "printf no-newline"
stdout_logfile=@DIR@/noeol.log
startsecs=0
autorestart=false
[program:auto]
command=/bin/sh -c "echo auto"
startsecs=0
autorestart=false
[program:closed]
command=/bin/sh -c "echo before; exec >&- 2>&-; sleep 2.5"
stdout_logfile=@DIR@/closed.log
autorestart=false
[program:grand]
command=/bin/sh -c "sleep 1000 & echo parent; exit 0"
stdout_logfile=@DIR@/grand.log
startsecs=0
autorestart=false
""")
    for name in ("colour", "merged", "noeol", "auto", "closed", "grand"):
        daemon.wait_state(name, "EXITED")
    seen = {f: side.read(f) for f in ("colour.log", "merged.log", "noeol.log", "closed.log", "grand.log")}
    info = daemon.rpc.supervisor.getProcessInfo("auto")
    seen["auto name"] = side.mask(info["stdout_logfile"] + " " + info["stderr_logfile"])
    seen["auto content"] = open(info["stdout_logfile"]).read()
    seen["auto mode"] = "%o" % (os.stat(info["stdout_logfile"]).st_mode & 0o777)
    return seen


@both
def debug_mirror(side):
    daemon = side.start(HEAD.replace("loglevel=info", "loglevel=debug") + """
[program:talk]
command=/bin/sh -c "echo hello; printf '\\377\\n' >&2; sleep 0.2"
startsecs=0
autorestart=false
""")
    daemon.wait_state("talk", "EXITED")
    daemon.stop()
    log = side.mask(side.read("s.log"))
    return {"mirror": "\n".join(sorted(re.findall(r"'talk' std\w+ output:\n.*", log)))}


@both
def capture(side):
    daemon = side.start(HEAD + """
[program:talk]
command=/bin/sh -c "echo before the capture begins; printf '<!--XSUPERVISOR:BEGIN-->captured data<!--XSUPERVISOR:END-->'; echo after the capture has ended; sleep 1000"
stdout_capture_maxbytes=1MB
stdout_logfile=@DIR@/talk.log
startsecs=0
""")
    wait_until(lambda: "ended" in side.read("talk.log"), "the output")
    return {"log": side.read("talk.log")}


@both
def autostart_order(side):
    daemon = side.start(HEAD + "".join("[program:%s]\ncommand=/bin/sleep 1000\npriority=%d\nstartsecs=0\n" % p for p in
                                       (("c", 5), ("a", 10), ("b", 10), ("z", 1)))
                        + "[program:n]\ncommand=/bin/sleep 1000\nnumprocs=11\nprocess_name=n%(process_num)s\nstartsecs=0\n"
                        + "[group:g]\nprograms=y,x\npriority=3\n[program:x]\ncommand=/bin/sleep 1000\npriority=1\nstartsecs=0\n"
                        + "[program:y]\ncommand=/bin/sleep 1000\npriority=2\nstartsecs=0\n")
    daemon.wait_state("n:n9", "RUNNING")
    return {"order": "\n".join(re.findall(r"spawned: '\w+'", side.read("s.log"))),
            "all info": " ".join(p["group"] + ":" + p["name"] for p in daemon.rpc.supervisor.getAllProcessInfo())}


@both
def fcgi(side):
    daemon = side.start(HEAD + """
[fcgi-program:f]
command=/bin/sh -c "ls -l /proc/self/fd/0 | grep -o 'socket:'; sleep 1000"
socket=unix://@DIR@/f.sock
socket_mode=0640
process_name=%(program_name)s_%(process_num)d
numprocs=2
stdout_logfile=@DIR@/%(program_name)s.log
startsecs=0
""")
    daemon.wait_state("f:f_0", "RUNNING")
    daemon.wait_state("f:f_1", "RUNNING")
    wait_until(lambda: side.read("f.log").count("socket:") == 2, "both")
    seen = {"mode": "%o" % (os.stat(side.path("f.sock")).st_mode & 0o777)}
    seen["stop one"] = side.ctl("stop", "f:f_0")
    seen["stop other"] = side.ctl("stop", "f:f_1")
    seen["stdin"] = side.ctl("start", "f:*")
    seen["sockets"] = "\n".join(re.findall(r"(?:Creating|Closing) socket.*", side.mask(side.read("s.log"))))
    return seen
