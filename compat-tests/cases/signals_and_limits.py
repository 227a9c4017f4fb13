"""Every signal, and limits of the kernel: what ends the reference may end ours, and nothing else."""

import os
import resource
import signal
import subprocess

from harness import Skip, both, candidate_only, wait_until
from ._conf import HEAD

CAT = "[program:cat]\ncommand=/bin/cat\nstartsecs=0\n"

# The default action of these ends either daemon. Real-time signals are all alike: a few of them.
LETHAL = [signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGUSR1, signal.SIGALRM, 16, signal.SIGXCPU, signal.SIGVTALRM, signal.SIGPROF,
          signal.SIGIO, signal.SIGPWR, signal.SIGSYS, 35, 36, 63, 64]

# Neither is ended by these. The daemon leads a session of its own, so the terminal's signals do not stop it.
SURVIVED = [signal.SIGHUP, signal.SIGUSR2, signal.SIGPIPE, signal.SIGCHLD, signal.SIGCONT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGURG,
            signal.SIGXFSZ, signal.SIGWINCH]

# Left out: KILL and STOP leave no choice, 32 and 33 belong to the C library. FPE, SEGV and 34 end the reference, while the runtime of ours
# ignores a first fault that did not happen, and uses the first real-time signal for itself.


def _waits(pid, number):
    """Whether the kernel still holds the signal for the process."""
    with open("/proc/%d/status" % pid) as status:
        held = [int(line.split()[1], 16) for line in status if line.startswith(("ShdPnd", "SigPnd"))]
    return any(mask >> (number - 1) & 1 for mask in held)


@both
def every_signal(side):
    seen = {}
    daemon = side.start(HEAD)
    for number in SURVIVED:
        daemon.send(number)
        wait_until(lambda: not _waits(daemon.pid, number), "signal %d to arrive" % number)
        if number == signal.SIGUSR2:
            wait_until(lambda: "supervisord logreopen" in side.read("s.log"), "the logs to be reopened")
        elif number == signal.SIGHUP:
            wait_until(lambda: side.read("s.log").count("supervisord started with pid") == 2, "the restart")
        daemon.wait_ready()
    seen["survived all"] = "status %d" % daemon.stop()
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, *LETHAL):
        daemon = side.start(HEAD)
        daemon.send(number)
        seen["signal %d" % number] = "status %d" % daemon.process.wait(30)
    return seen


def _limit(which, amount):
    return lambda: resource.setrlimit(which, (amount, amount))


NOISY = """
[program:noisy]
command=/bin/sh -c "yes | head -c 300000; exec sleep 1000"
startsecs=0
stdout_logfile=@DIR@/noisy.log
stdout_logfile_maxbytes=%s
"""


def _file_size_limit(side, maxbytes):
    size = 64 * 1024
    daemon = side.start(HEAD + CAT + NOISY % maxbytes, preexec_fn=_limit(resource.RLIMIT_FSIZE, size))
    daemon.wait_state("noisy", "RUNNING")
    noisy = daemon.rpc.supervisor.getProcessInfo("noisy")["pid"]

    def drained():
        with open("/proc/%d/cmdline" % noisy) as command:
            return command.read().startswith("sleep")
    wait_until(drained, "all output to be read")
    wait_until(lambda: os.path.getsize(side.path("noisy.log")) > 0, "a log")
    daemon.wait_ready()
    states = {p["name"]: p["statename"] for p in daemon.rpc.supervisor.getAllProcessInfo()}
    assert os.path.getsize(side.path("noisy.log")) <= size
    return {"states": str(sorted(states.items())), "end": "status %s" % daemon.stop(),
            "left behind": " ".join(sorted(f for f in os.listdir(side.dir) if f in ("s.sock", "s.pid")))}


@both
def file_size_limit(side):
    """RLIMIT_FSIZE (ulimit -f, LimitFSIZE=): a log ends there, and nothing else does."""
    return _file_size_limit(side, "0")


@both
def file_size_limit_with_rotation(side):
    return _file_size_limit(side, "40KB")


@candidate_only
def file_size_limit_in_the_background(side):
    """The same after going into the background and after a restart, where the program executes itself."""
    size = 64 * 1024
    side.write("s.conf", HEAD.replace("nodaemon=true\n", "") + CAT + NOISY % "0")
    subprocess.run([side.supervisord, "-c", side.path("s.conf")], check=True, preexec_fn=_limit(resource.RLIMIT_FSIZE, size), timeout=60)
    wait_until(lambda: side.read("s.pid").strip().isdigit(), "the pidfile")
    pid = int(side.read("s.pid"))
    try:
        wait_until(lambda: os.path.exists(side.path("noisy.log")) and os.path.getsize(side.path("noisy.log")) == size, "a full log")
        os.kill(pid, signal.SIGHUP)
        wait_until(lambda: side.read("s.log").count("entered RUNNING state") >= 4, "the second life")
        assert "RUNNING" in side.ctl("status", "cat")
    finally:
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not os.path.exists("/proc/%d" % pid), "the end")
    assert not os.path.exists(side.path("s.sock")) and not os.path.exists(side.path("s.pid"))


@candidate_only
def programs_have_every_signal_at_its_default(side):
    """Whatever the daemon's starter or the daemon itself ignores or blocks."""
    ignored = (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGHUP, signal.SIGUSR1, signal.SIGTERM)

    def careless():
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    daemon = side.start(HEAD + '[program:look]\ncommand=/bin/sh -c "exec cat /proc/self/status"\nstartsecs=0\nstdout_logfile=@DIR@/look.log\n',
                        preexec_fn=careless)
    wait_until(lambda: "nonvoluntary" in side.read("look.log"), "the program's report")
    masks = {line.split(":")[0]: int(line.split()[1], 16) for line in side.read("look.log").splitlines()
             if line.startswith(("SigBlk", "SigIgn", "SigCgt"))}
    assert masks["SigIgn"] == masks["SigBlk"] == masks["SigCgt"] == 0, side.read("look.log")
    assert daemon.stop() == 0


@candidate_only
def programs_get_none_of_our_variables(side):
    """What the daemon tells itself by the environment, in the foreground and on its way into the background, stays there; what its starter set does not."""
    look = '[program:look]\ncommand=/bin/sh -c "env >@DIR@/seen.$$ && mv @DIR@/seen.$$ @DIR@/seen"\nstartsecs=0\nautorestart=false\n'
    ours = ("DOTNET_", "MALLOC_", "SUPERVISOR_NET", "SUPERVISORD_")
    env = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    daemon = side.start(HEAD + look, env=env)
    wait_until(lambda: os.path.exists(side.path("seen")), "the program's report")
    assert not [line for line in side.read("seen").splitlines() if line.startswith(ours)], side.read("seen")
    daemon.stop()
    os.unlink(side.path("seen"))
    side.write("s.conf", HEAD.replace("nodaemon=true\n", "") + look)
    subprocess.run([side.supervisord, "-c", side.path("s.conf")], check=True, env=dict(env, MALLOC_ARENA_MAX="3"), timeout=60)
    wait_until(lambda: os.path.exists(side.path("seen")), "the program's report")
    assert [line for line in side.read("seen").splitlines() if line.startswith(ours)] == ["MALLOC_ARENA_MAX=3"], side.read("seen")
    wait_until(lambda: side.read("s.pid").strip().isdigit(), "the pidfile")
    pid = int(side.read("s.pid"))
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not os.path.exists("/proc/%d" % pid), "the end")


@candidate_only
def clients_outlive_a_file_size_limit(side):
    """supervisorctl and the listeners report what they cannot write, they do not die of it."""
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    with open(side.path("out"), "wb") as out:
        done = subprocess.run([os.path.join(side.bindir, "supervisorctl"), "-c", side.path("s.conf"), "status"], stdout=out,
                              preexec_fn=_limit(resource.RLIMIT_FSIZE, 0), timeout=60)
        assert done.returncode >= 0, done
        done = subprocess.run([os.path.join(side.bindir, "memmon"), "--help"], stdout=out, preexec_fn=_limit(resource.RLIMIT_FSIZE, 0), timeout=60)
        assert done.returncode >= 0, done


@candidate_only
def closed_standard_descriptors(side):
    """Nothing of the runtime takes their numbers: the shell's input is at its end, and no random bytes are commands."""
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    ctl = "%s -c %s" % (os.path.join(side.bindir, "supervisorctl"), side.path("s.conf"))
    for command in (ctl + " <&-", ctl + " <&- >&- 2>&-", ctl + " version >&- 2>&-", os.path.join(side.bindir, "memmon") + " --help <&- >&- 2>&-"):
        done = subprocess.run(["/bin/sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        assert done.returncode in (0, 1, 2), (command, done)
        assert b"Unknown syntax" not in done.stdout, (command, done.stdout[:200])
    side.write("look.sh", "seen=$(for d in 0 1 2; do readlink /proc/$$/fd/$d; done)\necho \"$seen\" >@DIR@/descriptors\n")
    subprocess.run(["/bin/sh", "-c", "exec %s %s /bin/sh %s <&- >&- 2>&-" % (os.path.join(side.bindir, "pidproxy"), side.path("none"), side.path("look.sh"))], timeout=60)
    assert side.read("descriptors") == "/dev/null\n" * 3, side.read("descriptors")


@candidate_only
def small_address_space(side):
    """ulimit -v: runs where the reference does, and below that is refused at the start, with nothing left behind."""
    def launch(kib, name):
        side.write("s.conf", HEAD + CAT)
        with open(side.path(name), "wb") as out:
            return subprocess.Popen([side.supervisord, "-n", "-c", side.path("s.conf")], cwd=side.dir, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                    preexec_fn=_limit(resource.RLIMIT_AS, kib * 1024))

    def running(process):
        return process.poll() is not None or "RUNNING" in side.ctl("status", "cat")

    for kib in (131072, 98304):
        process = launch(kib, "out")
        wait_until(lambda: running(process), "a start with %d KiB" % kib, 60)
        assert process.poll() is None, "%d KiB: status %d, %s" % (kib, process.returncode, side.read("out"))
        process.terminate()
        assert process.wait(30) == 0
    refused = 0
    for kib in range(90112, 40960, -4096):
        process = launch(kib, "refused")
        wait_until(lambda: running(process), "an answer with %d KiB" % kib, 60)
        if process.poll() is None:
            process.terminate()
            assert process.wait(30) == 0
            continue
        refused += 1
        assert process.returncode > 0, "%d KiB: status %d, %s" % (kib, process.returncode, side.read("refused"))
        assert not os.path.exists(side.path("s.sock")) and not os.path.exists(side.path("s.pid")), "%d KiB leaves something behind" % kib
    assert refused, "no limit was small enough"


@candidate_only
def no_threads_to_be_had(side):
    """RLIMIT_NPROC of a user of its own: refused with a reason, and nothing is left behind."""
    if os.getuid() != 0:
        raise Skip("needs root to become somebody else")
    os.chmod(side.dir, 0o777)
    side.write("s.conf", HEAD.replace("[supervisord]\n", "[supervisord]\nminprocs=8\n") + CAT)

    def become():
        resource.setrlimit(resource.RLIMIT_NPROC, (8, 8))
        os.setgroups([])
        os.setgid(54321)
        os.setuid(54321)
    done = subprocess.run([side.supervisord, "-n", "-c", side.path("s.conf")], cwd=side.dir, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, preexec_fn=become, timeout=60)
    assert done.returncode in (1, 2) and b"ulimit -u" in done.stdout, done
    assert not os.path.exists(side.path("s.sock")) and not os.path.exists(side.path("s.pid"))
