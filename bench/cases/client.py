import os
import statistics
import subprocess
import time

from lab.daemon import running, sleepers
from lab.registry import Figure, case


@case("ctl", Figure("ctl", "supervisorctl status of 20 programs", "ms", 1 / 12))
def ctl(side):
    with running(side, sleepers(20), 20) as daemon:
        times = []
        for _ in range(7):
            began = time.perf_counter()
            out = subprocess.run([side.supervisorctl, "-c", daemon.conf, "status"], capture_output=True, text=True).stdout
            times.append(time.perf_counter() - began)
            if out.count("RUNNING") != 20:
                raise RuntimeError("supervisorctl said " + out)
        return {"ctl": statistics.median(times) * 1000}


@case("config", Figure("config", "start with 2,000 programs that are not started", "ms"), rounds=2)
def config(side):
    body = "".join("[program:p%d]\ncommand=/bin/cat\nautostart=false\nstdout_logfile=/dev/null\nstderr_logfile=/dev/null\n" % n for n in range(2000))
    with running(side, body) as daemon:
        return {"config": daemon.since_start() * 1000}


@case("size", Figure("size_d", "supervisord binary", "MB", absolute=14), Figure("size_ctl", "supervisorctl binary", "MB", absolute=6), rounds=1)
def size(side):
    """Python's figures would be those of an interpreter and its library; there is nothing to compare."""
    if side.name != "ours":
        return {}
    return {"size_d": os.path.getsize(os.path.realpath(side.supervisord)) / 1e6,
            "size_ctl": os.path.getsize(os.path.realpath(side.supervisorctl)) / 1e6}
