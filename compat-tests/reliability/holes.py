"""The holes that Supervisor and its ports have had, by their numbers: each must be shut."""

import http.client
import os
import re
import socket
import time

from reliability.base import answers, call, launch, supervises, trial, wait_until
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


FORGED = "2026-01-01 00:00:00,000 CRIT forged"
LISTENER = """[eventlistener:l]
command=/bin/sh @DIR@/listener.sh
events=REMOTE_COMMUNICATION
startsecs=0
"""


@trial(SECTION, "line ends and escape sequences in what reaches the log (forged log lines), at every level", 10, 10, "requests")
def forged_log_lines(side, count):
    side.write("listener.sh", "printf 'READY\\n'; read x; printf 'OOPS \\033[2J\\r%s\\n'; exec sleep 1000000\n" % FORGED)
    daemon = launch(side, INET + LISTENER, args=("-s", "-e", "trace"))
    with socket.create_connection(("127.0.0.1", side.port), 10) as stranger:
        # Without a password, and raised to ERRO by the word "error". No-break spaces, since a blank would end the address.
        stranger.sendall(b"GET /error\n" + FORGED.replace(" ", "\u00a0").encode() + b"\x1b[2J\x1b]0;x\x07 HTTP/1.1\r\n\r\n")
        stranger.recv(1000)
    _ask(side, b"GET /?action=x%0a" + FORGED.replace(" ", "%20").encode() + b" HTTP/1.0\r\n\r\n", 10)
    _ask(side, b"GET /x%0a" + FORGED.replace(" ", "%20").encode() + b" HTTP/1.0\r\n\r\n", 10)
    _ask(side, _rpc("supervisor.error&#10;" + FORGED), 10)
    for text in ("p&#10;", "p&#13;&#10;", "p&#x2028;", "p&#x9b;2J&#10;"):
        _ask(side, _rpc("supervisor.startProcess", "<param><value><string>%s</string></value></param>" % (text + FORGED)), 10)
    string = "<param><value><string>%s</string></value></param>"
    _ask(side, _rpc("supervisor.sendRemoteCommEvent", string % "t" + string % "d"), 10)
    wait_until(lambda: "bad result line" in daemon.log(), "the line about the listener")
    # What is meant for a program's stdin is not logged, even when the document is broken.
    _ask(side, _rpc("supervisor.sendProcessStdin", string % "canary" + "<param><value><string>s3cret</value></param>"), 10)
    _ask(side, _rpc("supervisor.sendProcessStdin", string % "canary" + "<param><value><int>s3cret</int></value></param>"), 10)
    answers(daemon)
    with open(side.path("s.log"), "rb") as f:
        log = f.read().decode()
    assert not [line for line in re.split("[\n\r\u0085\u2028\u2029]", log) if line.replace("\u00a0", " ").startswith(FORGED)], "a forged line stands in the log"
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", log), "a control character stands in the log"
    assert "s3cret" not in log, "data for stdin stands in the log"
    assert "forged" in log and " bytes is invalid: unmarshallable (" in log, log
    supervises(daemon)
    return "no forged line"


@trial(SECTION, "a socket that others may write to (the mode of the unix socket)", 1, 1, "times")
def socket_mode(side, times):
    daemon = launch(side)
    mode = os.stat(side.path("s.sock")).st_mode & 0o777
    assert mode == 0o700, oct(mode)
    supervises(daemon)
    return "0700 by default, from its first moment"
