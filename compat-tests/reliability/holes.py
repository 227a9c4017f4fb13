"""The holes that Supervisor and its ports have had, by their numbers: each must be shut."""

import http.client
import os
import time

from reliability.base import answers, call, launch, supervises, trial
from reliability.clients import INET, _ask, _post, _rpc

SECTION = "Known holes"


@trial(SECTION, "CVE-2017-11610: method names that walk through objects to a command", 8, 8, "names")
def cve_2017_11610(side, count):
    daemon = launch(side)
    mark = side.path("pwned")
    for name in ("supervisor.supervisord.options.warnings.linecache.os.system", "supervisor.supervisord.options.execve",
                 "supervisor.supervisord.process_groups.canary.processes.canary.config.make_process", "supervisor.__class__.__init__",
                 "supervisor.supervisord.options.logger.info", "system.listMethods.__globals__", "supervisor._getProcess", "supervisor.getState.__call__"):
        reply = _ask(side, _rpc(name, "<param><value><string>touch %s</string></value></param>" % mark), 10, whole=True)
        assert b"<int>1</int>" in reply and b"UNKNOWN_METHOD" in reply, "%s: %r" % (name, reply[-200:])
    assert not os.path.exists(mark)
    supervises(daemon)
    return "UNKNOWN_METHOD"


@trial(SECTION, "CVE-2019-12105: reading logs and restarting programs without a password", 6, 6, "requests")
def cve_2019_12105(side, count):
    daemon = launch(side, INET)
    for method, path in (("GET", "/"), ("GET", "/logtail/canary"), ("GET", "/mainlogtail"), ("GET", "/index.html?action=restart&processname=canary"),
                         ("GET", "/tail.html?processname=canary"), ("POST", "/RPC2")):
        connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=20)
        connection.request(method, path, _rpc("supervisor.getState").split(b"\r\n\r\n", 1)[1] if method == "POST" else None)
        assert connection.getresponse().status == 401, path
        connection.close()
    assert "Server 'unix_http_server' running without any HTTP authentication checking" in daemon.log()
    assert "Server 'inet_http_server' running without" not in daemon.log()
    supervises(daemon)
    return "401 with a password set; without one the log says so at level CRIT, and no TCP port is open unless configured"


@trial(SECTION, "CVE-2024-24786 (in a Go port): malformed input that makes the parser loop for ever", 200, 5000, "requests")
def cve_2024_24786(side, count):
    daemon = launch(side)
    whole = _rpc("supervisor.getState", "<param><value><struct><member><name>a</name><value><i4>1</i4></value></member></struct></value></param>")
    head, body = whole.split(b"\r\n\r\n", 1)
    worst = 0.0
    for i in range(count):
        cut = body[:1 + i % len(body)] + (b"" if i < len(body) else b"{%d:}" % i)
        began = time.monotonic()
        assert _ask(side, _post(cut), 20) != b"<no reply>", "no reply to %r" % cut
        worst = max(worst, time.monotonic() - began)
    supervises(daemon)
    assert worst < 10
    return "every truncated request is answered"


@trial(SECTION, "script in names, messages and logs shown by the pages (XSS)", 3, 3, "pages")
def cross_site_scripting(side, count):
    daemon = launch(side, "[program:p]\ncommand=/bin/sh -c \"echo '<script>alert(1)</script>'; exec sleep 1000000\"\nstdout_logfile=@DIR@/p.out\nstartsecs=0\n")
    daemon.wait_state("p", "RUNNING")
    while not os.path.exists(side.path("p.out")) or not os.path.getsize(side.path("p.out")):
        time.sleep(0.02)
    for path in (b"/?message=%3Cscript%3Ealert(1)%3C/script%3E", b"/tail.html?processname=p", b"/tail.html?processname=%3Cscript%3Ealert(1)%3C/script%3E"):
        reply = _ask(side, b"GET " + path + b" HTTP/1.0\r\n\r\n", 10, whole=True)
        assert b"<script>alert(1)" not in reply, path.decode()
    supervises(daemon)
    return "escaped"


@trial(SECTION, "line ends in arguments that are written to the log (forged log lines)", 3, 3, "requests")
def forged_log_lines(side, count):
    daemon = launch(side, INET)
    forged = "2026-01-01 00:00:00,000 CRIT forged"
    for params in ("p&#10;" + forged, "p&#13;&#10;" + forged):
        _ask(side, _rpc("supervisor.startProcess", "<param><value><string>%s</string></value></param>" % params), 10)
    _ask(side, b"GET /x%0a" + forged.replace(" ", "%20").encode() + b" HTTP/1.0\r\n\r\n", 10)
    answers(daemon)
    assert not any(line.startswith(forged) for line in daemon.log().splitlines()), "a forged line stands in the log"
    supervises(daemon)
    return "no forged line"


@trial(SECTION, "a socket that others may write to (the mode of the unix socket)", 1, 1, "times")
def socket_mode(side, times):
    daemon = launch(side)
    mode = os.stat(side.path("s.sock")).st_mode & 0o777
    assert mode == 0o700, oct(mode)
    supervises(daemon)
    return "0700 by default, from its first moment"
