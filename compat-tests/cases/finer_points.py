"""Rows of the checklist that no longer story passes by."""

import os
import re
import signal
import socket
import urllib.error
import urllib.request

from harness import both, candidate_only, wait_until
from ._conf import HEAD

CAT = "[program:cat]\ncommand=/bin/cat\nstdout_logfile=@DIR@/cat.log\nstartsecs=0\n"


def _get(side, path, method="GET", headers=None):
    request = urllib.request.Request("http://127.0.0.1:%d%s" % (side.port, path), method=method, headers=headers or {})

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args):
            return None

    try:
        reply = urllib.request.build_opener(NoRedirect).open(request, timeout=20)
    except urllib.error.HTTPError as e:
        reply = e
    return reply.status, reply.headers, reply.read()


@both
def static_files(side):
    """The assets have the same addresses and types; what is in them is our own (HTTP-031..034)."""
    side.start(HEAD)
    seen = {}
    for path in ("/stylesheets/supervisor.css", "/images/icon.png", "/images/rule.gif", "/images/state0.gif", "/images/state3.gif", "/images/supervisor.gif",
                 "/images/nosuch.gif", "/stylesheets", "/stylesheets/", "/images/../stylesheets/supervisor.css", "/images/%2e%2e/%2e%2e/xmlrpc.py"):
        for method in ("GET", "HEAD", "POST"):
            status, headers, body = _get(side, path, method)
            if method == "POST" and "nosuch" not in path:
                continue
            seen[method + " " + path] = "%s %s %s %s" % (status, headers.get("Content-Type"), "Last-Modified" in headers, bool(body))
    status, headers, _ = _get(side, "/stylesheets/supervisor.css", headers={"If-Modified-Since": "Fri, 31 Dec 2038 00:00:00 GMT"})
    seen["not modified"] = str(status)
    seen["long ago"] = str(_get(side, "/stylesheets/supervisor.css", headers={"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"})[0])
    return seen


@both
def web_actions(side):
    """Every button of the page, by its message (HTTP-053..056, HTTP-059)."""
    daemon = side.start(HEAD + CAT + "[program:idle]\ncommand=/bin/sleep 1000\nautostart=false\nstartsecs=0\n")
    daemon.wait_state("cat", "RUNNING")
    seen = {}
    for path in ("/index.html?action=restart&processname=cat", "/?action=clearlog&processname=cat", "/index.html?action=start&processname=idle",
                 "/index.html?action=stop&processname=idle", "/index.html?action=stop&processname=idle", "/index.html?action=restart&processname=nosuch",
                 "/index.html?action=clearlog&processname=nosuch", "/index.html?action=stopall", "/index.html?action=restartall", "/index.html?action=refresh"):
        status, headers, body = _get(side, path)
        seen.setdefault(path, "")
        seen[path] += "%s %s\n" % (status, side.mask(headers.get("Location", "")))
    wait_until(lambda: daemon.rpc.supervisor.getProcessInfo("cat")["statename"] == "RUNNING", "cat")
    daemon.rpc.supervisor.sendProcessStdin("cat", "x" * 2000 + " w\u00f6rld <&>\n")
    wait_until(lambda: side.read("cat.log").endswith(">\n"), "the echo")
    for query in ("processname=cat", "processname=cat&limit=1500", "processname=cat&limit=many", "processname=nosuch", "", "processname=idle"):
        status, headers, body = _get(side, "/tail.html?" + query)
        text = body.decode()
        seen["tail " + query] = "%s %s %s %s" % (status, headers["Content-Type"], re.search("<title>.*?</title>", text).group(0),
                                                 re.search("(?s)<pre[^>]*>(.*?)</pre>", text).group(1).strip())
    return seen


@both
def trace_log(side):
    """What loglevel=trace says of servers, requests and calls (DMN-018, HTTP-014, RPC-013)."""
    daemon = side.start(HEAD.replace("loglevel=info", "loglevel=trace"))
    daemon.rpc.supervisor.getIdentification()
    try:
        daemon.rpc.supervisor.getProcessInfo("nosuch")
    except Exception:
        pass
    _get(side, "/ok.html")
    _get(side, "/nosuch")
    _get(side, "/error.html")
    daemon.stop()
    log = re.sub(r"127\.0\.0\.1:\d+ - -", "127.0.0.1:<N> - -", side.mask(side.read("s.log")))
    log = re.sub(r"Hostname: .*", "Hostname: <NAME>", log)
    keep = r"Medusa|Hostname|Port:|XML-RPC|RPC interface|authentication| - - \["
    # While the daemon comes up it is asked until it answers.
    return {"log": "\n".join(l for l in log.splitlines() if re.search(keep, l) and "getState" not in l and ("localhost:0" not in l))}


@both
def dies_of_sigusr1(side):
    """No meaning of its own: the default action, nothing cleaned up (DMN-046, QRK-015)."""
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    pid = daemon.rpc.supervisor.getProcessInfo("cat")["pid"]
    daemon.send(signal.SIGUSR1)
    status = daemon.process.wait(20)
    left = " ".join(sorted(f for f in os.listdir(side.dir) if f in ("s.sock", "s.pid")))
    # Its standard input has ended with the daemon.
    wait_until(lambda: not os.path.exists("/proc/%d" % pid), "the end of cat")
    return {"status": str(status), "left behind": left}


@both
def reread_takes_effect_at_once(side):
    """Scalars of [supervisord] change with a reread, without a word about it (DMN-081)."""
    daemon = side.start(HEAD + CAT)
    before = daemon.rpc.supervisor.getIdentification()
    side.write("s.conf", (HEAD + CAT).replace("[supervisord]\n", "[supervisord]\nidentifier=other\n"))
    return {"before": before, "reread": side.ctl("reread"), "after": daemon.rpc.supervisor.getIdentification(), "again": side.ctl("reread")}


@both
def listener_output(side):
    """A listener's stdout is the protocol and is logged and mirrored as bytes; its stderr is a program's (EVT-020, LOG-031)."""
    side.write("el.sh", "printf 'READY\\n'; echo complaint >&2; read header; exec sleep 1000\n")
    daemon = side.start(HEAD.replace("loglevel=info", "loglevel=debug") + """
[eventlistener:el]
command=/bin/sh @DIR@/el.sh
events=REMOTE_COMMUNICATION
stdout_logfile=@DIR@/el.out
stderr_logfile=@DIR@/el.err
startsecs=0
""")
    daemon.wait_state("el", "RUNNING")
    wait_until(lambda: "READY" in side.read("el.out") and "complaint" in side.read("el.err"), "its output")
    daemon.rpc.supervisor.sendRemoteCommEvent("t", "d")
    wait_until(lambda: "sent to listener" in side.read("s.log"), "the event")
    log = side.mask(side.read("s.log"))
    daemon.stop()
    return {"out": side.read("el.out"), "err": side.read("el.err"),
            "mirror": "\n".join(sorted(re.findall(r"(?:'el' std\w+ output:\n.*|el: \w+ -> \w+|event \d+ sent to listener \w+)", log)))}


@both
def autostart_retries_and_manual_starts(side):
    """tries counts up, a program once started by hand is retried like any other, FATAL stays (PSM-009, PSM-016, PSM-035)."""
    daemon = side.start(HEAD + "[program:bad]\ncommand=/bin/false\nautostart=false\nstartretries=1\nstartsecs=5\n")
    try:
        daemon.rpc.supervisor.startProcess("bad")
        first = "started"
    except Exception as e:
        first = str(e)
    daemon.wait_state("bad", "FATAL")
    info = daemon.rpc.supervisor.getProcessInfo("bad")
    return {"start": first, "info": "%(statename)s %(exitstatus)s %(spawnerr)s %(description)s" % info,
            "log": "\n".join(l for l in side.mask(side.read("s.log")).splitlines() if "bad" in l)}


@candidate_only
def tail_streams_mended(side):
    """A tail over HTTP/1.0 begins at once, and a truncated log is followed (HTTP-044, HTTP-045, QRK-026)."""
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    daemon.rpc.supervisor.sendProcessStdin("cat", "first\n")
    wait_until(lambda: side.read("cat.log") == "first\n", "the echo")
    s = socket.create_connection(("127.0.0.1", side.port), timeout=10)
    s.sendall(b"GET /logtail/cat HTTP/1.0\r\n\r\n")
    got = b""
    while b"first\n" not in got:
        got += s.recv(4096)
    os.truncate(side.path("cat.log"), 0)
    while b"==> File truncated <==\n" not in got:
        got += s.recv(4096)
    daemon.rpc.supervisor.sendProcessStdin("cat", "second\n")
    while b"second\n" not in got:
        got += s.recv(4096)
    s.close()


@candidate_only
def answers_mended(side):
    """Slices that are no text, large numbers, a full stdin: answers instead of HTTP 500 (QRK-020..023, QRK-034, QRK-035)."""
    daemon = side.start(HEAD + CAT + "autorestart=true\nstdout_logfile_maxbytes=5GB\n"
                        + "[program:deaf]\ncommand=/bin/sleep 1000\nstartsecs=0\n[program:w\u00f6rld]\ncommand=/bin/sleep 1000\nautostart=false\n")
    daemon.wait_state("cat", "RUNNING")
    # Half a character, then one that XML does not know.
    with open(side.path("cat.log"), "wb") as f:
        f.write(b"\xc3\xa9\x01\n")
    assert daemon.rpc.supervisor.readProcessStdoutLog("cat", 1, 0) == "\ufffd\ufffd\n"
    config = {c["name"]: c for c in daemon.rpc.supervisor.getAllConfigInfo()}
    assert config["cat"]["autorestart"] is True and config["cat"]["stdout_logfile_maxbytes"] == 2147483647
    for _ in range(20):
        assert daemon.rpc.supervisor.sendProcessStdin("deaf", "x" * 20000) is True
    # A deferred answer with a name of several bytes a letter arrives whole.
    assert daemon.rpc.supervisor.startProcessGroup("w\u00f6rld")[0]["name"] == "w\u00f6rld"
    with open(side.path("cat.log"), "wb") as f:
        f.write(b"\xff\n")
    assert "\ufffd" in _get(side, "/tail.html?processname=cat")[2].decode()


@both
def root_searching_for_its_file(side):
    """The sentence that people grep for (CFG-003); what stands before it is our own."""
    os.mkdir(side.path("etc"))
    side.write("supervisord.conf", "[supervisord]\nnodaemon=perhaps\n")
    said = side.run()
    return {"sentence": re.search(r"Supervisord is running as root and .*? improved security\.", said).group(0) if os.getuid() == 0 else "",
            "end": "\n".join(l for l in said.splitlines() if "Error" in l or l.startswith("status"))}


@candidate_only
def fcgi_in_a_group(side):
    """Upstream documents the socket of a grouped fcgi-program and makes none (QRK-008)."""
    daemon = side.start(HEAD + """
[group:g]
programs=f
[fcgi-program:f]
command=/bin/sh -c "ls -l /proc/self/fd/0 | grep -o 'socket:'; sleep 1000"
socket=unix://@DIR@/f.sock
stdout_logfile=@DIR@/f.log
startsecs=0
""")
    daemon.wait_state("g:f", "RUNNING")
    wait_until(lambda: "socket:" in side.read("f.log"), "the socket")


@candidate_only
def plug_ins_are_refused(side):
    """What needs Python code names its section and says what to do (OPT-129)."""
    for section, option in (("rpcinterface:x", "supervisor.rpcinterface_factory=my.module:make"), ("eventlistener:x", "command=/bin/cat\nevents=EVENT\nresult_handler=my.module:handle")):
        side.write("x.conf", HEAD + "[%s]\n%s\n" % (section, option))
        said = side.run("-c", side.path("x.conf"))
        assert "status 2" in said and "my.module" in said and section in said and "cannot be loaded" in said, said
    side.write("s.conf", HEAD + "[ctlplugin:x]\nsupervisor.ctl_factory=my.module:make\n")
    said = side.capture([os.path.join(side.bindir, "supervisorctl"), "-c", side.path("s.conf"), "avail"])
    assert "status 2" in said and "my.module:make" in said and "ctlplugin:x" in said, said
