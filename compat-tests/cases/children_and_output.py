"""Awkward children and awkward places for their output (SPN-025..031, LOG-030..063, PSM-022)."""

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess

from harness import Skip, both, candidate_only, wait_until
from ._conf import HEAD


def _digest(path):
    with open(path, "rb") as f:
        data = f.read()
    return "%d %s" % (len(data), hashlib.sha256(data).hexdigest())


@both
def odd_output(side):
    """No newline at the end, half a character, a line of 10 MB, a closed stdout, bytes of every value: everything arrives."""
    side.write("bytes.sh", "exec python3 -c 'import os; os.write(1, bytes(range(256)) * 40)'\n")
    daemon = side.start(HEAD + """
[program:unfinished]
command=/usr/bin/printf 'no newline'
stdout_logfile=@DIR@/unfinished.log
startsecs=0
autorestart=false
[program:half]
command=/usr/bin/printf 'a\\303'
stdout_logfile=@DIR@/half.log
startsecs=0
autorestart=false
[program:long]
command=/bin/sh -c "head -c 10000000 /dev/zero | tr '\\\\0' x"
stdout_logfile=@DIR@/long.log
stdout_logfile_maxbytes=0
startsecs=0
autorestart=false
[program:bytes]
command=/bin/sh @DIR@/bytes.sh
stdout_logfile=@DIR@/bytes.log
strip_ansi=false
startsecs=0
autorestart=false
[program:both]
command=/bin/sh -c "echo out; echo err >&2"
stdout_logfile=@DIR@/both.log
redirect_stderr=true
startsecs=0
autorestart=false
[program:closes]
command=/bin/sh -c "echo before; exec >&- 2>&-; sleep 1000"
stdout_logfile=@DIR@/closes.log
startsecs=0
""".replace("strip_ansi=false\n", ""))
    names = ("unfinished", "half", "long", "bytes", "both")
    for name in names:
        daemon.wait_state(name, "EXITED")
    seen = {name: _digest(side.path(name + ".log")) for name in names}
    # A program that has closed its output is alive, and is stopped like any other.
    wait_until(lambda: side.read("closes.log") == "before\n", "its output")
    daemon.wait_state("closes", "RUNNING")
    seen["stop of one without output"] = str(daemon.rpc.supervisor.stopProcess("closes"))
    seen["half through the RPC"] = repr(daemon.rpc.supervisor.readProcessStdoutLog("unfinished", 0, 0))
    return seen


@both
def grandchildren_keep_the_pipes(side):
    """A stop waits for the program, not for whoever still holds its output."""
    side.write("g.sh", "sleep 1000 & echo $! > @DIR@/grandchild; echo ready; wait\n")
    daemon = side.start(HEAD + "[program:g]\ncommand=/bin/sh @DIR@/g.sh\nstdout_logfile=@DIR@/g.log\nstartsecs=0\n")
    wait_until(lambda: side.read("g.log") == "ready\n" and side.read("grandchild").strip(), "the shell")
    grandchild = int(side.read("grandchild"))
    try:
        seen = {"stop": str(daemon.rpc.supervisor.stopProcess("g")), "lives on": str(os.path.exists("/proc/%d" % grandchild))}
        seen["start"] = str(daemon.rpc.supervisor.startProcess("g"))
        wait_until(lambda: int(side.read("grandchild") or 0) not in (0, grandchild), "the second shell")
        second = int(side.read("grandchild"))
    finally:
        os.kill(grandchild, signal.SIGKILL)
    os.kill(second, signal.SIGKILL)
    return seen


@both
def signals_and_groups(side):
    """Own process group and session, default dispositions, nothing inherited; killasgroup takes the whole group with it."""
    side.write("g.sh", "trap '' TERM; (trap '' TERM; echo $(cut -d' ' -f5 /proc/self/stat) > @DIR@/group; exec sleep 1000) & echo ready; wait; wait; sleep 1000\n")
    daemon = side.start(HEAD + """
[program:masks]
command=/bin/sh -c "grep -E 'SigBlk|SigIgn' /proc/self/status; ulimit -n | grep -c '^[0-9]'; ls /proc/self/fd | wc -l"
stdout_logfile=@DIR@/masks.log
startsecs=0
autorestart=false
[program:deaf]
command=/bin/sh @DIR@/g.sh
stdout_logfile=@DIR@/deaf.log
stopasgroup=true
stopwaitsecs=1
startsecs=0
""")
    daemon.wait_state("masks", "EXITED")
    wait_until(lambda: side.read("deaf.log") == "ready\n" and side.read("group").strip().isdigit(), "the deaf one")
    group = int(side.read("group"))
    pid = daemon.rpc.supervisor.getProcessInfo("deaf")["pid"]
    seen = {"group leader": str(group == pid), "stop": str(daemon.rpc.supervisor.stopProcess("deaf"))}

    def gone():
        try:
            os.killpg(group, 0)
            return False
        except ProcessLookupError:
            return True
    wait_until(gone, "the end of the group")
    info = daemon.rpc.supervisor.getProcessInfo("deaf")
    seen["info"] = "%(statename)s %(exitstatus)s" % info
    # SIGPIPE and SIGXFSZ are ignored in the reference's children (SPN-031), see docs/compatibility.md.
    seen["masks"] = re.sub(r"SigIgn:\s+\w+", "SigIgn", side.read("masks.log"))
    return seen


@both
def clear_while_followed(side):
    """clear truncates under `tail -f`, and what comes later is shown."""
    daemon = side.start(HEAD + "[program:cat]\ncommand=/bin/cat\nstdout_logfile=@DIR@/cat.log\nstartsecs=0\n")
    daemon.wait_state("cat", "RUNNING")
    daemon.rpc.supervisor.sendProcessStdin("cat", "one\n")
    wait_until(lambda: side.read("cat.log") == "one\n", "one")
    seen = {"clear": str(daemon.rpc.supervisor.clearProcessLogs("cat")), "after": side.read("cat.log")}
    daemon.rpc.supervisor.sendProcessStdin("cat", "two\n")
    wait_until(lambda: side.read("cat.log") == "two\n", "two")
    seen["tail"] = str(daemon.rpc.supervisor.tailProcessStdoutLog("cat", 0, 100))
    return seen


@both
def logrotate_moves_the_logs(side):
    """Moved away by somebody else: written on under the new name until SIGUSR2, under the old one afterwards."""
    daemon = side.start(HEAD + "[program:cat]\ncommand=/bin/cat\nstdout_logfile=@DIR@/cat.log\nstartsecs=0\n")
    daemon.wait_state("cat", "RUNNING")
    daemon.rpc.supervisor.sendProcessStdin("cat", "one\n")
    wait_until(lambda: side.read("cat.log") == "one\n", "one")
    os.rename(side.path("cat.log"), side.path("cat.log.moved"))
    os.rename(side.path("s.log"), side.path("s.log.moved"))
    daemon.rpc.supervisor.sendProcessStdin("cat", "two\n")
    wait_until(lambda: side.read("cat.log.moved") == "one\ntwo\n", "two")
    daemon.send(signal.SIGUSR2)
    wait_until(lambda: os.path.exists(side.path("s.log")) and os.path.exists(side.path("cat.log")), "the reopening")
    daemon.rpc.supervisor.sendProcessStdin("cat", "three\n")
    wait_until(lambda: side.read("cat.log") == "three\n", "three")
    return {"moved": side.read("cat.log.moved"), "own log": side.mask(side.read("s.log.moved") + side.read("s.log"))}


@both
def syslog(side):
    """The lines of programs and the activity log, as the system's logger gets them on /dev/log."""
    if os.getuid() != 0 or not shutil.which("unshare"):
        raise Skip("needs root and unshare")
    # A /dev of its own, with the logger's socket in it; the machine's is not touched.
    side.write("in-dev.sh", """set -e
mkdir @DIR@/dev && mount -t tmpfs tmpfs @DIR@/dev
for f in null zero urandom random tty; do touch @DIR@/dev/$f; mount --bind /dev/$f @DIR@/dev/$f; done
ln -s /proc/self/fd @DIR@/dev/fd
touch @DIR@/dev/log && mount --bind @DIR@/logger @DIR@/dev/log
mount --rbind @DIR@/dev /dev
exec "$@"
""")
    logger = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    logger.bind(side.path("logger"))
    logger.settimeout(20)
    conf = HEAD.replace("logfile=@DIR@/s.log", "logfile=syslog") + """
[program:talks]
command=/bin/sh -c "echo one; echo; echo two; echo err >&2; sleep 1000"
stdout_syslog=true
stderr_syslog=true
stdout_logfile=@DIR@/talks.log
startsecs=0
"""
    side.write("s.conf", conf)
    process = subprocess.Popen(["unshare", "--mount", "/bin/sh", side.path("in-dev.sh"), side.supervisord, "-n", "-c", side.path("s.conf")],
                               cwd=side.dir, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(side.path("stderr.txt"), "wb"))
    lines = []
    try:
        while not (any("talks two" in l for l in lines) and any("talks err" in l for l in lines)):
            try:
                lines.append(logger.recv(65536).decode())
            except socket.timeout:
                raise AssertionError("silence after %r\n%s" % (lines, side.read("stderr.txt")))
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        logger.settimeout(1)
        while True:
            lines.append(logger.recv(65536).decode())
    except socket.timeout:
        pass
    finally:
        logger.close()
        if process.poll() is None:
            process.kill()
    lines = [repr(re.sub(r">\w{3} +\d+ \d\d:\d\d:\d\d", "><TIME>", l).rstrip("\0")) for l in lines]
    about = lambda what: "\n".join(l for l in lines if what in l)
    return {"out": "\n".join(l for l in lines if "supervisord: talks " in l and "err" not in l), "err": about("talks err"),
            "life": side.mask("\n".join(l for l in lines if re.search("spawned|indicating|started with|stopped", l)))}


@candidate_only
def a_restart_that_could_not_work_is_refused(side):
    """The reference stops everything and dies of the broken file (QRK-029)."""
    daemon = side.start(HEAD + "[program:cat]\ncommand=/bin/cat\nstartsecs=0\n")
    daemon.wait_state("cat", "RUNNING")
    pid = daemon.rpc.supervisor.getProcessInfo("cat")["pid"]
    with open(side.path("s.conf"), "a") as f:
        f.write("autostart=perhaps\n")
    daemon.send(signal.SIGHUP)
    wait_until(lambda: "not restarted, the configuration is refused: not a valid boolean value: 'perhaps'" in daemon.log(), "the refusal")
    said = side.ctl("reload")
    assert "CANT_REREAD" in said, said
    assert daemon.rpc.supervisor.getProcessInfo("cat")["pid"] == pid
