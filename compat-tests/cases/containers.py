"""As PID 1, on a read-only root, with and without a terminal: where supervisord lives most (DMN-054, TRAP-57)."""

import os
import re
import shutil
import signal
import subprocess
import time

from harness import Skip, candidate_only, wait_until
from ._conf import HEAD


def _need_namespaces():
    if os.getuid() != 0 or not shutil.which("unshare"):
        raise Skip("needs root and unshare")
    if subprocess.run(["unshare", "--fork", "--pid", "--mount-proc", "/bin/true"], stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("this machine does not allow new process namespaces")


CONF = HEAD + """
[program:exits]
command=/bin/sh -c "sleep 0.01; exit 7"
startsecs=0
autorestart=true
[program:orphans]
command=/bin/sh @DIR@/orphans.sh
startsecs=0
[program:cat]
command=/bin/cat
startsecs=0
"""


def _as_pid1(side, terminal):
    _need_namespaces()
    side.write("orphans.sh", "while :; do (sleep 0.05 &); sleep 0.02; done")
    side.write("s.conf", CONF.replace("silent=true\n", ""))
    command = "exec unshare --fork --pid --mount-proc %s -c %s" % (side.supervisord, side.path("s.conf"))
    if terminal:
        if not shutil.which("script"):
            raise Skip("needs script")
        argv = ["script", "-q", "-e", "-c", command, "/dev/null"]
    else:
        argv = ["/bin/sh", "-c", command]
    process = subprocess.Popen(argv, cwd=side.dir, stdin=subprocess.DEVNULL if not terminal else subprocess.PIPE,
                               stdout=open(side.path("stdout.txt"), "wb"), stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_until(lambda: "RUNNING" in side.ctl("status", "cat"), "cat", 30)
        wait_until(lambda: side.read("s.log").count("exited: exits (exit status 7; not expected)") >= 5
                   and side.read("s.log").count("reaped unknown pid") >= 20, "exits and orphans", 30)
        # Every status must be the true one: a runtime that reaps by itself loses them.
        wrong = [l for l in side.read("s.log").splitlines() if "exited: exits" in l and "exit status 7" not in l]
        assert not wrong, wrong[:3]
        pid1 = int(subprocess.run(["pgrep", "-f", side.supervisord + " -c " + side.path("s.conf") + "$"], stdout=subprocess.PIPE)
                   .stdout.decode().split()[-1])
        zombies = 0
        for _ in range(20):
            children = _children(pid1)
            zombies = sum(1 for c in children if _state(c) == "Z")
            if zombies == 0:
                break
            time.sleep(0.01)
        assert zombies == 0, "%d zombies stay" % zombies
        side.ctl("shutdown")
        assert process.wait(30) == 0, process.returncode
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _children(pid):
    """Of all threads: a child belongs to the thread that made it."""
    found = []
    for task in os.listdir("/proc/%d/task" % pid):
        found += open("/proc/%d/task/%s/children" % (pid, task)).read().split()
    return found


def _state(pid):
    try:
        return open("/proc/%s/stat" % pid).read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "gone"


@candidate_only
def pid1(side):
    _as_pid1(side, terminal=False)


@candidate_only
def pid1_on_a_terminal(side):
    _as_pid1(side, terminal=True)


@candidate_only
def pid1_stops_on_signals(side):
    """docker stop sends SIGTERM to PID 1, which has no default dispositions."""
    _need_namespaces()
    side.write("orphans.sh", "while :; do (sleep 0.05 &); sleep 0.02; done")
    side.write("s.conf", CONF)
    process = subprocess.Popen(["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", side.supervisord, "-c", side.path("s.conf")], cwd=side.dir)
    try:
        wait_until(lambda: "RUNNING" in side.ctl("status", "cat"), "cat", 30)
        pid = int(_children(process.pid)[0])
        os.kill(pid, signal.SIGTERM)
        assert process.wait(30) == 0, process.returncode
        assert "received SIGTERM indicating exit request" in side.read("s.log")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@candidate_only
def read_only_root(side):
    """Nothing but the configured places is written."""
    _need_namespaces()
    os.mkdir(side.path("rw"))
    side.write("s.conf", CONF.replace("@DIR@", "@DIR@/rw"))
    side.write("orphans.sh", "sleep 1000")
    script = ("mount --bind / /mnt && mount -o remount,ro,bind / /mnt 2>/dev/null; mount -t tmpfs tmpfs %s/rw && "
              "mount -o remount,ro / 2>/dev/null; exec %s -c %s" % (side.dir, side.supervisord, side.path("s.conf")))
    process = subprocess.Popen(["unshare", "--mount", "--fork", "/bin/sh", "-c", script], cwd=side.dir, stderr=subprocess.DEVNULL)
    try:
        def answers():
            pid = subprocess.run(["pgrep", "-f", "^%s -c %s$" % (side.supervisord, side.path("s.conf"))], stdout=subprocess.PIPE).stdout.split()
            if not pid:
                assert process.poll() is None, "ended with %s" % process.returncode
                return False
            done = subprocess.run(["nsenter", "-t", pid[0].decode(), "-m", side.supervisorctl, "-c", side.path("s.conf"), "status", "cat"],
                                  stdout=subprocess.PIPE)
            return b"RUNNING" in done.stdout
        wait_until(answers, "cat", 30)
    finally:
        subprocess.run(["pkill", "-TERM", "-f", "^%s -c %s$" % (side.supervisord, side.path("s.conf"))])
        process.wait(30)
    assert not re.findall("Traceback|Unhandled", side.read("stderr.txt"))


@candidate_only
def survives_a_parent_shell_that_is_killed(side):
    """kill -9 of the shell that a program hides behind leaves no zombie and no lost program."""
    _need_namespaces()
    side.write("s.conf", HEAD + """
[program:shell]
command=/bin/sh -c "sleep 1000 & wait"
startsecs=0
autorestart=true
""")
    process = subprocess.Popen(["unshare", "--fork", "--pid", "--mount-proc", side.supervisord, "-c", side.path("s.conf")], cwd=side.dir)
    try:
        wait_until(lambda: "RUNNING" in side.ctl("status", "shell"), "the shell", 30)
        inner = int(_children(process.pid)[0])
        shell = wait_until(lambda: _children(inner), "the shell's pid")[0]
        os.kill(int(shell), signal.SIGKILL)
        wait_until(lambda: side.read("s.log").count("spawned: 'shell'") == 2, "the successor")
        wait_until(lambda: all(_state(c) != "Z" for c in _children(inner)), "no zombie")
    finally:
        side.ctl("shutdown")
        process.wait(30)


@candidate_only
def an_empty_image(side):
    """A root with our binaries, the C library and one program, as PID 1: no shell, no Python, no .NET, no OpenSSL, no time zones, no passwd."""
    _need_namespaces()
    root = side.path("root")
    for folder in ("bin", "etc", "tmp", "proc", "dev", "log"):
        os.makedirs(os.path.join(root, folder))
    for program in (side.supervisord, os.path.join(side.bindir, "supervisorctl"), "/bin/cat"):
        shutil.copy(program, os.path.join(root, "bin"))
        for library in re.findall(r"(/\S+) \(0x", subprocess.run(["ldd", program], stdout=subprocess.PIPE, text=True).stdout):
            os.makedirs(root + os.path.dirname(library), exist_ok=True)
            shutil.copy(library, root + library)
    open(os.path.join(root, "dev", "null"), "w").close()
    with open(os.path.join(root, "etc", "supervisord.conf"), "w") as f:
        f.write("""[unix_http_server]
file=/tmp/s.sock
username=user
password={SHA}a94a8fe5ccb19ba61c4c0873d391e987982fbbd3
[inet_http_server]
port=127.0.0.1:%d
[supervisord]
nodaemon=true
logfile=/log/s.log
pidfile=/tmp/s.pid
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix:///tmp/s.sock
username=user
password=test
[program:cat]
command=cat
startsecs=0
""" % side.port)
    process = subprocess.Popen(["/usr/bin/unshare", "--fork", "--pid", "/usr/sbin/chroot", root, "/bin/supervisord"], stdin=subprocess.DEVNULL,
                               stdout=open(side.path("stdout.txt"), "wb"), stderr=subprocess.STDOUT, env={})
    def ctl(*args):
        return subprocess.run(["/usr/sbin/chroot", root, "/bin/supervisorctl", *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={}).stdout
    try:
        def runs():
            assert process.poll() is None, side.read("stdout.txt")
            return "RUNNING" in ctl("status", "cat")
        wait_until(runs, "cat")
        assert ctl("restart", "cat") == "cat: stopped\ncat: started\n"
        assert "spawned: 'cat'" in ctl("maintail")
        assert ctl("-p", "wrong", "status").startswith("Server requires authentication")
        assert ctl("shutdown") == "Shut down\n"
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            process.kill()
