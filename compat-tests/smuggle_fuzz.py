#!/usr/bin/env python3
"""Requests hidden in the bodies of others, sent directly and through proxies that share their connections to our supervisord.

    smuggle_fuzz.py [--candidate DIR] [--count N] [--seed N] [--clients N] [--only ROUTE]...

Every request announces its body in a way that at least one reader understands, mangled as attackers do, and the body looks like a request
for /smuggled-NUMBER. Nobody sends such a request: when the access log of the daemon shows one, the daemon has served a part of a body. A
proxy that reads the body as a request of its own says so in its log, and that is its affair. Other clients of the proxy ask for something
with a number in it all the time, and must get it: an answer too many would give them somebody else's.

The routes are direct, nginx and haproxy; one whose proxy is not installed is skipped. The seed is printed; the same seed makes the same
requests. The last line is "N passed, N failed, N skipped", one for each route.
"""

import argparse
import concurrent.futures
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from cases._conf import HEAD  # noqa: E402
from harness import Side, free_port, wait_until  # noqa: E402

PATIENCE = 20
BATCH = 500
# Of so many requests one is followed by another client's.
VICTIMS = 10

CONF = HEAD.replace("loglevel=info", "loglevel=trace\nlogfile_maxbytes=0").replace(
    "port=127.0.0.1:@PORT@", "port=127.0.0.1:@PORT@\nrequest_timeout=10")

SERVED = re.compile(rb'- - \[[^\]]*\] "\S+ /smuggled-(\d+)')
SEEN = re.compile(rb"/smuggled-(\d+)")

NGINX = """
daemon off;
user root;
worker_processes 1;
pid @DIR@/nginx.pid;
error_log @DIR@/nginx.err;
events { worker_connections 512; }
http {
  log_format seen '$request';
  access_log @DIR@/proxy.log seen;
  ignore_invalid_headers off;
  underscores_in_headers on;
  merge_slashes off;
  client_header_timeout 2s; client_body_timeout 2s; keepalive_timeout 2s; lingering_close off;
  client_body_temp_path @DIR@/tmp; proxy_temp_path @DIR@/tmp; fastcgi_temp_path @DIR@/tmp; uwsgi_temp_path @DIR@/tmp; scgi_temp_path @DIR@/tmp;
  upstream supervisor { server 127.0.0.1:@PORT@; keepalive 8; }
  server {
    listen 127.0.0.1:@WEB@;
    location / {
      proxy_pass http://supervisor;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_read_timeout 10s;
    }
  }
}
"""

HAPROXY = """
global
  log stdout format raw local0
  tune.bufsize 16384
defaults
  mode http
  log global
  log-format "%{+Q}r"
  option http-keep-alive
  http-reuse always
  @LENIENT@
  timeout connect 5s
  timeout client 3s
  timeout server 10s
  timeout http-request 2s
  timeout http-keep-alive 2s
frontend web
  bind 127.0.0.1:@WEB@
  default_backend supervisor
backend supervisor
  server supervisor 127.0.0.1:@PORT@ maxconn 8
"""

# What announces a body of N bytes to some reader.
LENGTHS = [
    b"Content-Length: %d", b"Content-Length:%d", b"Content-Length:\t%d", b"Content-Length:  %d", b"Content-Length: %d ", b"Content-Length: %d\t", b"Content-Length: \x0b%d", b"Content-Length:\x0c%d",
    b"Content-Length : %d", b"Content-Length\t: %d", b"Content-Length\x0b: %d", b" Content-Length: %d", b"\tContent-Length: %d", b"X: y\r\n Content-Length: %d", b"Content-Length:\r\n %d", b"Content-Length: \r\n\t%d",
    b"Content-Length: 0\r\nContent-Length: %d", b"Content-Length: %d\r\nContent-Length: 0", b"Content-Length: 0\r\nContent-Length:%d", b"Content-Length: 0, %d", b"Content-Length: %d, %d", b"Content-Length: +%d",
    b"Content-Length: 0000%d", b"Content-Length: 0x%x", b"Content-Length: %d\r\n ", b"Content-Length: 0\r\n %d", b"Content_Length: %d", b"content-length: %d", b"CONTENT-LENGTH:%d", b"Content-Length: %d\x00", b"Content-Length: %d;",
    b"X: y\nContent-Length: %d", b"X: y\rContent-Length: %d", b"X: y\r\r\nContent-Length: %d", b"X: y\x00\r\nContent-Length: %d", b"X: y\n\tContent-Length: %d", b"Content-Length: %d\nX: y", b"\nContent-Length: %d",
    b"\xc2\xa0Content-Length: %d", b"Content-Length\xc2\xa0: %d", b"Content-Length: \xc2\xa0%d", b"Content-Length: \"%d\"", b"Content-Length: %d.0", b"Content-Length: 1e9\r\nContent-Length: %d",
]
# The same for bodies in chunks, of which the first is the last.
CHUNKED = [
    b"Transfer-Encoding: chunked", b"Transfer-Encoding:chunked", b"Transfer-Encoding:\tchunked", b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked", b" Transfer-Encoding: chunked", b"X: y\r\n Transfer-Encoding: chunked",
    b"Transfer-Encoding:\r\n chunked", b"Transfer-Encoding: Chunked", b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity, chunked", b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x", b"Transfer_Encoding: chunked", b"X: y\nTransfer-Encoding: chunked", b"X: y\rTransfer-Encoding: chunked", b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding\x00: chunked",
    b"Transfer-Encoding: \"chunked\"", b"Transfer-Encoding: chunked;q=1", b"Transfer-Encoding\x0b: chunked", b"\xc2\xa0Transfer-Encoding: chunked", b"TRANSFER-ENCODING:CHUNKED", b"Transfer-Encoding: chunked\x00",
]
OTHERS = [b"Expect: 100-continue", b"Expect:100-continue", b"Connection: keep-alive", b"Connection: Content-Length", b"Connection: keep-alive, Transfer-Encoding", b"Upgrade: h2c", b"X: a\r\n b", b"X:y", b"X : y", b"nonsense", b"TE: trailers",
          b"Content-Type: application/json", b"Content-Type: text/xml", b"Accept-Language: en", b"Host: other", b"Trailer: Content-Length", b"Content-Encoding: chunked", b"X-Content-Length: 3"]
METHODS = [b"GET", b"GET", b"POST", b"POST", b"PUT", b"HEAD", b"DELETE", b"OPTIONS", b"BREW", b"get"]
PATHS = [b"/outer-%d", b"/RPC2?%d", b"/ok.html?%d", b"/tail.html?processname=outer-%d", b"/images/%d", b"/logtail/nosuch-%d", b"/api/v1/supervisor/getState?%d", b"/?message=outer-%d", b"/stylesheets/supervisor.css?%d", b"/%%6fk.html?%d"]


def made(rng, number):
    """A request whose body is one, too."""
    hidden = b"%s /smuggled-%d HTTP/1.1\r\nHost: x\r\n%s\r\n" % (rng.choice((b"GET", b"GET", b"POST", b"HEAD")), number, rng.choice((b"", b"Content-Length: 0\r\n", b"X: y\r\n")))
    kind = rng.randrange(10)
    if kind < 5:
        body = hidden
        framing = [announced(rng, len(body))]
    elif kind < 8:
        # One reader ends the body with the first chunk, another by the length.
        body = rng.choice((b"0\r\n\r\n", b"0;x\r\n\r\n", b"00\r\n\r\n", b"0\n\n", b"0\r\nX: y\r\n\r\n")) + hidden
        framing = [announced(rng, len(body)), rng.choice(CHUNKED)]
    else:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(hidden), hidden)
        framing = [rng.choice(CHUNKED)]
    rng.shuffle(framing)
    headers = [b"Host: localhost", *framing]
    for _ in range(rng.randrange(3)):
        headers.insert(rng.randrange(len(headers) + 1), rng.choice(OTHERS))
    version = rng.choice((b"1.1", b"1.1", b"1.1", b"1.1", b"1.0", b"2.0"))
    line = b"%s %s HTTP/%s" % (rng.choice(METHODS), rng.choice(PATHS) % number, version)
    return b"\r\n".join([line, *headers]) + b"\r\n", body


def announced(rng, length):
    template = rng.choice(LENGTHS)
    return template.replace(b"%d", b"%d" % length).replace(b"%x", b"%x" % length)


def exchange(port, data, end=False):
    """All that comes until the other side closes. With end nothing more is sent behind the data; nginx takes that for a client that has gone."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as s:
        got = b""
        try:
            s.sendall(data)
            if end:
                s.shutdown(socket.SHUT_WR)
            while True:
                more = s.recv(65536)
                if not more:
                    return got
                got += more
        except OSError:
            return got


class Route:
    """One way to the daemon."""

    def __init__(self, name, side, port, log=None, process=None):
        self.name, self.side, self.port, self.log, self.process = name, side, port, log, process
        self.wrong = []

    def play(self, seed, number):
        rng = random.Random("%s-%s-%d" % (seed, self.name, number))
        head, body = made(rng, number)
        # Without a proxy the daemon decides whether the connection stays open; a proxy's client leaves, so that the proxy's connection to us is free.
        data = head + (b"Connection: close\r\n" if self.process else b"") + b"\r\n" + body
        got = exchange(self.port, data, end=not self.process)
        if self.process and number % VICTIMS == 0:
            self.ask(number)
        return len(got)

    def ask(self, number):
        """Another client, whose answer must be its own."""
        name = b"victim-%d-x" % number
        got = exchange(self.port, b"GET /tail.html?processname=%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % name)
        # A proxy may say that the connection it had was gone; never may it hand on what is not for this client.
        if name not in got and b" 502 " not in got.split(b"\r\n")[0] and b" 503 " not in got.split(b"\r\n")[0]:
            self.wrong.append("client %d got %r" % (number, got[:200]))

    def judge(self):
        """Numbers of the requests that nobody sent."""
        served = set(SERVED.findall(read(self.side.path("s.log"))))
        return sorted(int(n) for n in served - (set(SEEN.findall(read(self.log))) if self.log else set()))

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)
        self.side.close(False)


def read(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except FileNotFoundError:
        return b""


def daemon_side(options):
    side = Side("candidate", options.candidate, options.candidate, "/usr/bin")
    side.start(CONF)
    return side


def answers(port, within=20.0):
    """A proxy that has just met a closed connection, or a busy machine, may need another try."""
    end = time.monotonic() + within
    while True:
        try:
            if b" 200 " in exchange(port, b"GET /ok.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"):
                return True
        except OSError:
            pass
        if time.monotonic() > end:
            return False
        time.sleep(0.05)


def direct(options):
    side = daemon_side(options)
    return Route("direct", side, side.port)


def proxied(options, name, conf, argv):
    side = daemon_side(options)
    web = free_port()
    os.makedirs(side.path("tmp"), exist_ok=True)
    side.write(name + ".conf", conf.replace("@WEB@", str(web)))
    out = open(side.path("proxy.out"), "ab")
    process = subprocess.Popen([a.replace("@CONF@", side.path(name + ".conf")) for a in argv], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    route = Route(name, side, web, side.path("proxy.log" if name == "nginx" else "proxy.out"), process)
    try:
        wait_until(lambda: process.poll() is not None or answers(web), name + " to answer")
        assert process.poll() is None, side.read("proxy.out")
    except AssertionError:
        route.close()
        raise
    return route


def nginx(options):
    return proxied(options, "nginx", NGINX, ["nginx", "-c", "@CONF@"])


def haproxy(options):
    # As lenient as this version can be made.
    version = subprocess.run(["haproxy", "-v"], stdout=subprocess.PIPE, check=True).stdout.decode()
    major = int(re.search(r"version (\d+)", version).group(1))
    lenient = "option accept-unsafe-violations-in-http-request" if major >= 3 else "option accept-invalid-http-request"
    return proxied(options, "haproxy", HAPROXY.replace("@LENIENT@", lenient), ["haproxy", "-db", "-f", "@CONF@"])


ROUTES = {"direct": direct, "nginx": nginx, "haproxy": haproxy}


def run(options, name, count):
    route = ROUTES[name](options)
    try:
        replied = 0
        with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
            for begin in range(0, count, BATCH):
                sizes = list(pool.map(lambda n: route.play(options.seed, n), range(begin, min(begin + BATCH, count))))
                replied += sum(1 for s in sizes if s)
                assert answers(route.port), "no answer after %d requests" % begin
        smuggled = route.judge()
        print("%s: %d requests, %d answered, %d smuggled, %d answers for others" % (name, count, replied, len(smuggled), len(route.wrong)))
        for number in smuggled[:3]:
            print("    smuggled: %r" % (made(random.Random("%s-%s-%d" % (options.seed, name, number)), number),))
        for text in route.wrong[:3]:
            print("    " + text)
        assert replied > count / 2, "only %d of %d were answered" % (replied, count)
        return not smuggled and not route.wrong
    finally:
        route.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.environ.get("CANDIDATE", os.path.join(os.path.dirname(HERE), "out")))
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", default=str(random.randrange(1 << 30)))
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--only", action="append", choices=sorted(ROUTES))
    options = parser.parse_args()
    options.candidate = os.path.abspath(options.candidate)
    print("seed %s" % options.seed)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    chosen = [r for r in ROUTES if not options.only or r in options.only]
    for name in chosen:
        verdict = "skipped"
        if name != "direct" and not shutil.which(name):
            print("skipped  %s: it is not installed" % name)
        else:
            try:
                verdict = "passed" if run(options, name, options.count // len(chosen)) else "failed"
            except (AssertionError, OSError, subprocess.SubprocessError) as e:
                print("    %s: %s" % (name, e))
                verdict = "failed"
        counts[verdict] += 1
        sys.stdout.flush()
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % counts)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
