import time

from lab.daemon import running, sleepers
from lab.proc import running_seconds, switches
from lab.registry import Figure, case

SECONDS = 10


@case("idle", Figure("idle_cpu", "200 idle programs: CPU", "ms/s", 0.1),
      Figure("idle_switches", "200 idle programs: context switches", "1/s", 0.1), rounds=2)
def idle(side):
    with running(side, sleepers(200), 200) as daemon:
        time.sleep(2)
        cpu, count = running_seconds(daemon.pid), switches(daemon.pid)
        time.sleep(SECONDS)
        return {"idle_cpu": (running_seconds(daemon.pid) - cpu) * 1000 / SECONDS,
                "idle_switches": (switches(daemon.pid) - count) / SECONDS}
