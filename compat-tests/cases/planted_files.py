"""Files that others plant where the daemon has its pid file and socket, files that disappear from there, and the terminal."""

import fcntl
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import time
import xmlrpc.client

from harness import Daemon, Skip, Terminal, candidate_only, wait_until
from ._conf import HEAD

CAT = "[program:cat]\ncommand=/bin/cat\nstartsecs=0\n"
GAMES = 5

# The one that any user may run.
PYTHON = "/usr/bin/python3"


def _need_root():
    if os.getuid() != 0:
        raise Skip("needs root, to be somebody else")
    if not os.access(PYTHON, os.X_OK):
        raise Skip("needs " + PYTHON)


def _shared(side):
    """A folder that everybody may write to, as /tmp is, with a configuration that has socket and pid file in it."""
    os.mkdir(side.path("shared"))
    os.chmod(side.path("shared"), 0o1777)
    return HEAD.replace("@DIR@/s.pid", "@DIR@/shared/s.pid") + CAT


def _victim(side, links=True):
    path = side.write("victim", "precious\n", 0o600)

    def unharmed():
        info = os.stat(path)
        assert side.read("victim") == "precious\n" and stat.S_IMODE(info.st_mode) == 0o600 and info.st_uid == os.getuid(), info
    return path, unharmed


def _ends(daemon, number=signal.SIGTERM):
    status = daemon.stop(number)
    assert status == 0, status


@candidate_only
def planted_pid_files(side):
    """Whatever others have put there: the start waits for nothing, writes through nothing, and the pid file is the daemon's own."""
    _need_root()
    conf = _shared(side)
    pid_file = side.path("shared/s.pid")
    victim, unharmed = _victim(side)

    def fifo():
        os.mkfifo(pid_file)
        os.chown(pid_file, GAMES, 60)

    def foreign():
        side.write("shared/s.pid", "1\n")
        os.chown(pid_file, GAMES, 60)
    plants = {
        "fifo": fifo, "link to a device": lambda: os.symlink("/dev/zero", pid_file), "link to a file": lambda: os.symlink(victim, pid_file),
        "second name of a file": lambda: os.link(victim, pid_file), "somebody's file": foreign, "dangling link": lambda: os.symlink("/nowhere/at/all", pid_file),
        "link to a fifo": lambda: (os.mkfifo(side.path("shared/pipe")), os.symlink(side.path("shared/pipe"), pid_file)),
        "socket": lambda: socket.socket(socket.AF_UNIX).bind(pid_file),
    }
    for what, plant in plants.items():
        plant()
        daemon = side.start(conf)
        daemon.wait_state("cat", "RUNNING")
        wait_until(lambda: os.path.isfile(pid_file) and not os.path.islink(pid_file), "a pid file of its own instead of a " + what)
        assert side.read("shared/s.pid") == "%d\n" % daemon.pid, what
        assert os.stat(pid_file).st_uid == 0, what
        _ends(daemon)
        assert not os.path.lexists(pid_file), what
        unharmed()


@candidate_only
def pid_file_that_cannot_be_had(side):
    """A directory of that name: reported, and the daemon runs, as the reference does."""
    os.mkdir(side.path("s.pid"))
    daemon = side.start(HEAD + CAT)
    wait_until(lambda: "could not write pidfile " + side.path("s.pid") in daemon.log(), "the report")
    _ends(daemon)
    assert os.path.isdir(side.path("s.pid"))


@candidate_only
def pid_file_on_a_device(side):
    """pidfile=/dev/null is an idiom, and root's daemon must not remove the device at its end."""
    os.mkdir(side.path("dev"), 0o755)
    if os.getuid() == 0:
        os.mknod(side.path("dev/null"), 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    else:
        os.symlink("/dev/null", side.path("dev/null"))
    daemon = side.start(HEAD.replace("@DIR@/s.pid", "@DIR@/dev/null"))
    wait_until(lambda: "supervisord started with pid" in daemon.log(), "the start")
    _ends(daemon)
    assert os.path.lexists(side.path("dev/null")) and "could not write" not in daemon.log()


@candidate_only
def files_of_another_daemon_stay(side):
    """At its end the daemon removes its own socket and pid file, not what has taken their place."""
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    for name in ("s.sock", "s.pid"):
        os.rename(side.path(name), side.path("old." + name))
    other = socket.socket(socket.AF_UNIX)
    other.bind(side.path("s.sock"))
    side.write("s.pid", "%d\n" % os.getpid())
    _ends(daemon)
    assert os.path.exists(side.path("s.sock")) and side.read("s.pid") == "%d\n" % os.getpid()
    other.close()


def _status(side):
    return side.ctl("status", "cat")


@candidate_only
def removed_names_come_back(side):
    """A cleaner of /tmp has been there: SIGUSR2 brings the socket and the pid file back, for the stock client too."""
    daemon = side.start(HEAD.replace("file=@DIR@/s.sock", "file=@DIR@/s.sock\nchmod=0750\nchown=nobody:nogroup" if os.getuid() == 0 else "file=@DIR@/s.sock\nchmod=0750") + CAT)
    daemon.wait_state("cat", "RUNNING")
    before = os.stat(side.path("s.sock"))
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(side.path("s.sock"))
    descriptors = len(os.listdir("/proc/%d/fd" % daemon.pid))
    for _ in range(3):
        pid = daemon.rpc.supervisor.getProcessInfo("cat")["pid"]
        for name in ("s.sock", "s.pid"):
            os.unlink(side.path(name))
        assert "no such file" in _status(side)
        daemon.send(signal.SIGUSR2)
        wait_until(lambda: "RUNNING" in _status(side), "the socket to come back")
        after = os.stat(side.path("s.sock"))
        assert (before.st_mode, before.st_uid, before.st_gid) == (after.st_mode, after.st_uid, after.st_gid)
        assert side.read("s.pid") == "%d\n" % daemon.pid
        # A client of before is still served, and nothing was started again.
        client.sendall(b"GET /ok.html HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
        assert daemon.rpc.supervisor.getProcessInfo("cat")["pid"] == pid
        wait_until(lambda: len(os.listdir("/proc/%d/fd" % daemon.pid)) <= descriptors + 1, "the old socket to be closed")
    client.close()
    # By the other server, a reread does it as well.
    os.unlink(side.path("s.sock"))
    xmlrpc.client.ServerProxy("http://127.0.0.1:%d/RPC2" % side.port).supervisor.reloadConfig()
    wait_until(lambda: "RUNNING" in _status(side), "the socket to come back by a reread")
    assert daemon.log().count("was missing and has been created again") == 4, daemon.log()
    _ends(daemon)
    assert not os.path.exists(side.path("s.sock")) and not os.path.exists(side.path("s.pid"))


@candidate_only
def names_that_are_there_are_left_alone(side):
    """SIGUSR2 with everything in place logs what Python logs and touches nothing; a file of another daemon is not taken away."""
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    inode = os.stat(side.path("s.sock")).st_ino
    daemon.send(signal.SIGUSR2)
    wait_until(lambda: "supervisord logreopen" in daemon.log(), "the signal")
    daemon.wait_ready()
    assert os.stat(side.path("s.sock")).st_ino == inode and "missing" not in daemon.log()
    os.rename(side.path("s.sock"), side.path("aside"))
    other = socket.socket(socket.AF_UNIX)
    other.bind(side.path("s.sock"))
    inode = os.stat(side.path("s.sock")).st_ino
    daemon.send(signal.SIGUSR2)
    wait_until(lambda: daemon.log().count("supervisord logreopen") == 2, "the second signal")
    assert os.stat(side.path("s.sock")).st_ino == inode
    os.unlink(side.path("s.sock"))
    # Where nothing can be created the daemon says so and runs on.
    os.rename(side.path("aside"), side.path("s.sock"))
    _ends(daemon)
    other.close()


@candidate_only
def names_that_cannot_come_back(side):
    """The folder itself is gone: reported, and supervision goes on."""
    os.mkdir(side.path("run"))
    conf = HEAD.replace("file=@DIR@/s.sock", "file=@DIR@/run/s.sock").replace("@DIR@/s.pid", "@DIR@/run/s.pid") + CAT
    side.write("s.conf", conf)
    daemon = Daemon(side, ["-c", side.path("s.conf")])
    side.daemons.append(daemon)
    wait_until(lambda: "entered RUNNING" in daemon.log(), "cat")
    shutil.rmtree(side.path("run"))
    daemon.send(signal.SIGUSR2)
    wait_until(lambda: "is missing and cannot be created again" in daemon.log() and "could not write pidfile" in daemon.log(), "the reports")
    os.mkdir(side.path("run"))
    daemon.send(signal.SIGUSR2)
    wait_until(lambda: os.path.exists(side.path("run/s.sock")) and os.path.exists(side.path("run/s.pid")), "socket and pid file")
    _ends(daemon)


@candidate_only
def socket_where_there_are_no_hard_links(side):
    """NFS, 9p and some FUSE refuse link(2): the socket gets its name all the same, and a living owner keeps his."""
    if not shutil.which("strace"):
        raise Skip("needs strace")
    side.write("s.conf", HEAD)
    argv = ["strace", "-f", "-o", "/dev/null", "-e", "trace=link,linkat", "-e", "inject=link,linkat:error=EPERM", side.supervisord, "-n", "-c", side.path("s.conf")]
    process = subprocess.Popen(argv, cwd=side.dir, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    try:
        wait_until(lambda: "no such process" in side.ctl("status", "nothing") or process.poll() is not None, "an answer", 60)
        assert process.poll() is None, process.stderr.read()
        assert sorted(f for f in os.listdir(side.dir) if f.startswith("s.sock")) == ["s.sock"]
        refused = subprocess.run([*argv, "-j", side.path("second.pid"), "-l", side.path("second.log")], cwd=side.dir, stderr=subprocess.PIPE, timeout=60)
        assert refused.returncode == 2 and b"already listening" in refused.stderr, refused
        assert "no such process" in side.ctl("status", "nothing")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


SWAP = """
import os, sys
victim, folder = sys.argv[1:]
made = False
while True:
    for name in os.listdir(folder):
        if name.startswith("s.sock"):
            path = os.path.join(folder, name)
            try:
                os.unlink(path)
                os.symlink(victim, path)
            except OSError:
                pass
"""


@candidate_only
def socket_links_are_not_followed(side):
    """The owner of the folder puts a link in place of the new socket, at every step: mode and owner of its target stay."""
    _need_root()
    if not shutil.which("strace"):
        raise Skip("needs strace, which makes the time between the steps long enough")
    victim, unharmed = _victim(side)
    os.mkdir(side.path("theirs"))
    os.chown(side.path("theirs"), GAMES, 60)
    side.write("swap.py", SWAP)
    side.write("s.conf", HEAD.replace("file=@DIR@/s.sock", "file=@DIR@/theirs/s.sock\nchmod=0777\nchown=games:games"))
    delayed = "bind,chmod,fchmodat,chown,fchownat,link,linkat,rename"
    attacker = subprocess.Popen([PYTHON, side.path("swap.py"), victim, side.path("theirs")], user=GAMES, group=60, extra_groups=[])
    try:
        for _ in range(3):
            process = subprocess.Popen(["strace", "-f", "-o", "/dev/null", "-e", "trace=" + delayed, "-e", "inject=%s:delay_exit=5000" % delayed,
                                        side.supervisord, "-n", "-c", side.path("s.conf")], cwd=side.dir, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       start_new_session=True)
            try:
                wait_until(lambda: process.poll() is not None or "started with pid" in side.read("s.log"), "a start or a refusal", 60)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGTERM)
                process.wait(30)
            unharmed()
            if os.path.exists(side.path("s.log")):
                os.unlink(side.path("s.log"))
    finally:
        attacker.kill()
        attacker.wait()


@candidate_only
def sigterm_at_any_moment_of_the_start(side):
    """However odd what the start meets on its way, SIGTERM ends it: at once, or in order once everything is up."""
    _need_root()
    conf = _shared(side)
    os.mkfifo(side.path("shared/s.pid"))
    os.chown(side.path("shared/s.pid"), GAMES, 60)
    side.write("s.conf", conf)
    chance = random.Random(1)
    for _ in range(25):
        daemon = Daemon(side, ["-c", side.path("s.conf")])
        side.daemons.append(daemon)
        # Not a wait for anything: the moment itself is what is tried.
        time.sleep(chance.random() * 0.2)
        assert daemon.stop(timeout=20) in (0, -signal.SIGTERM)
        if not os.path.lexists(side.path("shared/s.pid")):
            os.mkfifo(side.path("shared/s.pid"))
    # A configuration that is never there.
    os.mkfifo(side.path("endless.conf"))
    process = subprocess.Popen([side.supervisord, "-n", "-c", side.path("endless.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: any("endless.conf" in os.readlink("/proc/%d/fd/%s" % (process.pid, fd)) for fd in _descriptors(process.pid)) or _opens(process.pid), "the open", 20)
    process.terminate()
    assert process.wait(20) == -signal.SIGTERM


def _descriptors(pid):
    try:
        return [fd for fd in os.listdir("/proc/%d/fd" % pid) if os.path.lexists("/proc/%d/fd/%s" % (pid, fd))]
    except OSError:
        return []


def _opens(pid):
    """Whether a thread hangs in the open of a named pipe."""
    try:
        for thread in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/wchan" % (pid, thread)) as f:
                if "wait_for_partner" in f.read() or "fifo_open" in f.read():
                    return True
    except OSError:
        pass
    return False


@candidate_only
def pidproxy_refuses_what_is_no_command(side):
    """0, 1, negative and huge numbers, FIFOs and endless files: nothing is signalled, the proxy does not hang, and its command's end is its own."""
    victim = subprocess.Popen(["/bin/sleep", "1000"], start_new_session=True)
    proxy = subprocess.Popen([os.path.join(side.bindir, "pidproxy"), side.path("pid"), "/bin/sh", "-c", "trap '' HUP; exec /bin/cat"], stdin=subprocess.PIPE,
                             stdout=open(side.path("out"), "wb"), stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_until(lambda: open("/proc/%d/stat" % proxy.pid).read().split()[3] != "0" and _has_child(proxy.pid), "the command")
        told = 0
        for text in ("-%d" % victim.pid, "0", "1", "-1", "%d" % proxy.pid, "99999999999999999999", "2147483648", "", "x", "5" * 1000, "\0" * 40):
            side.write("pid", text.encode())
            proxy.send_signal(signal.SIGHUP)
            told += 1
            wait_until(lambda: side.read("out").count("Can't read child pidfile") == told, "the refusal of %r" % text)
        for plant in (lambda: os.mkfifo(side.path("pid")), lambda: os.symlink("/dev/zero", side.path("pid"))):
            os.unlink(side.path("pid"))
            plant()
            proxy.send_signal(signal.SIGHUP)
            told += 1
            wait_until(lambda: side.read("out").count("Can't read child pidfile") == told, "the refusal of a file that is none")
        assert proxy.poll() is None and victim.poll() is None
        # A link to a pid file is one.
        os.unlink(side.path("pid"))
        side.write("real", "%d\n" % victim.pid)
        os.symlink(side.path("real"), side.path("pid"))
        proxy.send_signal(signal.SIGTERM)
        assert victim.wait(20) == -signal.SIGTERM and proxy.wait(20) == 0
    finally:
        for process in (victim, proxy):
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()


def _has_child(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        return f.read().split()


PUSH = """
import fcntl, os, sys, termios
try:
    terminal = os.open("/dev/tty", os.O_RDWR)
    for byte in b"id >pushed\\n":
        fcntl.ioctl(terminal, termios.TIOCSTI, bytes([byte]))
    print("pushed", flush=True)
except OSError as e:
    print("refused %d" % e.errno, flush=True)
"""


@candidate_only
def terminal_input_cannot_be_pushed(side):
    """A daemon in the foreground of root's terminal, a program of another user: /dev/tty is not the program's (ENXIO), so it can type nothing there."""
    _need_root()
    try:
        with open("/proc/sys/dev/tty/legacy_tiocsti") as f:
            if f.read().strip() == "0":
                raise Skip("this kernel does not let anybody push input (dev.tty.legacy_tiocsti)")
    except FileNotFoundError:
        pass  # Older than the setting: everybody may.
    side.write("push.py", PUSH)
    side.write("s.conf", HEAD + "[program:push]\ncommand=%s @DIR@/push.py\nuser=games\nstartsecs=0\nautorestart=false\nstdout_logfile=@DIR@/push.log\n" % PYTHON)
    terminal = Terminal([side.supervisord, "-n", "-c", side.path("s.conf")], cwd=side.dir)
    try:
        wait_until(lambda: side.read("push.log").strip() in ("pushed",) or side.read("push.log").startswith("refused"), "the attempt")
        assert side.read("push.log") == "refused 6\n", side.read("push.log")
        terminal.process.terminate()
        assert terminal.wait(30) == 0
    finally:
        terminal.close()
