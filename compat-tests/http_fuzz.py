#!/usr/bin/env python3
"""Mutates the recorded requests and documents and throws them at our supervisord.

    http_fuzz.py [--candidate DIR] [--count N] [--seed N] [--clients N]

The daemon must neither end nor hang: every connection is answered or closed once the client has ended its side, getState answers between
the batches, and at the end resident memory may not have grown by more than 8 MB. The big attacks (60 MB bodies, documents nested 100,000
deep, entity bombs) come before and after the mutations. The seed is printed; the same seed makes the same requests.
"""

import argparse
import concurrent.futures
import os
import random
import socket
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import recorded.authentication  # noqa: E402
import recorded.documents  # noqa: E402
import recorded.framing  # noqa: E402
import recorded.methods  # noqa: E402
import recorded.paths  # noqa: E402
from cases._conf import HEAD  # noqa: E402
from harness import Side  # noqa: E402

LIMIT_KB = 8 * 1024
PATIENCE = 30

CONF = HEAD + """
[program:talk]
command=/bin/sh -c "echo hello; echo oops >&2; exec sleep 100000"
stdout_logfile=@DIR@/talk.log
stderr_logfile=@DIR@/talk.err
startsecs=0
[program:idle]
command=/bin/sleep 1000
autostart=false
stdout_logfile=NONE
stderr_logfile=NONE
"""

# What would end the test itself; a mutation that asks for it is sent with another name.
FORBIDDEN = (b"supervisor.shutdown", b"supervisor.restart")

TOKENS = [b"\r\n", b"\r\n\r\n", b"\n", b"\x00", b"\xff", b"<", b">", b"/>", b"</", b"&", b";", b"&#", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"?>", b"<!DOCTYPE a [", b"<!ENTITY a 'b'>",
          b"HTTP/1.1", b"HTTP/1.0", b" ", b"\t", b":", b": ", b"%00", b"%2e%2e/", b"../", b"?", b"#", b"Content-Length: 5\r\n", b"Content-Length: 99999999999\r\n", b"Transfer-Encoding: chunked\r\n",
          b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Expect: 100-continue\r\n", b"Origin: http://evil.example\r\n", b"Authorization: Basic eA==\r\n", b"<value>", b"</value>",
          b"<array><data>", b"<struct>", b"<int>", b"9" * 30, b"<methodName>", b"</methodCall>", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"'", b'"', b"=", b"A" * 300]


def corpus():
    tables = (recorded.framing, recorded.paths, recorded.documents, recorded.methods, recorded.authentication)
    return [row[1] for table in tables for row in table.REQUESTS if len(row[1]) < 50000]


def mutated(rng, seeds):
    data = bytearray(rng.choice(seeds))
    for _ in range(1 + min(6, int(rng.expovariate(0.7)))):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(8)
        if kind == 0:
            data[at:at] = rng.choice(TOKENS)
        elif kind == 1:
            del data[at:at + rng.randrange(1, 20)]
        elif kind == 2 and at < len(data):
            data[at] = rng.randrange(256)
        elif kind == 3:
            end = min(len(data), at + rng.randrange(1, 40))
            data[at:at] = bytes(data[at:end]) * rng.randrange(1, 4)
        elif kind == 4:
            other = rng.choice(seeds)
            cut = rng.randrange(len(other) + 1)
            data[at:] = other[cut:]
        elif kind == 5:
            del data[at:]
        elif kind == 6:
            data[at:at + 1] = rng.choice(TOKENS)
        else:
            data += rng.choice(seeds)
    data = bytes(data)
    if rng.random() < 0.7:
        data = with_length(data)
    for word in FORBIDDEN:
        data = data.replace(word, b"supervisor.getState")
    return data


def with_length(data):
    """Mends the length, so that the mutation gets as far as the XML reader."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found or b"Content-Length: " not in head:
        return data
    before, _, rest = head.partition(b"Content-Length: ")
    return before + b"Content-Length: %d\r\n" % len(body) + rest.partition(b"\r\n")[2] + found + body


class Target:
    def __init__(self, side, daemon):
        self.side, self.daemon = side, daemon
        self.answers = {}

    def connect(self, number=0):
        if number % 4 == 3:
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(PATIENCE)
            s.connect(self.side.path("s.sock"))
            return s
        return socket.create_connection(("127.0.0.1", self.side.port), timeout=PATIENCE)

    def throw(self, number, data):
        """The first bytes of what comes back. A log stream never ends: its beginning is enough."""
        got = b""
        try:
            with self.connect(number) as s:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                while True:
                    more = s.recv(65536)
                    got += more
                    if not more or len(got) > 200000 or b"text/plain;charset=utf-8" in got:
                        return got[:16]
        except socket.timeout:
            raise AssertionError("hangs on %r" % data[:2000])
        except OSError:
            return got[:16]

    def resident(self):
        with open("/proc/%d/status" % self.daemon.pid) as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))

    def check(self):
        assert self.daemon.process.poll() is None, "the daemon ended: %s" % self.side.read("stderr.txt")
        began = time.monotonic()
        assert self.daemon.rpc.supervisor.getState()["statename"] == "RUNNING"
        assert time.monotonic() - began < PATIENCE, "getState took too long"


def big_attacks(target):
    deep = b"<a>" * 100000
    tags = b"<value>" * 100000
    bodies = {
        "60 MB of blanks": b" " * 60000000, "60 MB of one text": b"<a>" + b"x" * 60000000 + b"</a>", "60 MB of elements": b"<a>" + b"<b/>" * 15000000 + b"</a>",
        "16 MB of one text": b"<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value>" + b"x" * 16000000 + b"</value></param></params></methodCall>",
        "16 MB of underscores": b"<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value><double>" + b"1_" * 7900000 + b"1</double></value></param></params></methodCall>",
        "16 MB of elements": b"<a>" + b"<b/>" * 4000000 + b"</a>", "16 MB of pieces": b"<a>" + b"x<!---->" * 2000000 + b"</a>", "16 MB of references": b"<a>" + b"&#65;" * 3000000 + b"</a>",
        "16 MB of attributes": b"<a " + b" ".join(b"a%d=''" % i for i in range(1200000)) + b"/>", "100,000 deep": deep + b"</a>" * 100000, "100,000 values deep": tags, "an endless name": b"<" + b"a" * 16000000,
        "an endless attribute": b"<a b='" + b"c" * 15000000, "an endless comment": b"<!--" + b"-" * 15000000, "an endless doctype": b"<!DOCTYPE " + b"[" * 15000000, "an endless reference": b"<a>&" + b"x" * 15000000,
        "a bomb": recorded.documents.BOMB + b"<a>&lol9;</a>", "a quadratic bomb": recorded.documents.QUADRATIC + b"<a>" + b"&a;" * 100000 + b"</a>",
    }
    for title, body in bodies.items():
        began = time.monotonic()
        # The body ends with the connection: the server may answer before it has read all.
        reply = target.throw(0, recorded.post(body))
        target.check()
        took = time.monotonic() - began
        assert reply[9:12] in (b"400", b"413", b"200", b""), "%s: %r" % (title, reply)
        print("%-24s %s in %.1f s, resident %.1f MB" % (title, reply[9:12].decode() or "closed", took, target.resident() / 1024), flush=True)
    target.throw(0, b"GET /" + b"x" * 1000000)
    target.throw(0, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200000)
    target.throw(0, b"GET / HTTP/1.1\r\na: b\r\n" + b" c\r\n" * 200000)
    target.throw(0, b"\r\n" * 5000000)
    target.check()


def settle(target):
    """Memory that is given back late is not a leak."""
    lowest = target.resident()
    for _ in range(48):
        time.sleep(0.25)
        target.check()
        lowest = min(lowest, target.resident())
    return lowest


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(os.path.dirname(HERE), "out")))
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    print("seed %d, %d requests" % (options.seed, options.count), flush=True)
    seeds = corpus()
    side = Side("candidate", os.path.abspath(options.candidate), os.path.abspath(options.candidate), "/usr/bin")
    failures = []
    try:
        daemon = side.start(CONF)
        daemon.wait_state("talk", "RUNNING")
        target = Target(side, daemon)
        # Once round, so that what is loaded once does not count.
        with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
            for reply in pool.map(target.throw, range(len(seeds)), [s for s in seeds if not any(w in s for w in FORBIDDEN)]):
                pass
        big_attacks(target)
        before = settle(target)
        print("resident %.1f MB before" % (before / 1024), flush=True)
        began = time.monotonic()
        statuses = {}
        batch = 5000
        for first in range(0, options.count, batch):
            numbers = range(first, min(options.count, first + batch))
            requests = [mutated(random.Random(options.seed * 1000003 + n), seeds) for n in numbers]
            with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
                for reply in pool.map(target.throw, numbers, requests):
                    statuses[reply[9:12]] = statuses.get(reply[9:12], 0) + 1
            target.check()
            if first % (batch * 20) == 0:
                print("%8d requests, %.0f s, resident %.1f MB" % (numbers[-1] + 1, time.monotonic() - began, target.resident() / 1024), flush=True)
        big_attacks(target)
        after = settle(target)
        print("answers: %s" % ", ".join("%s %d" % (k.decode("latin-1") or "none", v) for k, v in sorted(statuses.items(), key=lambda i: -i[1])[:12]))
        print("resident %.1f MB after, %+.1f MB" % (after / 1024, (after - before) / 1024))
        if after - before > LIMIT_KB:
            failures.append("resident memory grew by %.1f MB" % ((after - before) / 1024))
        leftovers = len(os.listdir("/proc/%d/fd" % daemon.pid))
        print("%d descriptors open" % leftovers)
        if leftovers > 100:
            failures.append("%d descriptors are open" % leftovers)
        if "uncaptured" in daemon.log() or "Unhandled" in side.read("stderr.txt"):
            failures.append("the log tells of an exception")
    except AssertionError as e:
        failures.append(str(e))
    finally:
        side.close(False)
    for failure in failures:
        print("failed: " + failure)
    print("%d passed, %d failed, 0 skipped" % (0 if failures else 1, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
