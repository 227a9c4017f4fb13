#!/usr/bin/env python3
"""How long a configuration of many programs takes to read: ours (the whole process, `--dump-config`) beside Python Supervisor's own code.

    bench/config.py [DIR]      DIR holds supervisord (default: out)
"""

import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
READ = "import sys; from supervisor.options import ServerOptions as S; sys.argv[0] = 'x'; S().realize(['-c', '%s'], doc='')"


def timed(command):
    best = 1e9
    for _ in range(3):
        start = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        best = min(best, time.monotonic() - start)
    return best


def main():
    binary = os.path.join(os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "out")), "supervisord")
    print("%10s %12s %12s %8s" % ("programs", "ours (s)", "Python (s)", "ratio"))
    with tempfile.TemporaryDirectory() as folder:
        for count in (1, 1000, 10000):
            conf = os.path.join(folder, "%d.conf" % count)
            with open(conf, "w") as f:
                f.write("[supervisord]\n")
                for i in range(count):
                    f.write("[program:p%d]\ncommand=/bin/cat --number=%d\nautostart=true\nstdout_logfile=%s/%%(program_name)s.log\n"
                            "environment=A=\"1\",B=\"%%(process_num)d\"\n" % (i, i, folder))
            ours = timed([binary, "-c", conf, "--dump-config=strict"])
            python = timed(["/usr/bin/python3", "-c", READ % conf])
            print("%10d %12.3f %12.3f %8.2f" % (count, ours, python, ours / python))


if __name__ == "__main__":
    main()
