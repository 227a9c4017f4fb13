"""What the programs share that give the reference and the candidate the same random input: command line, servers and verdict."""

import argparse
import os
import time

from cases._conf import HEAD
from harness import Side, wait_until

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Nothing takes a second to be up, nothing ends by itself, and "talk" writes at its first start only: what the input leaves behind is not a
# matter of time.
CONF = HEAD + """prompt=fuzz
[program:talk]
command=/bin/sh -c "mkdir @DIR@/said 2>/dev/null && echo hello && echo oops >&2; exec sleep 1000"
stdout_logfile=@DIR@/talk.log
stderr_logfile=@DIR@/talk.err
startsecs=0
stopsignal=KILL
[program:idle]
command=/bin/sleep 1000
autostart=false
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
[program:pair]
command=/bin/sleep 1000
process_name=p%(process_num)d
numprocs=2
startsecs=0
priority=5
autostart=false
stdout_logfile=NONE
stderr_logfile=NONE
[program:b2]
command=/bin/cat
startsecs=0
stdout_logfile=@DIR@/b2.log
redirect_stderr=true
[program:bad]
command=/no/such/file
autostart=false
[group:G]
programs=b2
"""


def arguments(doc, **counts):
    """Those of the command line; `counts` are options of the program's own, with their defaults."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(_ROOT, "out")))
    parser.add_argument("--reference", default=os.environ.get("REFERENCE", "/usr/bin"))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--show", type=int, default=5)
    for name, default in counts.items():
        parser.add_argument("--" + name, type=int, default=default)
    options = parser.parse_args()
    options.candidate = os.path.abspath(options.candidate)
    return options


def play(options, folders, differences):
    """Starts a server of each folder, lets `differences(sides, options)` yield a text or None for each input, and tells. The exit status."""
    if not os.path.exists(os.path.join(options.reference, "supervisord")):
        print("no Python Supervisor in %s\n0 passed, 0 failed, 1 skipped" % options.reference)
        return 0
    sides = [Side(name, folder, options.candidate, options.reference) for name, folder in zip(("reference", "candidate"), folders)]
    played = failed = 0
    try:
        for side in sides:
            daemon = side.start(CONF)
            daemon.wait_state("talk", "RUNNING")
            daemon.wait_state("G:b2", "RUNNING")
            wait_until(lambda: (side.read("talk.log"), side.read("talk.err")) == ("hello\n", "oops\n"), "talk's output")
        for difference in differences(sides, options):
            played += 1
            failed += difference is not None
            if difference is not None and failed <= options.show:
                print("failed   " + difference, flush=True)
    finally:
        for side in sides:
            side.close(keep=False)
    print("seed %d\n%d passed, %d failed, 0 skipped" % (options.seed, played - failed, failed))
    return 1 if failed else 0
