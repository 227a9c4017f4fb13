"""What a child has of the daemon, and what a program of another user can do to the daemon while children are started (docs/threat-model.md)."""

import ctypes
import glob
import os
import pwd
import re
import struct
import threading
import time

from harness import Skip, both, candidate_only, wait_until
from ._conf import HEAD

# The programs of one attack signal everything of their user, so no other scenario may have the user.
KILLER, STOPPER = "news", "uucp"
ATTACK_SECONDS = float(os.environ.get("ATTACK_SECONDS", 8))
SPAWNS = 2000


def _need_root():
    if os.geteuid() != 0:
        raise Skip("needs root, to start programs as other users")


def _raise_ambient():
    """In the process that becomes the daemon: two harmless capabilities that survive an exec without being root's."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = (5, 10)  # CAP_KILL, CAP_NET_BIND_SERVICE
    header = struct.pack("II", 0x20080522, 0)
    sets = ctypes.create_string_buffer(24)
    assert libc.syscall(125 if os.uname().machine == "x86_64" else 90, header, sets) == 0
    words = list(struct.unpack("6I", sets.raw))
    for number in names:
        words[2] |= 1 << number
    assert libc.syscall(126 if os.uname().machine == "x86_64" else 91, header, struct.pack("6I", *words)) == 0
    for number in names:
        assert libc.prctl(47, 2, number, 0, 0) == 0


@both
def identity_of_children(side):
    """Users, groups, capabilities, signals and limits of a child, as its own /proc has them, with and without ambient capabilities of the daemon."""
    _need_root()
    seen = {}
    for title, options in (("plain", {}), ("ambient", {"preexec_fn": _raise_ambient})):
        daemon = side.start(HEAD + "".join("""
[program:%s]
command=/bin/cat /proc/self/status /proc/self/limits
stdout_logfile=@DIR@/%s.out
startsecs=0
autorestart=false
%s
""" % (name, name, extra) for name, extra in (("root", ""), ("named", "user=root"), ("games", "user=games\numask=027\ndirectory=/tmp"))), **options)
        for name in ("root", "named", "games"):
            daemon.wait_state(name, "EXITED")
            rows = re.findall(r"^(?:Uid|Gid|Groups|Cap\w+|NoNewPrivs|Seccomp|SigBlk|Umask|Max [^\n]*):?.*", side.read(name + ".out"), re.M)
            assert len(rows) > 20, rows
            seen["%s, %s" % (name, title)] = "\n".join(rows)
        daemon.stop()
        for name in ("root", "named", "games"):
            os.unlink(side.path(name + ".out"))
    return seen


@candidate_only
def children_of_another_user_have_no_terminal(side):
    """A session of their own for those, a group of their own for the others, as ever."""
    _need_root()
    daemon = side.start(HEAD + "".join("[program:%s]\ncommand=/bin/sleep 1000\nstartsecs=0\n%s\n" % p for p in (("own", ""), ("other", "user=games"))))
    for name, new_session in (("own", False), ("other", True)):
        pid = daemon.wait_state(name, "RUNNING") and daemon.rpc.supervisor.getProcessInfo(name)["pid"]
        with open("/proc/%d/stat" % pid) as f:
            group, session = map(int, f.read().rsplit(")", 1)[1].split()[2:4])
        assert group == pid
        assert (session == pid) == new_session, (name, pid, session)


class _Sampler(threading.Thread):
    """Reads the ids of every task of a process until it is stopped."""

    def __init__(self, pid):
        super().__init__()
        self._pid = pid
        self._stopped = threading.Event()
        self.samples = 0
        self.foreign = []
        self.start()

    def run(self):
        while not self._stopped.is_set():
            for path in glob.glob("/proc/%d/task/*/status" % self._pid):
                try:
                    with open(path) as f:
                        ids = re.search(r"^Uid:(.*)\nGid:(.*)$", f.read(), re.M)
                except OSError:
                    continue
                self.samples += 1
                if set((ids[1] + ids[2]).split()) != {"0"}:
                    self.foreign.append(ids[0])

    def stop(self):
        self._stopped.set()
        self.join()


@candidate_only
def the_daemon_has_one_identity(side):
    """No task of the daemon has another user's ids, at whatever moment of 2,000 starts as another user one looks."""
    _need_root()
    daemon = side.start(HEAD + """
[program:p]
command=/bin/true
process_name=%(process_num)03d
numprocs=100
user=games
startsecs=0
autostart=false
autorestart=false
stdout_logfile=NONE
stderr_logfile=NONE
""")
    sampler = _Sampler(daemon.pid)
    try:
        for _ in range(SPAWNS // 100):
            daemon.rpc.supervisor.startProcessGroup("p", False)
            wait_until(lambda: all(i["statename"] == "EXITED" for i in daemon.rpc.supervisor.getAllProcessInfo()), "all to end", 60)
    finally:
        sampler.stop()
    assert daemon.log().count("spawned: '") == SPAWNS
    assert sampler.samples > 100, "%d samples are too few to say anything" % sampler.samples
    assert not sampler.foreign, "%d of %d samples: %s" % (len(sampler.foreign), sampler.samples, sampler.foreign[0])


def _attack(side, user, attacker, seconds=None):
    """A daemon of root's with programs of one user that are started again and again, one of which leaves the attacker behind."""
    _need_root()
    try:
        pwd.getpwnam(user)
    except KeyError:
        raise Skip("there is no user %s" % user)
    side.write("attacker.py", attacker)
    side.write("attack.sh", "[ -e @DIR@/marks/begun ] || { : >@DIR@/marks/begun; setsid python3 @DIR@/attacker.py $PPID & }\nexit 0\n")
    os.mkdir(side.path("marks"))
    os.chmod(side.path("marks"), 0o777)
    daemon = side.start(HEAD + """
[program:innocent]
command=/bin/sleep 100000
startsecs=0
autorestart=true
[program:crowd]
command=/bin/sh @DIR@/attack.sh
process_name=%%(process_num)02d
numprocs=20
user=%s
startsecs=0
autorestart=true
stdout_logfile=NONE
stderr_logfile=NONE
""" % user)
    began = time.monotonic()
    try:
        wait_until(lambda: os.path.exists(side.path("marks/begun")), "the attacker")
        while time.monotonic() < began + (seconds or ATTACK_SECONDS):
            assert daemon.process.poll() is None, "the daemon was killed after %.1f s, status %s" % (time.monotonic() - began, daemon.process.returncode)
            pid = daemon.rpc.supervisor.getProcessInfo("innocent")["pid"]
            time.sleep(1)
            os.kill(pid, 9)
            try:
                wait_until(lambda: daemon.rpc.supervisor.getProcessInfo("innocent")["pid"] not in (0, pid), "the innocent to be back", 10)
            except (AssertionError, OSError) as e:
                raise AssertionError("after %.1f s the daemon no longer supervises: %s" % (time.monotonic() - began, e))
    finally:
        with open(side.path("marks/end"), "w"):
            pass
        os.chmod(side.path("marks/end"), 0o666)
    tries = wait_until(lambda: os.path.exists(side.path("marks/tries")) and side.read("marks/tries"), "the attacker to end")
    assert int(tries) > 1000, "the attack was none: %s tries" % tries
    assert daemon.stop() == 0, "SIGTERM does not end it in order"


@candidate_only
def attack_by_kill(side):
    """A program of another user signals the daemon and each of its threads, by every way there is, while the daemon starts programs of that user."""
    _attack(side, KILLER, """
import os, sys
daemon, tries = int(sys.argv[1]), 0
while os.path.exists('@DIR@/marks') and not os.path.exists('@DIR@/marks/end'):
    tasks = [int(t) for t in os.listdir('/proc/%d/task' % daemon)] if os.path.exists('/proc/%d' % daemon) else []
    for _ in range(2000):
        for task in tasks:
            tries += 1
            try:
                os.kill(task, 9)
                open('@DIR@/marks/killed', 'w').close()
            except OSError:
                pass
open('@DIR@/marks/tries', 'w').write(str(tries))
""")


@candidate_only
def attack_by_stop(side):
    """A program of another user stops every process that has become its user, before the exec too, while the daemon starts programs of that user."""
    _attack(side, STOPPER, """
import os, signal
tries = 0
while os.path.exists('@DIR@/marks') and not os.path.exists('@DIR@/marks/end'):
    for _ in range(1000):
        tries += 1
        try:
            os.kill(-1, signal.SIGSTOP)
        except OSError:
            pass
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
open('@DIR@/marks/tries', 'w').write(str(tries))
""")
