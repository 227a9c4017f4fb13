import time

from lab.daemon import running, sleepers
from lab.proc import resident_mb
from lab.registry import Figure, case

# Long enough for both daemons to be done with what they began with.
SETTLE = 1.0


@case("memory", Figure("rss1", "resident memory, 1 program", "MB", 0.6),
      Figure("rss200", "resident memory, 200 programs, after 200 listings", "MB", 0.7))
def memory(side):
    with running(side, sleepers(1), 1) as daemon:
        time.sleep(SETTLE)
        one = resident_mb(daemon.pid)
    with running(side, sleepers(200), 200) as daemon:
        for _ in range(200):
            daemon.rpc.supervisor.getAllProcessInfo()
        time.sleep(SETTLE)
        return {"rss1": one, "rss200": resident_mb(daemon.pid)}


@case("thousand", Figure("rss1000", "resident memory, 1,000 programs", "MB", 0.8), Figure("start1000", "1,000 programs running", "s"),
      Figure("list1000", "one listing of 1,000 programs", "ms"), rounds=1)
def thousand(side):
    with running(side, sleepers(1000)) as daemon:
        up = daemon.wait_states("RUNNING", 1000)
        began = time.perf_counter()
        daemon.rpc.supervisor.getAllProcessInfo()
        listing = time.perf_counter() - began
        time.sleep(SETTLE)
        return {"rss1000": resident_mb(daemon.pid), "start1000": up, "list1000": listing * 1000}
