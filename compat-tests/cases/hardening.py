"""What clients cannot do to our daemon, and the keys that say so (docs/security-http.md). Ours alone: upstream has none of it."""

import base64
import concurrent.futures
import http.client
import os
import re
import resource
import socket
import ssl
import subprocess
import time
import xmlrpc.client

from harness import Skip, both, candidate_only, wait_until
from recorded import call, get, post, text
from ._conf import HEAD

CAT = "[program:cat]\ncommand=/bin/cat\nstdout_logfile=@DIR@/cat.log\nstartsecs=0\n"
OPTIONS = "port=127.0.0.1:@PORT@\n"


def _with(*lines, minfds=None):
    head = HEAD.replace(OPTIONS, OPTIONS + "".join(line + "\n" for line in lines))
    return head.replace("[supervisord]\n", "[supervisord]\nminfds=%d\n" % minfds) if minfds else head


def _connect(side, timeout=20):
    return socket.create_connection(("127.0.0.1", side.port), timeout=timeout)


def _ask(side, request, timeout=20):
    """All bytes until the server closes."""
    with _connect(side, timeout) as s:
        s.sendall(request)
        got = b""
        while True:
            try:
                more = s.recv(65536)
            except ConnectionResetError:
                return got
            if not more:
                return got
            got += more


def _status(reply):
    return reply[9:12].decode()


def _login(user, password):
    return b"Connection: close\r\nAuthorization: Basic %s\r\n" % base64.b64encode(("%s:%s" % (user, password)).encode())


def _resident(daemon):
    with open("/proc/%d/status" % daemon.pid) as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def _libraries(daemon):
    with open("/proc/%d/maps" % daemon.pid) as f:
        return f.read()


@candidate_only
def hashed_password(side):
    """--hash-password makes a value that lets the password in, costs nothing the second time, and is told to nobody."""
    made = subprocess.run([side.supervisord, "--hash-password"], input=b"s3c:ret\n", stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    assert re.fullmatch(r"\{PBKDF2-SHA256\}\d+\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+", made), made
    refused = side.run("--hash-password", "s3c:ret")
    assert refused.startswith("status 2") and "s3c:ret" not in refused, refused
    daemon = side.start(_with("username=user", "password=" + made).replace("loglevel=info", "loglevel=trace"))
    assert _status(_ask(side, get(b"/ok.html", headers=_login("user", "s3c:ret")))) == "200"
    assert _status(_ask(side, get(b"/ok.html", headers=_login("user", "wrong")))) == "401"
    assert _status(_ask(side, get(b"/ok.html", headers=_login("user", made)))) == "401"
    began = time.monotonic()
    for _ in range(100):
        assert _status(_ask(side, get(b"/ok.html", headers=_login("user", "s3c:ret")))) == "200"
    assert time.monotonic() - began < 20, "each request costs a whole hash"
    assert "libssl" not in _libraries(daemon) and "libcrypto" not in _libraries(daemon)
    assert "s3c:ret" not in daemon.log() and made not in daemon.log()


@candidate_only
def password_file(side):
    side.write("secret", "from-the-file\nsecond line\n", 0o600)
    conf = _with("username=user", "password=from-the-configuration", "password_file=@DIR@/secret")
    daemon = side.start(conf.replace("loglevel=info", "loglevel=trace"))
    assert _status(_ask(side, get(b"/ok.html", headers=_login("user", "from-the-file")))) == "200"
    assert _status(_ask(side, get(b"/ok.html", headers=_login("user", "from-the-configuration")))) == "401"
    for option in ("--dump-config", "--dump-config=strict", "--check"):
        shown = side.run("-c", "@DIR@/s.conf", option) if option != "--check" else side.run("--check", "@DIR@/s.conf")
        assert "from-the-file" not in shown, shown
        assert option == "--dump-config=strict" or "from-the-configuration" not in shown, shown
    assert "from-the" not in daemon.log() and "from-the" not in str(daemon.rpc.supervisor.getAllConfigInfo())
    side.write("empty", "")
    os.mkfifo(side.path("fifo"))
    for wrong, words in (("password_file=@DIR@/nosuch", "cannot be read"), ("password_file=@DIR@/empty", "no password in its first line"),
                         # Neither waited for nor read without end.
                         ("password_file=@DIR@/fifo", "cannot be read"), ("password_file=/dev/zero", "cannot be read")):
        side.write("wrong.conf", _with("username=user", wrong))
        said = side.run("-n", "-c", "@DIR@/wrong.conf")
        assert said.startswith("status 2") and words in said, said


@candidate_only
def secrets_in_errors(side):
    """What is wrong with a password is told without it."""
    for password in ("s3c%!", "%(ENV_NOSUCH)s-s3c", "{PBKDF2-SHA256}s3c"):
        side.write("s.conf", _with("username=user", "password=" + password))
        for said in (side.run("-n", "-c", "@DIR@/s.conf"), side.run("--check", "@DIR@/s.conf")):
            assert said.startswith("status 2") and "s3c" not in said and "password" in said, said


@candidate_only
def refused_before_the_body(side):
    """Without a login nobody gets a body read, however large or odd it is."""
    daemon = side.start(_with("username=user", "password=s3cret"))
    for body in (b"hello", recorded_bomb(), b"x" * 1000000):
        reply = _ask(side, post(body))
        assert _status(reply) == "401" and b"Error code 401" in reply, reply
    assert _status(_ask(side, post(b"", length=b"99999999999"))) == "401"
    assert "invalid" not in daemon.log()


def recorded_bomb():
    import recorded.documents
    return recorded.documents.BOMB + b"<a>&lol9;</a>"


@candidate_only
def limits(side):
    daemon = side.start(_with("max_body=1000", "max_head=2000", "max_headers=10") + CAT)
    assert _status(_ask(side, post(b"x" * 1001))) == "413"
    assert _status(_ask(side, post(b"x" * 1000, headers=b"Connection: close\r\n"))) == "400"
    assert _status(_ask(side, get(b"/" + b"x" * 2000))) == "400"
    assert _status(_ask(side, get(b"/ok.html", headers=b"a: b\r\n" * 11))) == "400"
    assert _status(_ask(side, get(b"/ok.html", headers=b"a: b\r\n" * 9 + b"Connection: close\r\n"))) == "200"
    assert daemon.rpc.supervisor.getState()["statename"] == "RUNNING"
    for line in ("max_body=0", "max_head=x", "max_connections=-1", "request_timeout=0", "idle_timeout=soon", "tls_key=/etc/hostname", "cross_site_check=perhaps"):
        side.write("wrong.conf", _with(line))
        assert side.run("-n", "-c", "@DIR@/wrong.conf").startswith("status 2"), line


@candidate_only
def slow_clients(side):
    """Heads and bodies have a time, the pause between requests another; who is served waits as long as it takes."""
    daemon = side.start(_with("request_timeout=1", "idle_timeout=2") + "[program:slow]\ncommand=/bin/sleep 1000\nstartsecs=12\nautostart=false\n")
    held = {"idle": b"", "idle after a request": get(b"/ok.html"), "half a head": b"GET / HT", "half a body": post(b"<a/>", length=b"100"), "line ends": b"\r\n\r\n\r\n"}

    def wait(data):
        with _connect(side, 40) as s:
            s.sendall(data)
            began = time.monotonic()
            try:
                while s.recv(65536):
                    pass
            except ConnectionResetError:
                pass
            return time.monotonic() - began

    def drip():
        """A head that comes byte by byte has no more time than any other."""
        with _connect(side, 40) as s:
            for n in range(400):
                try:
                    s.sendall(b"GET /ok.html HTTP/1.1\r\n"[n:n + 1] or b"x")
                    time.sleep(0.1)
                except OSError:
                    return n
        raise AssertionError("a head may drip for ever")

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        waits = {title: pool.submit(wait, data) for title, data in held.items()}
        dripping = pool.submit(drip)
        deferred = pool.submit(_ask, side, call(b"supervisor.startProcess", text(b"slow")).replace(b"Host:", b"Connection: close\r\nHost:"), 60)
        for title, job in waits.items():
            assert job.result() < 30, title
        dripping.result()
        assert b"<boolean>1</boolean>" in deferred.result(), deferred.result()
    assert daemon.rpc.supervisor.getProcessInfo("slow")["statename"] == "RUNNING"


@candidate_only
def crowded(side):
    """Idle connections make room; a program that comes in gets its answer at once; descriptors remain for the programs."""
    daemon = side.start(HEAD.replace("[supervisord]\n", "[supervisord]\nminfds=1024\n") + CAT)
    before = _resident(daemon)
    held = []
    try:
        for n in range(5000):
            s = _connect(side)
            if n % 3 == 1:
                s.sendall(b"GET / HT")
            elif n % 3 == 2:
                s.sendall(get(b"/ok.html"))
            held.append(s)
            if n % 100 == 99:
                assert _status(_ask(side, get(b"/ok.html", headers=b"Connection: close\r\n"))) == "200"
                assert daemon.rpc.supervisor.getState()["statename"] == "RUNNING"
        with open("/proc/%d/limits" % daemon.pid) as f:
            limit = int(re.search(r"Max open files\s+(\d+)", f.read()).group(1))
        assert len(os.listdir("/proc/%d/fd" % daemon.pid)) < limit / 2
        assert daemon.rpc.supervisor.stopProcess("cat") and daemon.rpc.supervisor.startProcess("cat")
        assert _resident(daemon) - before < 60000, "resident memory grew by %d kB" % (_resident(daemon) - before)
    finally:
        for s in held:
            s.close()


@candidate_only
def connections_of_one_server(side):
    daemon = side.start(_with("max_connections=3") + "[program:slow]\ncommand=/bin/sleep 1000\nstartsecs=1000\nautostart=false\n")
    served = [_connect(side) for _ in range(3)]
    for s in served:
        s.sendall(call(b"supervisor.startProcess", text(b"slow")) if s is served[0] else get(b"/mainlogtail"))
    wait_until(lambda: daemon.rpc.supervisor.getProcessInfo("slow")["statename"] == "STARTING", "the start")
    for s in served[1:]:
        assert s.recv(10)
    assert _status(_ask(side, get(b"/ok.html"))) == "503"
    # The other server has its own count.
    assert daemon.rpc.supervisor.getState()["statename"] == "RUNNING"
    for s in served:
        s.close()
    wait_until(lambda: _status(_ask(side, get(b"/ok.html", headers=b"Connection: close\r\n"))) == "200", "room")


@candidate_only
def slow_readers(side):
    """Answers that nobody takes are not copied for each client, nor kept without bound."""
    daemon = side.start(_with("request_timeout=600").replace("loglevel=info", "loglevel=info\nlogfile_maxbytes=0") + CAT)
    with open(side.path("s.log"), "a") as log:
        log.write(("x" * 999 + "\n") * 10000)
    before = _resident(daemon)
    held = []
    for n in range(60):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", side.port))
        s.sendall(get(b"/mainlogtail") if n % 2 else call(b"supervisor.readLog", b"<int>0</int>", b"<int>0</int>"))
        held.append(s)
    wait_until(lambda: daemon.rpc.supervisor.getState(), "an answer")
    for _ in range(30):
        assert daemon.rpc.supervisor.getState()["statename"] == "RUNNING"
        assert _resident(daemon) - before < 500000, "resident memory grew by %d kB" % (_resident(daemon) - before)
        time.sleep(0.1)
    for s in held:
        s.close()
    wait_until(lambda: _status(_ask(side, call(b"supervisor.readLog", b"<int>0</int>", b"<int>5</int>").replace(b"Host:", b"Connection: close\r\nHost:"))) == "200", "room for answers")


@candidate_only
def thousand_wait(side):
    """startProcess(wait=true) on a thousand slow starters at once: all wait at no cost to others, and each is answered."""
    number = 1000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard < 8000:
        raise Skip("not enough file descriptors")
    daemon = side.start(_with(minfds=8000) + """
[program:slow]
command=/bin/sleep 1000
process_name=s%(process_num)d
numprocs=1000
startsecs=10
autostart=false
stdout_logfile=NONE
stderr_logfile=NONE
""")
    before = _resident(daemon)
    held = []
    for n in range(number):
        s = _connect(side, 120)
        s.sendall(call(b"supervisor.startProcess", text(b"slow:s%d" % n)))
        held.append(s)
    assert daemon.rpc.supervisor.getState()["statename"] == "RUNNING"
    for s in held:
        got = s.recv(65536)
        assert b"<boolean>1</boolean>" in got, got
        s.close()
    assert _resident(daemon) - before < 60000, "resident memory grew by %d kB" % (_resident(daemon) - before)


@candidate_only
def descriptors_are_not_inherited(side):
    """Programs get none of the daemon's files and sockets, and every one is close-on-exec."""
    daemon = side.start(HEAD + CAT + "[program:look]\ncommand=/bin/sh -c \"ls /proc/self/fd; exec sleep 1000\"\nstdout_logfile=@DIR@/look.log\nstartsecs=0\n")
    connections = [_connect(side) for _ in range(3)]
    connections[0].sendall(get(b"/logtail/cat"))
    assert connections[0].recv(10)
    wait_until(lambda: len(side.read("look.log").split()) >= 3, "the program's descriptors")
    assert side.read("look.log").split() in (["0", "1", "2", "3"], ["0", "1", "2"]), side.read("look.log")
    for name in os.listdir("/proc/%d/fd" % daemon.pid):
        if int(name) > 2:
            with open("/proc/%d/fdinfo/%s" % (daemon.pid, name)) as f:
                flags = int(re.search(r"flags:\s*([0-7]+)", f.read()).group(1), 8)
            assert flags & os.O_CLOEXEC, os.readlink("/proc/%d/fd/%s" % (daemon.pid, name))


@candidate_only
def other_sites(side):
    daemon = side.start(_with("allowed_hosts=status.example, proxy.example:8443") + CAT)
    daemon.wait_state("cat", "RUNNING")

    def act(headers):
        return _status(_ask(side, get(b"/?action=clearlog&processname=cat", headers=b"Connection: close\r\n" + headers)))
    assert act(b"Host: 127.0.0.1:%d\r\nSec-Fetch-Site: cross-site\r\n" % side.port) == "403"
    assert act(b"Host: 127.0.0.1:%d\r\nOrigin: http://evil.example\r\n" % side.port) == "403"
    assert act(b"Host: evil.example\r\nAccept-Language: de\r\n") == "403"
    assert act(b"Host: 127.0.0.1:%d\r\nSec-Fetch-Site: same-origin\r\n" % side.port) == "301"
    assert act(b"Host: status.example\r\nSec-Fetch-Site: same-origin\r\n") == "301"
    assert act(b"Host: 127.0.0.1\r\nOrigin: https://proxy.example:8443\r\n") == "301"
    assert act(b"Host: anything.example\r\nUser-Agent: curl/8\r\n") == "301"
    refused = _ask(side, post(headers=b"Sec-Fetch-Site: cross-site\r\nConnection: close\r\n"))
    assert _status(refused) == "403" and b"allowed_hosts" in refused and b"cross_site_check" in refused, refused
    assert _status(_ask(side, post(headers=b"Connection: close\r\n"))) == "200"


@candidate_only
def other_sites_allowed(side):
    side.start(_with("cross_site_check=false") + CAT)
    assert _status(_ask(side, get(b"/?action=stopall", headers=b"Connection: close\r\nHost: evil.example\r\nSec-Fetch-Site: cross-site\r\n"))) == "301"


@candidate_only
def ipv6(side):
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
    except OSError:
        raise Skip("no IPv6 here")
    daemon = side.start(HEAD.replace("port=127.0.0.1:@PORT@", "port=[::1]:@PORT@") + CAT)
    daemon.wait_state("cat", "RUNNING")
    with socket.create_connection(("::1", side.port), timeout=20) as s:
        s.sendall(get(b"/ok.html", headers=b"Connection: close\r\nHost: [::1]:%d\r\n" % side.port))
        assert s.recv(1000).startswith(b"HTTP/1.1 200 ")
    said = side.capture([os.path.join(side.bindir, "supervisorctl"), "-s", "http://[::1]:%d" % side.port, "status"])
    assert "cat" in said and "RUNNING" in said, said
    with socket.socket() as other:
        # The IPv4 side of the port is free.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", side.port))


def _certificate(side):
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", side.path("key.pem"), "-out", side.path("cert.pem"), "-days", "30",
                           "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert made.returncode == 0


def _needs_openssl():
    try:
        subprocess.run(["openssl", "version"], stdout=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise Skip("no openssl")


@candidate_only
def tls(side):
    _needs_openssl()
    _certificate(side)
    daemon = side.start(_with("tls_certificate=@DIR@/cert.pem", "tls_key=@DIR@/key.pem", "username=user", "password=s3cret", "request_timeout=2") + CAT
                        + "[program:env]\ncommand=/bin/sh -c \"echo $SUPERVISOR_SERVER_URL; exec sleep 1000\"\nstdout_logfile=@DIR@/env.log\n")
    context = ssl.create_default_context(cafile=side.path("cert.pem"))
    proxy = xmlrpc.client.ServerProxy("https://user:s3cret@localhost:%d/RPC2" % side.port, context=context)
    assert proxy.supervisor.getState()["statename"] == "RUNNING"
    daemon.wait_state("cat", "RUNNING")
    assert proxy.supervisor.sendProcessStdin("cat", "w\u00f6rld " + "x" * 30000 + "\n")
    wait_until(lambda: len(side.read("cat.log")) > 30000, "cat")
    assert len(proxy.supervisor.readProcessStdoutLog("cat", 0, 0)) > 30000
    connection = http.client.HTTPSConnection("localhost", side.port, context=context, timeout=20)
    for _ in range(3):
        connection.request("GET", "/?action=refresh", headers={"Authorization": "Basic " + base64.b64encode(b"user:s3cret").decode()})
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 301 and reply.headers["Location"].startswith("https://localhost:%d/" % side.port), reply.headers
    with context.wrap_socket(_connect(side), server_hostname="localhost") as s:
        s.sendall(get(b"/logtail/cat", headers=_login("user", "s3cret").replace(b"Connection: close\r\n", b"")))
        got = b""
        while b"xxx" not in got:
            got += s.recv(65536)
        daemon.rpc.supervisor.sendProcessStdin("cat", "more\n")
        while b"more\n" not in got:
            got += s.recv(65536)
    # Plain http, rubbish and half a handshake end the connection and nothing else.
    for data in (get(b"/ok.html"), b"\x16\x03\x01", os.urandom(5000), b""):
        _ask(side, data, 40)
    assert proxy.supervisor.getState()["statename"] == "RUNNING"
    assert "libssl" in _libraries(daemon)
    said = side.capture([os.path.join(side.bindir, "supervisorctl"), "-s", "https://localhost:%d" % side.port, "status"])
    assert "Unknown protocol for serverurl" in said, said


@candidate_only
def tls_refused(side):
    """What cannot be served is told at the start, and nothing of OpenSSL is loaded without a certificate."""
    _needs_openssl()
    daemon = side.start(HEAD)
    assert "libssl" not in _libraries(daemon) and "libcrypto" not in _libraries(daemon)
    daemon.stop()
    _certificate(side)
    side.write("rubbish.pem", "hello\n")
    for lines, words in ((("tls_certificate=@DIR@/nosuch.pem",), "nosuch.pem"), (("tls_certificate=@DIR@/rubbish.pem",), "cannot be used"),
                         (("tls_certificate=@DIR@/cert.pem", "tls_key=@DIR@/rubbish.pem"), "cannot be used"), (("tls_certificate=@DIR@/cert.pem",), "cannot be used")):
        side.write("wrong.conf", _with(*lines))
        said = side.run("-n", "-c", "@DIR@/wrong.conf")
        assert said.startswith("status 2") and words in said, said


@both
def loads_in_both(side):
    """A configuration with our keys starts Python's daemon too."""
    daemon = side.start(_with("max_connections=100", "max_body=1MB", "max_head=64KB", "max_headers=100", "request_timeout=30", "idle_timeout=600", "allowed_hosts=a.example",
                              "cross_site_check=true", "username=user", "password=s3cret", "password_file=@DIR@/secret") if side.write("secret", "s3cret\n") else "")
    return {"answers": _ask(side, get(b"/ok.html", b"1.0", _login("user", "s3cret"))).decode().splitlines()[0], "state": str(daemon.rpc.supervisor.getState())}
