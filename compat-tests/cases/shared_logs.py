"""Log files that others write to, replace or limit: nothing is lost, nothing is followed, nothing waits. Ours alone where the reference differs."""

import http.client
import os
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import threading
import time

from harness import Skip, candidate_only, wait_until
from ._conf import HEAD

ROUNDS = 200
LINES = 6000
WIDTH = 100


def _stream(letter, count=LINES):
    """Numbered lines of one writer, who shares no character with the others but the line end."""
    digits = {"a": "0123456789", "b": "klmnopqrst"}[letter]
    table = str.maketrans("0123456789", digits)
    return "".join(("%08d" % n).translate(table) + letter * (WIDTH - 9) + "\n" for n in range(count)).encode()


def _of(data, letter):
    """What one writer wrote, without the line ends, which all have."""
    digits = {"a": b"0123456789a", "b": b"klmnopqrstb"}[letter]
    return data.translate(None, bytes(set(range(256)) - set(digits)))


def _append(path, number, stop, written):
    """Another process's whole lines, each in one write."""
    with open(path, "ab", buffering=0) as f:
        while not stop.is_set():
            f.write(b"FOREIGN %06d %06d %s\n" % (number, len(written), b"F" * 60))
            written.append(len(written))
            stop.wait(0.0005)


@candidate_only
def shared_log_loses_no_byte(side):
    """
    Two processes of one program with one log, another process that appends, and one that truncates (copytruncate): after the last truncation
    everything is there, in order and whole.
    """
    for letter in "ab":
        side.write("lines-" + letter, _stream(letter))
    daemon = side.start(HEAD + """[program:p]
command=/bin/sh -c 'test %(process_num)d = 0 && exec cat @DIR@/lines-a || exec cat @DIR@/lines-b'
process_name=%(process_num)d
numprocs=2
autostart=false
autorestart=false
startsecs=0
stdout_logfile=@DIR@/shared.log
stdout_logfile_maxbytes=0
stderr_logfile=NONE
""")
    log, rpc = side.path("shared.log"), daemon.rpc.supervisor
    whole = {letter: _of(_stream(letter), letter) for letter in "ab"}
    lost, truncations = [], 0
    for number in range(ROUNDS):
        open(log, "wb").close()
        stop, written = threading.Event(), []
        appender = threading.Thread(target=_append, args=(log, number, stop, written))
        appender.start()
        rpc.startProcessGroup("p", False)
        if number % 2:
            wait_until(lambda: os.path.getsize(log) > 10000, "the first output")
            os.truncate(log, 0)
            truncations += 1
        wait_until(lambda: all(p["statename"] == "EXITED" for p in rpc.getAllProcessInfo()), "the end of the programs")
        stop.set()
        appender.join()
        with open(log, "rb") as f:
            data = f.read()
        if b"\0" in data:
            lost.append("round %d: a hole of NULs" % number)
        foreign = [int(n) for n in re.findall(rb"FOREIGN %06d (\d{6}) F{60}\n" % number, data)]
        rest = re.sub(rb"FOREIGN \d{6} \d{6} F{60}\n", b"", data)
        if foreign != written[len(written) - len(foreign):] or b"F" in rest or (number % 2 == 0 and foreign != written):
            lost.append("round %d: %d of %d lines of the other process" % (number, len(foreign), len(written)))
        for letter, all_of_it in whole.items():
            got = _of(rest, letter)
            if not all_of_it.endswith(got) or (number % 2 == 0 and got != all_of_it):
                lost.append("round %d: %d of %d bytes of %s" % (number, len(got), len(all_of_it), letter))
    assert not lost, "%d losses in %d starts: %s" % (len(lost), ROUNDS, "; ".join(lost[:5]))
    assert truncations == ROUNDS // 2


def _limited(side, conf, limit):
    """A daemon whose launcher limits the size of files and ignores SIGXFSZ, as a shell with `trap '' XFSZ` does."""
    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    return side.start(conf, preexec_fn=prepare)


@candidate_only
def file_size_limit(side):
    """RLIMIT_FSIZE is a full disk: told once, the output is lost, everything runs on, and writing resumes when the limit is lifted."""
    limit = 100000
    daemon = _limited(side, HEAD + """[program:noisy]
command=/bin/sh -c 'while read x; do yes | head -c 200000; done'
startsecs=0
stdout_logfile=@DIR@/noisy.log
stdout_logfile_maxbytes=0
[program:rotating]
command=/bin/sh -c 'while read x; do yes | head -c 200000; done'
startsecs=0
stdout_logfile=@DIR@/rotating.log
stdout_logfile_maxbytes=40000
stdout_logfile_backups=20
""", limit)
    rpc = daemon.rpc.supervisor
    for name in ("noisy", "rotating"):
        daemon.wait_state(name, "RUNNING")
        rpc.sendProcessStdin(name, "x\nx\n")
    wait_until(lambda: os.path.getsize(side.path("noisy.log")) == limit, "the limit to be reached")
    sizes = lambda: [os.path.getsize(side.path(f)) for f in os.listdir(side.dir) if f.startswith("rotating.log")]  # noqa: E731
    wait_until(lambda: sum(sizes()) == 400000, "all output of the rotating log, in pieces below the limit")
    assert max(sizes()) <= limit, sizes()
    assert rpc.getProcessInfo("noisy")["statename"] == "RUNNING"
    assert daemon.log().count("could not write to log file '%s'" % side.path("noisy.log")) == 1 and "File too large" in daemon.log(), daemon.log()
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    rpc.sendProcessStdin("noisy", "x\n")
    wait_until(lambda: os.path.getsize(side.path("noisy.log")) == limit + 200000, "writing to resume")
    assert "is written again" in daemon.log() and "rotating.log" not in daemon.log(), daemon.log()


@candidate_only
def file_size_limit_of_the_activity_log(side):
    """The daemon's own log as well, on its way to the limit and over it: it runs on, says so on stderr, and rotates where it may."""
    for rotation in ("logfile_maxbytes=0", "logfile_maxbytes=3000\nlogfile_backups=2"):
        daemon = _limited(side, HEAD.replace("loglevel=info", "loglevel=trace\n" + rotation), 4096)
        for _ in range(100):
            daemon.rpc.supervisor.getState()
        sizes = [os.path.getsize(side.path(f)) for f in os.listdir(side.dir) if f.startswith("s.log")]
        assert max(sizes) <= 4096 and (len(sizes) == 3 or "maxbytes=0" in rotation), sizes
        assert ("could not write to log file" in side.read("stderr.txt")) == ("maxbytes=0" in rotation), side.read("stderr.txt")
        assert daemon.stop() == 0
        for f in os.listdir(side.dir):
            if f.startswith("s.log") or f == "stderr.txt":
                os.remove(side.path(f))


def _need_root():
    if os.geteuid() != 0:
        raise Skip("needs root")


@candidate_only
def link_in_place_of_a_log(side):
    """
    A program that may write to the directory of its log fills it and plants a link to root's file at every rotation: root never writes there,
    whatever fs.protected_symlinks says.
    """
    _need_root()
    os.mkdir(side.path("tmp"))
    os.chmod(side.path("tmp"), 0o1777)
    os.mkdir(side.path("own"))
    shutil.chown(side.path("own"), "games", "games")
    side.write("victim", "root's\n", 0o600)
    side.write("evil.py", """
import os, sys, time
victim, kind, until = sys.argv[1], sys.argv[2], time.time() + 4
if kind == "own":
    name = os.path.join(sys.argv[3], "evil.log")
else:
    name = next(os.path.join(sys.argv[3], f) for f in os.listdir(sys.argv[3]) if f.startswith("evil-stdout") and f.endswith(".log"))
if os.fork():
    while time.time() < until:
        sys.stdout.write("PWNED by uid %d\\n" % os.getuid() * 200)
    time.sleep(1000)
while time.time() < until:
    try:
        if kind == "own":
            os.unlink(name)
        os.symlink(victim, name)
    except OSError:
        pass
""")
    for kind, log, folder in (("auto", "AUTO", "tmp"), ("own", "@DIR@/own/evil.log", "own")):
        daemon = side.start(HEAD.replace("childlogdir=@DIR@", "childlogdir=@DIR@/tmp") + """[program:evil]
command=/usr/bin/python3 @DIR@/evil.py @DIR@/victim %s @DIR@/%s
user=games
startsecs=0
stdout_logfile=%s
stdout_logfile_maxbytes=100KB
stdout_logfile_backups=2
""" % (kind, folder, log))
        daemon.wait_state("evil", "RUNNING")
        wait_until(lambda: any(f.endswith(".log.2") for f in os.listdir(side.path(folder))) or "could not" in daemon.log(), "some rotations")
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and side.read("victim") == "root's\n":
            time.sleep(0.05)
        assert side.read("victim") == "root's\n", "root wrote to the target of the link: " + side.read("victim")[:60]
        assert stat.S_IMODE(os.stat(side.path("victim")).st_mode) == 0o600
        assert daemon.rpc.supervisor.getState()["statename"] == "RUNNING"
        assert daemon.stop() == 0


@candidate_only
def modes_over_rotation(side):
    """A log keeps its mode and owner when it rotates, is cleared and is reopened; AUTO logs are nobody else's."""
    os.mkdir(side.path("auto"))
    daemon = side.start(HEAD.replace("childlogdir=@DIR@", "childlogdir=@DIR@/auto") + """[program:auto]
command=/bin/cat
startsecs=0
stdout_logfile_maxbytes=1000
stdout_logfile_backups=1
[program:mine]
command=/bin/cat
startsecs=0
stdout_logfile=@DIR@/mine.log
stdout_logfile_maxbytes=1000
stdout_logfile_backups=1
""")
    rpc = daemon.rpc.supervisor
    logs = {"auto": rpc.getProcessInfo("auto")["stdout_logfile"], "mine": side.path("mine.log")}
    os.chmod(logs["mine"], 0o640)
    if os.geteuid() == 0:
        shutil.chown(logs["mine"], "games", "games")
    owner = os.stat(logs["mine"]).st_uid
    expected = {"auto": (0o600, os.geteuid()), "mine": (0o640, owner)}

    def rights(name):
        status = os.stat(logs[name])
        return stat.S_IMODE(status.st_mode), status.st_uid

    for name in logs:
        daemon.wait_state(name, "RUNNING")
        assert rights(name) == expected[name], (name, rights(name))
        inode = os.stat(logs[name]).st_ino
        rpc.sendProcessStdin(name, "x" * 1500)
        wait_until(lambda: os.path.exists(logs[name] + ".1") and os.path.exists(logs[name]) and os.stat(logs[name]).st_ino != inode, "a rotation of " + name)
        wait_until(lambda: rights(name) == expected[name], "the rights of the rotated log %s: %r" % (name, rights(name)), timeout=5)
        rpc.clearProcessLogs(name)
        assert rights(name) == expected[name], ("clear", name, rights(name))
        os.rename(logs[name], logs[name] + ".moved")
    daemon.send(signal.SIGUSR2)
    for name in logs:
        wait_until(lambda: os.path.exists(logs[name]), "the reopened log of " + name)
        wait_until(lambda: rights(name) == expected[name], "the rights of the reopened log " + name, timeout=5)


def _get(side, path, timeout=10):
    connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=timeout)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status
    finally:
        connection.close()


@candidate_only
def pipe_in_place_of_a_log(side):
    """A named pipe in place of a log hangs nobody: each way to read it answers at once that it cannot be read."""
    daemon = side.start(HEAD + "[program:p]\ncommand=/bin/cat\nstartsecs=0\nstdout_logfile=@DIR@/p.log\n")
    daemon.wait_state("p", "RUNNING")
    rpc = daemon.rpc.supervisor
    rpc.sendProcessStdin("p", "text\n")
    wait_until(lambda: side.read("p.log") == "text\n", "the log")
    follower = socket.create_connection(("127.0.0.1", side.port), timeout=10)
    follower.sendall(b"GET /logtail/p HTTP/1.0\r\n\r\n")
    seen = b""
    while b"text\n" not in seen:
        seen += follower.recv(1000)
    for name in ("p.log", "s.log"):
        os.remove(side.path(name))
        os.mkfifo(side.path(name))
    for _ in range(8):
        for path, status in (("/logtail/p", 404), ("/mainlogtail", 404), ("/api/v1/log?name=p", None), ("/api/v1/log", None)):
            got = _get(side, path)
            assert got == status or (status is None and got >= 400), (path, got)
        for ask in (lambda: rpc.readLog(0, 0), lambda: rpc.readProcessStdoutLog("p", 0, 0)):
            try:
                raise AssertionError("read: %r" % ask())
            except Exception as e:
                assert "FAILED" in str(e), e
        assert rpc.tailProcessStdoutLog("p", 0, 100)[0] == ""
    assert rpc.getState()["statename"] == "RUNNING" and _get(side, "/") == 200 and side.ctl("status").startswith("status 0")
    follower.close()
    assert daemon.stop() == 0


@candidate_only
def pipe_that_is_a_log(side):
    """A named pipe that the configuration names is written as before, and not read."""
    os.mkfifo(side.path("fifo"))
    reader = subprocess.Popen(["/bin/cat", side.path("fifo")], stdout=subprocess.PIPE)
    try:
        daemon = side.start(HEAD + "[program:p]\ncommand=/bin/cat\nstartsecs=0\nstdout_logfile=@DIR@/fifo\nstdout_logfile_maxbytes=0\n")
        daemon.wait_state("p", "RUNNING")
        daemon.rpc.supervisor.sendProcessStdin("p", "through the pipe\n")
        assert reader.stdout.readline() == b"through the pipe\n"
        assert _get(side, "/logtail/p") == 404
        assert daemon.stop() == 0
    finally:
        reader.kill()
        reader.wait()
