"""Clients that mean harm, or know no better."""

import base64
import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time

from reliability.base import HERE, answers, call, connect, gauges, held, launch, median, ms, returns_to, supervises, trial

SECTION = "Clients"

INET = "[inet_http_server]\nport=127.0.0.1:@PORT@\nusername=user\npassword=secret\n"


def _ask(side, request, timeout=20.0, whole=False):
    """The first bytes of the reply to raw bytes; b"" when the connection is closed without one."""
    s = connect(side, timeout)
    try:
        try:
            s.sendall(request)
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        got = b""
        while True:
            data = s.recv(65536)
            got += data
            if not data or not whole:
                return got
    except ConnectionError:
        return b""
    except socket.timeout:
        return b"<no reply>"
    finally:
        s.close()


def _post(body, path="/RPC2"):
    if isinstance(body, str):
        body = body.encode()
    return b"POST %s HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (path.encode(), len(body), body)


def _rpc(method, params=""):
    return _post("<?xml version='1.0'?><methodCall><methodName>%s</methodName><params>%s</params></methodCall>" % (method, params))


@trial(SECTION, "idle connections, held open", 300, 5000, "connections")
def idle_connections(side, count):
    daemon = launch(side)
    import resource
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (20000, 20000))
    before = held(daemon)
    sockets, refused = [], 0
    for _ in range(count):
        try:
            sockets.append(connect(side, 5))
        except OSError:
            refused += 1
            if refused > 20:
                break
    rss = gauges.resident_kib(daemon.pid)
    longest = "nobody else is served meanwhile"
    try:
        longest = "answer after " + ms(max(answers(daemon, 10) for _ in range(5)))
    except AssertionError:
        assert daemon.process.poll() is None
    began, cpu = time.monotonic(), gauges.cpu_seconds(daemon.pid)
    time.sleep(1)
    used = (gauges.cpu_seconds(daemon.pid) - cpu) / (time.monotonic() - began)
    for s in sockets:
        s.close()
    supervises(daemon)
    returns_to(daemon, before + 2)
    assert not longest.startswith("nobody"), "deaf while they are open"
    return "%s, %.0f MiB, %d %% CPU%s" % (longest, rss / 1024, used * 100, ", %d turned away" % refused if refused else "")


@trial(SECTION, "a flood of requests from 16 clients for 2 s or 20 s", 1, 10, "times 2 s")
def request_flood(side, times):
    daemon = launch(side)
    flood = subprocess.Popen([sys.executable, os.path.join(HERE, "flooding.py"), side.path("s.sock"), str(2 * times), "16"],
                             stdout=subprocess.PIPE, text=True)
    try:
        assert flood.stdout.readline() == "asking\n"
        again = median([supervises(daemon, age=2) for _ in range(min(times, 5))])
        answered, failed, *example = flood.stdout.readlines()[-1].split(maxsplit=2)
    finally:
        flood.kill()
        flood.communicate()
    assert failed == "0", "%s requests failed: %s" % (failed, "".join(example).strip())
    return "%s answered, none failed; a killed program was back after %s" % (format(int(answered), ","), ms(again))


@trial(SECTION, "a connection for every request, each dropped in the middle", 300, 20_000, "connections")
def dropped(side, count):
    daemon = launch(side)
    answers(daemon)
    before = held(daemon)
    r = random.Random(1)
    request = _rpc("supervisor.getAllProcessInfo")
    for _ in range(count):
        s = connect(side)
        s.sendall(request[:r.randrange(len(request) + 1)])
        s.close()
    supervises(daemon)
    returns_to(daemon, before + 2)
    return "goes on, nothing leaks"


@trial(SECTION, "malformed requests: heads, lengths, XML, mutated and random bytes", 400, 20_000, "requests")
def malformed(side, count):
    daemon = launch(side)
    r = random.Random(2)
    seeds = [_rpc("supervisor.getState"), _rpc("system.multicall", "<param><value><array><data/></array></value></param>"),
             b"GET /index.html?action=start&processname=canary HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /logtail/canary HTTP/1.1\r\n\r\n",
             b"POST /RPC2 HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"POST /RPC2 HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nx",
             b"POST /RPC2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"\r\n\r\n",
             b"GET /%00%ff%zz HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
             _post("<methodCall><methodName>" + "a" * 5000 + "</methodName></methodCall>"),
             _post("<?xml version='1.0' encoding='utf-16'?><methodCall/>"), _rpc("supervisor.getState", "<param><value><int>9e9</int></value></param>")]
    statuses, silent = {}, 0
    for i in range(count):
        data = bytearray(seeds[i % len(seeds)])
        for _ in range(r.randrange(4) if i >= len(seeds) else 0):
            at = r.randrange(len(data) + 1)
            what = r.randrange(4)
            if what == 0 and data:
                data[at % len(data)] = r.randrange(256)
            elif what == 1:
                data[at:at] = r.choice([b"\0", b"\r\n", b"<", b"&", b"]]>", b"\xff\xfe", b"<!DOCTYPE x>", b":", b" " * 100])
            elif what == 2:
                del data[at:at + r.randrange(20)]
            else:
                data[at:at] = data[:r.randrange(200)]
        reply = _ask(side, bytes(data), 5)
        if reply == b"<no reply>":
            silent += 1
        elif reply:
            statuses[reply[9:12]] = statuses.get(reply[9:12], 0) + 1
    supervises(daemon)
    assert silent <= count // 100, "no reply to %d of %d requests, connections kept" % (silent, count)
    return "answered by " + ", ".join("%s: %d" % (k.decode("latin-1"), n) for k, n in sorted(statuses.items()) if k.isdigit())


@trial(SECTION, "clients that send a byte at a time", 50, 1000, "clients")
def slow_writers(side, count):
    daemon = launch(side)
    request = _rpc("supervisor.getState")
    sockets = [connect(side) for _ in range(count)]
    longest = 0.0
    for at in range(0, 40):
        for s in sockets:
            s.sendall(request[at:at + 1])
        if at % 10 == 0:
            longest = max(longest, answers(daemon))
    for s in sockets:
        s.sendall(request[40:])
    for s in sockets:
        assert s.recv(100).startswith(b"HTTP/1.0 200"), "an unfinished request was not answered in the end"
        s.close()
    supervises(daemon)
    return "all answered in the end; others within %s" % ms(longest)


@trial(SECTION, "guessing the password", 300, 20_000, "guesses")
def brute_force(side, count):
    daemon = launch(side, INET)
    r = random.Random(3)

    def status(user, password, connection):
        head = {"Authorization": "Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()).decode()}
        connection.request("GET", "/", headers=head)
        reply = connection.getresponse()
        reply.read()
        return reply.status
    for i in range(count):
        if i % 50 == 0:
            connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=20)
        guess = r.choice(["", "secret ", "Secret", "secre", "secrett", "user", "s" * 1000, "%08x" % r.getrandbits(32)])
        try:
            code = status("user", guess, connection)
        except (OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=20)
            code = status("user", guess, connection)
        connection.close()
        assert code == 401, "the guess %r is answered by %d" % (guess, code)
    assert status("user", "secret", http.client.HTTPConnection("127.0.0.1", side.port, timeout=20)) == 200
    supervises(daemon)
    return "401 for every guess; the right one is let in as ever"


TRICKS = ["/../../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/stylesheets/../../../../etc/passwd",
          "/stylesheets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/logtail/../../../etc/passwd", "/logtail/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
          "/logtail/canary/../../../../etc/passwd", "/mainlogtail/../../etc/passwd", "/..\\..\\etc\\passwd", "/images/%00/etc/passwd", "/etc/passwd",
          "/logtail/canary/stdout/%2fetc%2fpasswd", "/tail.html?processname=../../etc/passwd", "/tail.html?processname=%2fetc%2fpasswd&limit=1000",
          "/stylesheets/supervisor.css/../../../../../etc/passwd", "/./././../../../../../../etc/passwd", "/;/etc/passwd", "/?/../../etc/passwd"]


@trial(SECTION, "paths that lead out of the static files and logs", len(TRICKS), len(TRICKS), "paths")
def path_tricks(side, count):
    daemon = launch(side)
    for path in TRICKS:
        for version in (b"1.0", b"1.1"):
            reply = _ask(side, b"GET %s HTTP/%s\r\nConnection: close\r\n\r\n" % (path.encode(), version), 5)
            assert b"root:" not in reply, "%s gives /etc/passwd" % path
            assert reply != b"<no reply>", "no reply to " + path
    supervises(daemon)
    return "none gives a file"


@trial(SECTION, "a multicall of many calls in one request", 2000, 50_000, "calls")
def huge_multicall(side, count):
    daemon = launch(side)
    item = "<value><struct><member><name>methodName</name><value><string>supervisor.getState</string></value></member><member><name>params</name>" \
           "<value><array><data/></array></value></member></struct></value>"
    body = _rpc("system.multicall", "<param><value><array><data>%s</data></array></value></param>" % (item * count))
    box = []
    thread = threading.Thread(target=lambda: box.append(_ask(side, body, 120, whole=True)))
    began = time.monotonic()
    thread.start()
    longest = max(answers(daemon, 60) for _ in range(5))
    thread.join()
    took = time.monotonic() - began
    assert box[0].count(b"statename") in (0, count), "some calls are not answered"
    supervises(daemon)
    return "%s after %s, others wait %s; %.0f MiB" % ("answered" if b"statename" in box[0] else "refused (%s)" % box[0][:12].decode(), ms(took), ms(longest),
                                                     gauges.resident_kib(daemon.pid) / 1024)


@trial(SECTION, "nested arrays", 20_000, 1_000_000, "levels")
def deep_arrays(side, depth):
    daemon = launch(side)
    for closed in (True, False):
        value = "<value><array><data>" * depth + ("</data></array></value>" * depth if closed else "")
        reply = _ask(side, _rpc("supervisor.getState", "<param>" + value + "</param>"), 60)
        assert reply != b"<no reply>", "no reply"
    supervises(daemon)
    return "refused (%s), goes on" % (reply.split(b"\r\n")[0].decode() or "closed")


@trial(SECTION, "entities that unfold to gigabytes", 1, 20, "times")
def entity_bomb(side, times):
    daemon = launch(side)
    lol = "<!ENTITY l0 'lollollollol'>" + "".join("<!ENTITY l%d '%s'>" % (i, "&l%d;" % (i - 1) * 10) for i in range(1, 10))
    for _ in range(times):
        reply = _ask(side, _post("<?xml version='1.0'?><!DOCTYPE x [%s]><methodCall><methodName>&l9;</methodName></methodCall>" % lol), 30)
        assert b"<no reply>" != reply, "no reply"
        reply = _ask(side, _post("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><methodCall><methodName>&f;</methodName></methodCall>"), 30,
                     whole=True)
        assert b"root:" not in reply
    rss = gauges.resident_kib(daemon.pid)
    supervises(daemon)
    assert rss < 300 * 1024, "%d MiB" % (rss // 1024)
    return "refused, %.0f MiB" % (rss / 1024)


@trial(SECTION, "bodies of 200 MB, announced and sent", 1, 5, "times")
def huge_body(side, times):
    daemon = launch(side)
    peak = 0
    for _ in range(times):
        s = connect(side, 30)
        try:
            s.sendall(b"POST /RPC2 HTTP/1.1\r\nContent-Length: 200000000\r\n\r\n")
            for _ in range(200):
                s.sendall(b"x" * 1_000_000)
            s.recv(100)
        except OSError:
            pass
        peak = max(peak, gauges.resident_kib(daemon.pid))
        s.close()
    supervises(daemon)
    assert peak < 500 * 1024, "%d MiB resident" % (peak // 1024)
    return "%.0f MiB at most" % (peak / 1024)


@trial(SECTION, "a head without end", 1_000_000, 50_000_000, "bytes")
def endless_head(side, size):
    daemon = launch(side)
    s = connect(side, 20)
    sent = 0
    try:
        s.sendall(b"GET / HTTP/1.1\r\n")
        while sent < size:
            s.sendall(b"X-Y: " + b"z" * 10_000 + b"\r\n")
            sent += 10_007
        s.settimeout(5)
        s.recv(100)
    except OSError:
        pass
    rss = gauges.resident_kib(daemon.pid)
    s.close()
    supervises(daemon)
    assert rss < 200 * 1024, "%d MiB resident" % (rss // 1024)
    return "cut off after %.1f MB, %.0f MiB" % (sent / 1e6, rss / 1024) if sent < size else "%.0f MiB" % (rss / 1024)
