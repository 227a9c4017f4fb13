"""Programs that misbehave, alone and in crowds."""

import ctypes
import os
import signal
import subprocess
import time

from reliability.base import CONF, Daemon, Skip, answers, call, gauges, launch, logged, median, ms, need_root, supervises, trial, wait_until

SECTION = "Programs"


@trial(SECTION, "programs that end at once, startsecs=0, restarted for ever", 60, 200, "programs, for 3 s or 20 s")
def crash_loop(side, programs):
    text = "[program:crash]\ncommand=/bin/false\nstartsecs=0\nautorestart=true\nnumprocs=%d\nprocess_name=%%(program_name)s_%%(process_num)d\n" % programs
    daemon = launch(side, text)
    began, cpu = time.monotonic(), gauges.cpu_seconds(daemon.pid)
    times = []
    while time.monotonic() - began < (3 if programs < 200 else 20):
        times.append(answers(daemon))
        time.sleep(0.05)
    used = (gauges.cpu_seconds(daemon.pid) - cpu) / (time.monotonic() - began)
    again = supervises(daemon)
    count, dead = gauges.children(daemon.pid)
    return "answers in %s (worst %s), another program is back after %s, %d %% CPU" % (ms(median(times)), ms(max(times)), ms(again), used * 100)


@trial(SECTION, "many programs: all started, one killed, all stopped", 150, 2000, "programs")
def many_programs(side, programs):
    text = "[program:m]\ncommand=/bin/sleep 1000000\nstartsecs=0\nnumprocs=%d\nprocess_name=%%(program_name)s_%%(process_num)d\n" % programs
    side.write("s.conf", (CONF + text).replace("minfds=64", "minfds=15000").replace("[program:m]", "[program:m]\nstdout_logfile=NONE\nredirect_stderr=true"))
    began = time.monotonic()
    daemon = Daemon(side, ["-s", "-c", side.path("s.conf")])
    side.daemons.append(daemon)
    rpc = call(side, 120).supervisor

    def ready():
        try:
            return rpc.getState()
        except OSError:
            return None
    wait_until(ready, "an answer", 120)
    wait_until(lambda: sum(p["statename"] == "RUNNING" for p in rpc.getAllProcessInfo()) == programs + 1, "all to run", 120)
    up = time.monotonic() - began
    again = supervises(daemon)
    rss = gauges.resident_kib(daemon.pid)
    began = time.monotonic()
    daemon.stop(timeout=120)
    return "all run after %s, a killed one is back after %s, %.0f MiB, all stopped in %s" % (ms(up), ms(again), rss / 1024, ms(time.monotonic() - began))


@trial(SECTION, "orphans under PID 1: a program that double-forks short-lived children (pid namespace)", 500, 20_000, "orphans")
def orphans(side, count):
    need_root()
    inside = ["unshare", "--pid", "--fork", "--mount-proc"]
    if subprocess.run([*inside, "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("no pid namespaces")
    side.write("fork.py", "import os\nfor i in range(%d):\n    if os.fork() == 0:\n        if os.fork() == 0:\n            os._exit(7)\n        os._exit(0)\n"
                          "    os.wait()\nopen('@DIR@/done', 'w').close()\nimport time\ntime.sleep(1000000)\n" % count)
    side.write("s.conf", CONF + "[program:fork]\ncommand=/usr/bin/python3 -S -E @DIR@/fork.py\nstartsecs=0\n")
    outer = subprocess.Popen([*inside, "--kill-child", side.supervisord, "-s", "-n", "-c", side.path("s.conf")], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: os.path.exists(side.path("done")), "the forks", 240)
        with open("/proc/%d/task/%d/children" % (outer.pid, outer.pid)) if os.path.exists("/proc/%d/task/%d/children" % (outer.pid, outer.pid)) \
                else os.popen("pgrep -P %d" % outer.pid) as f:
            pid = int(f.read().split()[0])
        wait_until(lambda: gauges.children(pid)[1] == 0, "no zombies", 60)
        rpc = call(side).supervisor
        assert rpc.getState()["statename"] == "RUNNING"
        old = rpc.getProcessInfo("canary")["pid"]
        rpc.signalProcess("canary", "KILL")
        wait_until(lambda: rpc.getProcessInfo("canary")["pid"] not in (0, old), "the canary's successor")
        reaped = side.read("s.log").count("reaped unknown pid")
        return "all reaped (%s told), no zombie left" % format(reaped, ",")
    finally:
        outer.kill()
        outer.wait()


def _odd(side, command, extra="", wait=True):
    daemon = launch(side, "[program:odd]\ncommand=%s\nstartsecs=0\nstopwaitsecs=1\nautorestart=false\n%s\n" % (command, extra))
    if wait:
        daemon.wait_state("odd", "RUNNING")
    return daemon, call(side).supervisor


@trial(SECTION, "a program that ignores SIGTERM, stopped", 1, 10, "times")
def ignores_term(side, times):
    daemon, rpc = _odd(side, "/bin/sh -c \"trap '' TERM; echo on; while :; do sleep 1; done\"", "stdout_logfile=@DIR@/odd.out")
    for _ in range(times):
        wait_until(lambda: "on" in side.read("odd.out"), "the trap")
        assert rpc.stopProcess("odd")
        assert rpc.getProcessInfo("odd")["statename"] == "STOPPED"
        rpc.clearProcessLogs("odd")
        os.path.exists(side.path("odd.out")) and os.truncate(side.path("odd.out"), 0)
        rpc.startProcess("odd")
    logged(daemon, "with SIGKILL")
    supervises(daemon)
    return "SIGKILL after stopwaitsecs"


@trial(SECTION, "a program stopped by SIGSTOP, then asked to stop", 1, 10, "times")
def frozen(side, times):
    daemon, rpc = _odd(side, "/bin/sleep 1000000")
    for _ in range(times):
        os.kill(rpc.getProcessInfo("odd")["pid"], signal.SIGSTOP)
        supervises(daemon)
        assert rpc.getProcessInfo("odd")["statename"] == "RUNNING"
        assert rpc.stopProcess("odd")
        rpc.startProcess("odd")
    return "SIGKILL after stopwaitsecs"


@trial(SECTION, "a program under a debugger (ptrace), asked to stop, then let go", 1, 5, "times")
def traced(side, times):
    daemon, rpc = _odd(side, "/bin/sleep 1000000")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    for _ in range(times):
        pid = rpc.getProcessInfo("odd")["pid"]
        if libc.ptrace(16, pid, None, None) != 0:
            raise Skip("may not trace")
        os.waitpid(pid, 0x40000000)
        assert rpc.stopProcess("odd", False)
        supervises(daemon)
        # The tracer sees the SIGTERM first; SIGKILL comes after stopwaitsecs, and the death is the tracer's to see before the parent's.
        status = 0x7F
        while not os.WIFSIGNALED(status) and not os.WIFEXITED(status):
            status = os.waitpid(pid, 0x40000000)[1]
        wait_until(lambda: rpc.getProcessInfo("odd")["statename"] == "STOPPED", "the stop")
        rpc.startProcess("odd")
    supervises(daemon)
    return "everybody else is served meanwhile; stopped when it can be"


@trial(SECTION, "a program whose grandchild keeps its pipes open after its death", 5, 50, "times")
def pipes_kept(side, times):
    daemon, rpc = _odd(side, "/bin/sh -c \"sleep 5 & exit 0\"", wait=False)
    before = gauges.descriptors(daemon.pid)
    for _ in range(times):
        wait_until(lambda: rpc.getProcessInfo("odd")["statename"] == "EXITED", "the exit", 5)
        try:
            rpc.startProcess("odd")
        except Exception:
            pass
    wait_until(lambda: rpc.getProcessInfo("odd")["statename"] == "EXITED", "the exit", 5)
    supervises(daemon)
    assert gauges.descriptors(daemon.pid) <= before + 4, "leaks descriptors"
    return "its exit is seen at once, nothing leaks"


@trial(SECTION, "a program that closes stdin, stdout and stderr and lives on", 1, 10, "times")
def pipes_closed(side, times):
    daemon, rpc = _odd(side, "/bin/sh -c \"exec sleep 1000000 <&- >&- 2>&-\"")
    for _ in range(times):
        cpu, began = gauges.cpu_seconds(daemon.pid), time.monotonic()
        time.sleep(0.5)
        used = (gauges.cpu_seconds(daemon.pid) - cpu) / (time.monotonic() - began)
        assert used < 0.5, "spins with %d %% CPU" % (used * 100)
        try:
            rpc.sendProcessStdin("odd", "x")
        except Exception:
            pass
        assert rpc.stopProcess("odd")
        rpc.startProcess("odd")
    supervises(daemon)
    return "supervised like any other, no busy loop"


@trial(SECTION, "programs that flood stdout, all at once, for 2 s or 15 s", 4, 50, "programs")
def flood(side, programs):
    daemon = launch(side, "[program:flood]\ncommand=/usr/bin/yes\nstartsecs=0\nnumprocs=%d\nprocess_name=f%%(process_num)d\n"
                          "stdout_logfile=@DIR@/f%%(process_num)d.log\nstdout_logfile_maxbytes=1MB\nstdout_logfile_backups=1\n" % programs)
    times, end = [], time.monotonic() + (2 if programs < 50 else 15)
    while time.monotonic() < end:
        times.append(answers(daemon, 30))
        time.sleep(0.05)
    again = supervises(daemon, 60)
    rss = gauges.resident_kib(daemon.pid)
    assert rss < 300 * 1024, "%d MiB resident" % (rss // 1024)
    return "answers in %s (worst %s), a killed program is back after %s, %.0f MiB" % (ms(median(times)), ms(max(times)), ms(again), rss / 1024)


@trial(SECTION, "half a UTF-8 character in the output, in events and in tails, then silence", 1, 20, "times")
def half_character(side, times):
    daemon, rpc = _odd(side, "/bin/sh -c \"printf 'x\\\\303'; exec sleep 1000000\"", "stdout_logfile=@DIR@/odd.out\nstdout_events_enabled=true")
    for _ in range(times):
        wait_until(lambda: os.path.exists(side.path("odd.out")) and os.path.getsize(side.path("odd.out")) > 0, "the output")
        text = call(side).supervisor.tailProcessStdoutLog("odd", 0, 100)[0]
        assert text.startswith("x"), repr(text)
        rpc.stopProcess("odd")
        rpc.startProcess("odd")
    supervises(daemon)
    return "told with a replacement character"
