import os
import resource
import shutil
import subprocess
import tempfile
import time

from lab.daemon import running
from lab.proc import running_seconds
from lab.registry import Figure, case

# As fast as Python, for no more of the processor. Single rounds of a rate scatter by a tenth.
RATE, CPU = 0.9, 1.0

LINE = "0123456789" * 7 + "123456789"
PROGRAM = """[program:w]
command=/bin/sh -c 'yes {line} | head -c {each}M'
process_name=%(process_num)03d
numprocs={count}
autostart=false
autorestart=false
startsecs=0
stdout_logfile=@DIR@/out-%(process_num)03d.log
stdout_logfile_maxbytes={limit}
stdout_logfile_backups=2
stderr_logfile=NONE
"""


def touch_memory(megabytes=1536):
    """
    A virtual machine gets its memory from the host page by page, at the first touch and slowly. What the page cache is about to take is
    touched before anything is measured.
    """
    block = bytes(1 << 20)
    with tempfile.TemporaryFile() as f:
        for _ in range(megabytes):
            f.write(block)


def figures(name, title):
    return (Figure(name + "_rate", "log, %s" % title, "MB/s", RATE, rate=True), Figure(name + "_cpu", "log, %s: CPU" % title, "s/GB", CPU))


def pump(side, name, megabytes, count=1, limit="0"):
    each = megabytes // count
    touch_memory()
    with running(side, PROGRAM.format(line=LINE, each=each, count=count, limit=limit)) as daemon:
        cpu, began = running_seconds(daemon.pid), time.perf_counter()
        daemon.rpc.supervisor.startProcessGroup("w", False)
        daemon.wait_logged(" exited: ", count, "the writers")
        took, cpu = time.perf_counter() - began, running_seconds(daemon.pid) - cpu
        if limit == "0":
            sizes = sum(os.path.getsize(daemon.path(f)) for f in os.listdir(daemon.dir) if f.startswith("out-"))
            if sizes != each * count << 20:
                raise RuntimeError("%d bytes in the logs, not %d" % (sizes, each * count << 20))
    return {name + "_rate": each * count / took, name + "_cpu": cpu / (each * count) * 1024}


def cat(name, megabytes, count=1):
    """The same writers, each into a cat of its own."""
    touch_memory()
    folder = tempfile.mkdtemp(prefix="bench-")
    try:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        pipelines = [subprocess.Popen(["/bin/sh", "-c", "yes %s | head -c %dM" % (LINE, megabytes // count)], stdout=subprocess.PIPE)
                     for _ in range(count)]
        cats = []
        for number, writer in enumerate(pipelines):
            with open(os.path.join(folder, str(number)), "wb") as f:
                cats.append(subprocess.Popen(["/bin/cat"], stdin=writer.stdout, stdout=f))
            writer.stdout.close()
        for writer in pipelines:
            writer.wait()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
        for process in cats:
            process.wait()
        took = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # Those cats that ended among the writers were counted with them.
        cpu = max(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime - cpu, 0)
        return {name + "_rate": megabytes / took, name + "_cpu": cpu / megabytes * 1024}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@case("log", *figures("log1", "one writer"), floor=lambda: cat("log1", 1024), floor_title="cat > file")
def one(side):
    return pump(side, "log1", 1024)


@case("rotate", *figures("rotate", "one writer, rotating at 20 MB"), floor=lambda: cat("rotate", 1024), floor_title="cat > file")
def rotating(side):
    return pump(side, "rotate", 1024, limit="20MB")


@case("log50", *figures("log50", "50 writers"), floor=lambda: cat("log50", 400, 50), floor_title="50 times cat > file")
def fifty(side):
    return pump(side, "log50", 400, 50)
