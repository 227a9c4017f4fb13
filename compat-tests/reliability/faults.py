"""Resources that run out, files that go away, readers that do not read."""

import os
import resource
import shutil
import subprocess
import sys
import time

from reliability.base import (CONF, Skip, answers, call, connect, gauges, held, is_ours, launch, logged, ms, need_root, returns_to, sh, supervises,
                              trial, wait_until)

SECTION = "Resources"


@trial(SECTION, "out of descriptors (RLIMIT_NOFILE) by starts and by clients", 1, 5, "times")
def descriptors(side, times):
    programs = "".join("[program:p%d]\ncommand=/bin/sleep 1000000\nautostart=false\nstartsecs=0\nstartretries=0\n" % i for i in range(20))
    daemon = launch(side, programs)
    rpc = call(side).supervisor
    before = held(daemon)
    busy = 0.0
    for _ in range(times):
        resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (before + 6, 20000))
        for i in range(20):
            try:
                rpc.startProcess("p%d" % i, False)
            except Exception:
                pass
        logged(daemon, "too many open files to spawn")
        clients = []
        for _ in range(30):
            clients.append(connect(side))
        began, cpu = time.monotonic(), gauges.cpu_seconds(daemon.pid)
        time.sleep(1)
        busy = max(busy, (gauges.cpu_seconds(daemon.pid) - cpu) / (time.monotonic() - began))
        for client in clients:
            client.close()
        resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (4096, 20000))
        answers(daemon)
        rpc = call(side).supervisor
        supervises(daemon)
        rpc.startAllProcesses()
        rpc.stopAllProcesses()
        rpc.startProcess("canary")
    returns_to(daemon, before + 4)
    return "spawn errors told, all start again afterwards; %d %% CPU while out of descriptors" % round(busy * 100)


@trial(SECTION, "out of processes (RLIMIT_NPROC, as another user)", 1, 5, "times")
def processes(side, times):
    need_root()
    os.chown(side.dir, 65534, 65534)
    program = "[program:p]\ncommand=/bin/sleep 1000000\nautostart=false\nstartsecs=0\nstartretries=1000\n"
    daemon = launch(side, program, user=65534, group=65534, extra_groups=[])
    rpc = call(side).supervisor

    def limit(daemon, count):
        subprocess.run(["prlimit", "--pid", str(daemon.pid), "--nproc=%d:" % count], user=65534, group=65534,
                       extra_groups=[], check=True)

    for _ in range(times):
        limit(daemon, 1)
        # Clients as well: answering them must not need new threads.
        for _ in range(20):
            answers(daemon)
        try:
            rpc.startProcess("p")
            raise AssertionError("started beyond the limit")
        except Exception as e:
            assert not isinstance(e, AssertionError), e
        logged(daemon, "Too many processes in process table")
        limit(daemon, 10000)
        wait_until(lambda: rpc.getProcessInfo("p")["statename"] == "RUNNING", "the start after the limit is lifted")
        rpc.stopProcess("p")
    supervises(daemon)
    return "spawn error told, clients answered, started by itself when the limit is lifted"


@trial(SECTION, "started with little address space (RLIMIT_AS 512 MiB)", 1, 3, "times")
def address_space_at_start(side, times):
    for _ in range(times):
        daemon = launch(side, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20)))
        supervises(daemon)
        daemon.stop()
    return "runs"


@trial(SECTION, "no more address space while running (RLIMIT_AS at what it has), requests of 16 MiB", 1, 3, "times")
def address_space(side, times):
    daemon = launch(side)
    for _ in range(times):
        with open("/proc/%d/status" % daemon.pid) as f:
            size = next(int(line.split()[1]) for line in f if line.startswith("VmSize"))
        resource.prlimit(daemon.pid, resource.RLIMIT_AS, ((size + 1024) << 10, resource.RLIM_INFINITY))
        refused = 0
        for _ in range(3):
            try:
                call(side).supervisor.sendProcessStdin("nobody", "x" * (16 << 20))
            except Exception:
                refused += 1
        resource.prlimit(daemon.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        supervises(daemon)
    return "requests refused, goes on"


def _mount(side, options="size=1m"):
    need_root()
    os.makedirs(side.path("mnt"), exist_ok=True)
    try:
        sh("mount -t tmpfs -o %s none '%s'" % (options, side.path("mnt")))
    except Exception:
        raise Skip("cannot mount")


@trial(SECTION, "full disk (tmpfs of 1 MiB), then space again", 1, 10, "times")
def full_disk(side, times):
    _mount(side)
    try:
        daemon = launch(side, "[program:p]\ncommand=/bin/sh -c \"while read x; do head -c 300000 /dev/zero; echo; done\"\n"
                              "stdout_logfile=@DIR@/mnt/p.log\nstdout_logfile_maxbytes=0\nstartsecs=0\n")
        rpc = call(side).supervisor
        for _ in range(times):
            for _ in range(8):
                rpc.sendProcessStdin("p", "x\n")
            wait_until(lambda: os.statvfs(side.path("mnt")).f_bavail == 0, "the disk to be full")
            supervises(daemon)
            os.truncate(side.path("mnt/p.log"), 0)
            size = os.path.getsize

            def writes():
                rpc.sendProcessStdin("p", "x\n")
                return size(side.path("mnt/p.log"))
            wait_until(writes, "output to be logged again")
            os.truncate(side.path("mnt/p.log"), 0)
        if is_ours(side):
            logged(daemon, "p: could not write to log file")
            logged(daemon, "is written again")
        told = "No space left" in daemon.log() + side.read("stderr.txt")
        return "supervision goes on, the loss is %s, writing resumes" % ("told" if told else "not told")
    finally:
        sh("umount -l '%s'" % side.path("mnt"))


@trial(SECTION, "log directory removed under running and restarting programs, then made again", 1, 10, "times")
def vanishing_directory(side, times):
    os.makedirs(side.path("logs"))
    daemon = launch(side, "[program:p]\ncommand=/bin/sh -c \"echo hello; exec sleep 1000000\"\nstartsecs=0\nstartretries=100\n"
                          "stdout_logfile=@DIR@/logs/p.log\n")
    rpc = call(side).supervisor
    for _ in range(times):
        shutil.rmtree(side.path("logs"))
        rpc.stopProcess("p")
        try:
            rpc.startProcess("p")
        except Exception:
            pass
        logged(daemon, "spawnerr")
        supervises(daemon)
        os.makedirs(side.path("logs"))
        wait_until(lambda: rpc.getProcessInfo("p")["statename"] == "RUNNING", "the start with the directory there again")
    return "spawn error told, starts when the directory is back"


@trial(SECTION, "log file system remounted read-only, then writable", 1, 5, "times")
def read_only(side, times):
    _mount(side)
    try:
        daemon = launch(side, "[program:p]\ncommand=/bin/sh -c \"echo hello; exec sleep 1000000\"\nstartsecs=0\nstartretries=100\nautostart=false\n"
                              "stdout_logfile=@DIR@/mnt/p.log\n")
        rpc = call(side).supervisor
        for _ in range(times):
            sh("mount -o remount,ro '%s'" % side.path("mnt"))
            try:
                rpc.startProcess("p")
            except Exception:
                pass
            logged(daemon, "spawnerr")
            supervises(daemon)
            sh("mount -o remount,rw '%s'" % side.path("mnt"))
            wait_until(lambda: rpc.getProcessInfo("p")["statename"] == "RUNNING", "the start on the writable file system")
            rpc.stopProcess("p")
        return "spawn error told, starts when it is writable again"
    finally:
        sh("umount -l '%s'" % side.path("mnt"))


@trial(SECTION, "log target is a named pipe that nobody opens for reading", 1, 3, "programs")
def unread_pipe(side, programs):
    text = ""
    for i in range(programs):
        os.mkfifo(side.path("f%d" % i))
        text += "[program:p%d]\ncommand=/bin/sh -c \"echo hello; exec sleep 1000000\"\nstdout_logfile=@DIR@/f%d\nstartsecs=0\n" % (i, i)
    daemon = launch(side, text, wait=False)
    answers(daemon, 10)
    daemon.wait_state("p0", "RUNNING")
    supervises(daemon)
    logged(daemon, "p0: could not write to log file")
    return "all programs run, the loss is told"


@trial(SECTION, "log target is a named pipe whose reader stops reading; the program floods it", 300_000, 30_000_000, "bytes")
def stuck_pipe(side, size):
    os.mkfifo(side.path("f"))
    reader = os.open(side.path("f"), os.O_RDONLY | os.O_NONBLOCK)
    try:
        daemon = launch(side, "[program:p]\ncommand=/bin/sh -c \"head -c %d /dev/zero | tr '\\0' x; echo > @DIR@/done; exec sleep 1000000\"\n"
                              "stdout_logfile=@DIR@/f\nstartsecs=0\nautostart=false\nstopasgroup=true\n" % size)
        rpc = call(side, 10).supervisor
        rpc.startProcess("p")
        time.sleep(1)
        longest = answers(daemon, 10)
        supervises(daemon)
        if is_ours(side):
            logged(daemon, "the program waits until it does", 30)
        got, end = 0, time.monotonic() + 60
        while got < size and time.monotonic() < end:
            try:
                got += len(os.read(reader, 1 << 20))
            except BlockingIOError:
                time.sleep(0.005)
        assert got == size, "%d of %d bytes arrived" % (got, size)
        wait_until(lambda: os.path.exists(side.path("done")), "the program to go on")
        supervises(daemon)
        return "that program waits, nothing is lost, the others do not notice (answer after %s)" % ms(longest)
    finally:
        os.close(reader)


@trial(SECTION, "standard output of the foreground daemon is a pipe nobody reads", 1, 1, "times")
def stuck_stdout(side, times):
    read, write = os.pipe()
    try:
        daemon = launch(side, args=("-e", "debug"), wait=False, stdout=write)
        daemon.wait_ready()
        for _ in range(1500):
            try:
                call(side, 10).supervisor.signalProcess("canary", "CONT")
            except OSError as e:
                raise AssertionError("the daemon is deaf (%s)" % e)
        supervises(daemon, 10)
        return "lines on the pipe are dropped, those in the log file are not"
    finally:
        os.close(read)
        os.close(write)


@trial(SECTION, "output and activity to a syslog that is not there", 1, 1, "times")
def no_syslog(side, times):
    if os.path.exists("/dev/log"):
        raise Skip("there is a /dev/log here")
    daemon = launch(side, "[program:p]\ncommand=/bin/sh -c \"while :; do echo hello; sleep 0.01; done\"\nstdout_syslog=true\nstartsecs=0\n"
                          "stopasgroup=true\n")
    time.sleep(0.5)
    supervises(daemon)
    return "goes on"


REUSE = """
import os, signal, subprocess, sys, time
supervisord, folder, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
daemon = subprocess.Popen([supervisord, "-s", "-n", "-c", folder + "/s.conf"])
path, same = folder + "/canary.pid", 0
def pid():
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            with open(path) as f:
                text = f.read()
            if text.endswith("\\n"):
                return int(text)
        except FileNotFoundError:
            pass
        time.sleep(0.01)
    sys.exit(3)
for _ in range(times):
    old = pid()
    os.unlink(path)
    time.sleep(1.1)
    with open("/proc/sys/kernel/ns_last_pid", "w") as f:
        f.write(str(old - 1))
    os.kill(old, signal.SIGKILL)
    same += pid() == old
daemon.terminate()
daemon.wait()
print(same)
"""


@trial(SECTION, "the pid of a dead program is given to its successor (pid namespace)", 3, 20, "times")
def pid_reuse(side, times):
    need_root()
    inside = ["unshare", "--pid", "--fork", "--mount-proc"]
    if subprocess.run([*inside, "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("no pid namespaces")
    side.write("s.conf", CONF.replace("/bin/sleep 1000000", "/bin/sh -c \"echo $$ > @DIR@/canary.pid; exec sleep 1000000\""))
    done = subprocess.run([*inside, sys.executable, "-c", REUSE, side.supervisord, side.dir, str(times)], timeout=60 + 5 * times,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert done.returncode == 0, "status %d" % done.returncode
    log = side.read("s.log")
    assert log.count("spawned: 'canary'") == times + 1 and log.count("exited: canary") == times, "starts and ends do not add up"
    return "every end and start seen; the same pid in %d of %d" % (int(done.stdout), times)
