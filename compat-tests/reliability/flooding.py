"""
Clients that ask without a pause, each a process of its own: threads would wait for each other's turn in the interpreter, and those of the
trial's process would keep what measures waiting.

    flooding.py SOCKET SECONDS CLIENTS      the last line is "ANSWERED FAILED", and an example of a failure
"""

import multiprocessing
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from reliability.base import call_at  # noqa: E402


def ask(path, stop):
    rpc, answered, failures = call_at(path, 30).supervisor, 0, []
    while time.monotonic() < stop:
        try:
            rpc.getAllProcessInfo()
            answered += 1
        except Exception as e:
            failures.append(str(e))
            rpc = call_at(path, 30).supervisor
    return answered, failures


def main():
    path, seconds, clients = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    with multiprocessing.Pool(clients) as pool:
        asking = pool.starmap_async(ask, [(path, time.monotonic() + seconds)] * clients, chunksize=1)
        print("asking", flush=True)
        results = asking.get()
    failures = [f for _, failed in results for f in failed]
    print(sum(answered for answered, _ in results), len(failures), *failures[:1])


if __name__ == "__main__":
    main()
