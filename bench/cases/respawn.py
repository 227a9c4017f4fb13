import contextlib
import os
import select
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

from lab.daemon import Daemon
from lab.registry import Figure, Missing, case

KILLS = 6


class Announcements:
    """A FIFO into which every start of the program writes its pid: no polling, so nothing is added to the time."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "starts")
        os.mkfifo(self.path)
        self._fd = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def next(self):
        if not select.select([self._fd], [], [], 30)[0]:
            raise RuntimeError("not started within 30 s")
        return int(os.read(self._fd, 100).split()[-1])

    def close(self):
        os.close(self._fd)

    def kill_and_time(self):
        """Median from kill -9 to the successor's first act, of a program that has been up for over a second, as in real crashes."""
        times = []
        pid = self.next()
        for number in range(KILLS):
            time.sleep(1.15 + 0.071 * number)
            began = time.perf_counter()
            os.kill(pid, signal.SIGKILL)
            pid = self.next()
            times.append(time.perf_counter() - began)
        return statistics.median(times) * 1000


def runit():
    if not shutil.which("runsv"):
        raise Missing("runsv (package runit)")
    folder = tempfile.mkdtemp(prefix="bench-")
    starts = Announcements(folder)
    service = os.path.join(folder, "service")
    os.mkdir(service)
    with open(os.path.join(service, "run"), "w") as f:
        f.write("#!/bin/sh\necho $$ >>%s\nexec sleep 1000\n" % starts.path)
    os.chmod(os.path.join(service, "run"), 0o755)
    process = subprocess.Popen(["runsv", service], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return {"respawn": starts.kill_and_time()}
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        starts.close()
        shutil.rmtree(folder, ignore_errors=True)


@case("respawn", Figure("respawn", "kill -9 to the successor's first act", "ms", 1 / 100, floor_limit=2), floor=runit, floor_title="runit")
def respawn(side):
    folder = tempfile.mkdtemp(prefix="bench-")
    starts = Announcements(folder)
    daemon = Daemon(side, "[program:p]\ncommand=/bin/sh -c 'echo $$ >>%s; exec sleep 1000'\nautorestart=true\nstartsecs=0\n" % starts.path)
    try:
        return {"respawn": starts.kill_and_time()}
    finally:
        daemon.stop()
        starts.close()
        shutil.rmtree(folder, ignore_errors=True)
