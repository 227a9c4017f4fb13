#!/usr/bin/env python3
"""Events a second through one listener, both daemons side by side.

    events.py [--candidate DIR] [--reference DIR] [--count N] [--rounds N]

Sends N remote events in one multicall and waits until a listener has answered them all: one in Python with Debian's
supervisor.childutils, and one in C that does nothing else. Prints the medians and their ratio; needs cc.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import xmlrpc.client

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "compat-tests"))

from harness.daemon import UnixConnection  # noqa: E402
from harness.side import Side  # noqa: E402
from cases._conf import HEAD  # noqa: E402

C = r'''
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
int main(int argc, char **argv) {
    char line[4096], data[65536];
    long seen = 0, wanted = atol(argv[2]);
    setvbuf(stdout, NULL, _IONBF, 0);
    for (;;) {
        fputs("READY\n", stdout);
        if (!fgets(line, sizeof line, stdin)) return 0;
        fread(data, 1, atol(strstr(line, "len:") + 4), stdin);
        if (++seen == wanted) { seen = 0; close(open(argv[1], O_CREAT | O_WRONLY, 0644)); }
        fputs("RESULT 2\nOK", stdout);
    }
}
'''

PYTHON = r'''
import sys
from supervisor import childutils
seen = 0
while True:
    childutils.listener.wait()
    seen += 1
    if seen == int(sys.argv[2]):
        seen = 0
        open(sys.argv[1], "w").close()
    childutils.listener.ok()
'''


def measure(name, bindir, listener, options):
    side = Side(name, bindir)
    try:
        daemon = side.start(HEAD + "[eventlistener:el]\ncommand=%s @DIR@/done %d\nevents=REMOTE_COMMUNICATION\nbuffer_size=%d\nstartsecs=0\n"
                            % (listener, options.count, options.count + 10))
        daemon.wait_state("el", "RUNNING")
        rates = []
        for _ in range(options.rounds):
            calls = [{"methodName": "supervisor.sendRemoteCommEvent", "params": ["bench", str(number)]} for number in range(options.count)]
            body = xmlrpc.client.dumps((calls,), "system.multicall").encode()
            connection = UnixConnection(side.path("s.sock"))
            start = time.monotonic()
            connection.request("POST", "/RPC2", body, {"Content-Type": "text/xml"})
            connection.getresponse().read()
            while not os.path.exists(side.path("done")):
                time.sleep(0.001)
            rates.append(options.count / (time.monotonic() - start))
            os.unlink(side.path("done"))
        return statistics.median(rates)
    finally:
        side.close(False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.path.join(HERE, "..", "out"))
    parser.add_argument("--reference", default="/usr/bin")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-")
    try:
        with open(os.path.join(folder, "listener.py"), "w") as f:
            f.write(PYTHON)
        with open(os.path.join(folder, "listener.c"), "w") as f:
            f.write(C)
        subprocess.run(["cc", "-O2", "-w", "-o", os.path.join(folder, "listener"), os.path.join(folder, "listener.c")], check=True)
        for title, command in (("python listener", "/usr/bin/python3 %s/listener.py" % folder), ("C listener", "%s/listener" % folder)):
            reference, candidate = (measure(n, os.path.abspath(d), command, options) for n, d in (("reference", options.reference), ("candidate", options.candidate)))
            print("%-16s %8.0f events/s with Python Supervisor, %8.0f with ours: %.1f times" % (title, reference, candidate, candidate / reference))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
