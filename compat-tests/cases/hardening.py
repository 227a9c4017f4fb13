"""What clients cannot do to our daemon, and the keys that say so (docs/security-http.md). Ours alone: upstream has none of it."""

import base64
import concurrent.futures
import http.client
import os
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import time
import xmlrpc.client

from harness import Skip, both, candidate_only, free_port, wait_until
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


@candidate_only
def forms_of_an_action(side):
    """However an action is written, another site cannot have it done, and the program keeps running."""
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    evil = b"Connection: close\r\nHost: 127.0.0.1:%d\r\nSec-Fetch-Site: cross-site\r\nReferer: http://evil.example/\r\n" % side.port
    for uri in (b"/?action=stop&processname=cat", b"/?%61ction=stop&processname=cat", b"/?acti%6fn=stop&processname=cat", b"/%3f%61ction=stop&processname=cat", b"/;x?%61ction=stop&processname=cat",
                b"/index%2ehtml?processname=cat&%61%63%74%69%6f%6e=stop", b"///?a=b&%61ction=%73top&processname=cat", b"/?action=&%61ction=stop&processname=cat"):
        assert _status(_ask(side, get(uri, headers=evil))) == "403", uri
        rebound = b"Connection: close\r\nHost: evil.example\r\nAccept-Language: en\r\nReferer: http://evil.example/\r\n"
        assert _status(_ask(side, get(uri, headers=rebound))) == "403", uri
    assert daemon.rpc.supervisor.getProcessInfo("cat")["statename"] == "RUNNING"
    # Twice the same head: what was found for the first goes for the second as well.
    assert _status(_ask(side, get(b"/?%61ction=clearlog&processname=cat", headers=evil.replace(b"cross-site", b"same-origin")))) == "301"
    assert _status(_ask(side, get(b"/?%61ction=clearlog&processname=cat", headers=evil))) == "403"


@candidate_only
def browsers_that_prove_nothing(side):
    """Plain http beyond loopback, as by a browser: no page, no action; the page's own links work."""
    side.start(HEAD.replace("port=127.0.0.1:@PORT@", "port=*:@PORT@\nusername=u\npassword=p") + CAT)
    login = _login("u", "p")

    def act(*headers, version=b"1.1"):
        lines = b"".join(h.replace(b"@PORT@", b"%d" % side.port) + b"\r\n" for h in headers)
        return _status(_ask(side, get(b"/?action=clearlog&processname=cat", version, login + lines)))
    lan = b"Host: 192.168.1.5:@PORT@"
    assert act(lan, b"Accept-Language: en") == "403"
    assert act(lan, b"Accept-Language:") == "403"
    assert act(lan, b"Accept-Language: en", b"Referer: http://evil.example/", b"X-Forwarded-For: 1.2.3.4") == "403"
    assert act(lan, b"Accept-Language: en", b"Referer: http://192.168.1.5:@PORT@/") == "301"
    assert act(lan) == "301"
    # The machine's full name, and with a password any other.
    assert act(b"Host: box.corp.example:@PORT@", b"Accept-Language: en", b"Referer: http://box.corp.example:@PORT@/") == "301"
    # Behind proxies: https; plain http by one of the old protocol that puts our address in the place of the name.
    assert act(b"Host: status.example", b"Accept-Language: en", b"Sec-Fetch-Site: same-origin") == "301"
    assert act(b"Host: 127.0.0.1:@PORT@", b"Accept-Language: en", b"Referer: http://status.example/", version=b"1.0") == "301"
    stop = b'{"name":"cat","wait":false}'
    button = b"POST /api/v1/supervisor/stopProcess HTTP/%s\r\nHost: 127.0.0.1:%d\r\nAccept-Language: en\r\nOrigin: http://status.example\r\n" \
             b"Content-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"
    refused = _ask(side, button % (b"1.1", side.port, len(stop), login, stop))
    assert _status(refused) == "403" and b"Content-Type: application/json" in refused and b"another site" in refused, refused
    assert _status(_ask(side, button % (b"1.0", side.port, len(stop), login, stop))) == "200"


@candidate_only
def framing_that_readers_disagree_about(side):
    """What looks like the body for another reader is not served here, and the connection is closed."""
    daemon = side.start(HEAD.replace("loglevel=info", "loglevel=trace") + CAT)
    hidden = get(b"/?action=stop&processname=cat")
    for line in (b"Content-Length:%d", b"Content-Length:\t%d", b"Content-Length : %d", b"Content-Length:\r\n %d", b"Content-Length: 0\r\nContent-Length: %d", b"X: y\nContent-Length: %d",
                 b"X: y\rContent-Length: %d", b"Content-Length: \x0b%d", b"Transfer-Encoding:chunked\r\nX: %d", b"Transfer-Encoding:\r\n chunked\r\nX: %d", b"Content_Length: %d"):
        for method in (b"GET", b"POST", b"HEAD"):
            got = _ask(side, get(b"/ok.html", headers=b"Host: localhost\r\n" + line % len(hidden) + b"\r\n", method=method) + hidden)
            assert got.count(b"HTTP/1.1 ") == 1, (line, method, got)
    daemon.wait_state("cat", "RUNNING")
    assert "stop&processname" not in daemon.log()


@candidate_only
def crowded_by_strangers(side):
    """Clients without a password who announce bodies hold no place that the unix socket needs."""
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 2000:
        raise Skip("not enough file descriptors")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    daemon = side.start(_with("username=user", "password=s3cret", minfds=1024) + CAT, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024)))
    daemon.wait_state("cat", "RUNNING")
    held = []
    try:
        for n in range(500):
            s = _connect(side)
            s.sendall(post(b"", length=b"1000000"))
            held.append(s)
            if n > 300 and n % 5 == 0:
                assert daemon.rpc.supervisor.getState()["statename"] == "RUNNING"
                with socket.socket(socket.AF_UNIX) as own:
                    own.settimeout(20)
                    own.connect(side.path("s.sock"))
                    own.sendall(get(b"/ok.html"))
                    assert own.recv(1000).startswith(b"HTTP/1.1 200 "), n
        assert _status(_ask(side, get(b"/ok.html", headers=_login("user", "s3cret")))) == "200"
    finally:
        for s in held:
            s.close()


@candidate_only
def answers_have_a_budget(side):
    """A small request for many long answers gets a fault, and never takes memory without bound."""
    daemon = side.start(HEAD.replace("loglevel=info", "loglevel=info\nlogfile_maxbytes=0") + CAT)
    with open(side.path("s.log"), "a") as log:
        log.write(("x" * 999 + "\n") * 4300)
    whole = {"methodName": "supervisor.readLog", "params": [0, 0]}
    for _ in range(3):
        try:
            daemon.rpc.system.multicall([whole] * 120)
            raise AssertionError("half a gigabyte was answered")
        except xmlrpc.client.Fault as fault:
            assert fault.faultCode == 30 and "too long" in fault.faultString, fault
    assert [len(text) > 4000000 for text in daemon.rpc.system.multicall([whole] * 5)] == [True] * 5
    body = b'{"calls":[%s]}' % b",".join([b'{"methodName":"supervisor.readLog","params":[0,0]}'] * 120)
    reply = _ask(side, b"POST /api/v1/system/multicall HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    assert _status(reply) == "500" and b"too long" in reply, reply[:300]
    with open("/proc/%d/status" % daemon.pid) as f:
        peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
    assert peak < 450000, "resident memory reached %d kB" % peak
    assert len(daemon.rpc.supervisor.readLog(0, 0)) > 4000000


@candidate_only
def converted_before_the_loop(side):
    """A deep value in an event keeps nobody waiting, and has a limit."""
    daemon = side.start(HEAD + CAT)
    deep = "a" * 4000000
    for _ in range(160):
        deep = [deep]
    try:
        daemon.rpc.supervisor.sendRemoteCommEvent("t", deep)
        raise AssertionError("such a value was taken")
    except xmlrpc.client.Fault as fault:
        assert fault.faultCode == 2 and "too long" in fault.faultString, fault
    for method, arguments in (("sendProcessStdin", ("cat", deep)), ("signalProcess", ("cat", "x" * 1000000)), ("getProcessInfo", ("x" * 1000000,))):
        try:
            getattr(daemon.rpc.supervisor, method)(*arguments)
            raise AssertionError(method)
        except xmlrpc.client.Fault as fault:
            assert fault.faultCode in (2, 10, 11), fault
    with open("/proc/%d/status" % daemon.pid) as f:
        peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
    assert peak < 250000, "resident memory reached %d kB" % peak


@candidate_only
def stdin_nobody_reads(side):
    """What waits for a program that does not read has a limit, is reported once, and is all there when it reads again."""
    daemon = side.start(HEAD + CAT)
    daemon.wait_state("cat", "RUNNING")
    pid = daemon.rpc.supervisor.getProcessInfo("cat")["pid"]
    os.kill(pid, signal.SIGSTOP)
    piece, taken = "x" * 99999 + "\n", 0
    for _ in range(300):
        try:
            daemon.rpc.supervisor.sendProcessStdin("cat", piece)
            taken += 1
        except xmlrpc.client.Fault as fault:
            assert fault.faultCode == 30 and "does not read its stdin" in fault.faultString, fault
            break
    assert 5 <= taken <= 20, taken
    for _ in range(3):
        try:
            daemon.rpc.supervisor.sendProcessStdin("cat", piece)
            raise AssertionError("it was taken")
        except xmlrpc.client.Fault:
            pass
    assert daemon.log().count("does not read its stdin") == 1
    os.kill(pid, signal.SIGCONT)
    wait_until(lambda: len(side.read("cat.log")) == taken * len(piece), "all of it")
    # A text of any length for one that reads.
    assert daemon.rpc.supervisor.sendProcessStdin("cat", "y" * 8000000 + "\n")
    wait_until(lambda: len(side.read("cat.log")) == taken * len(piece) + 8000001, "the long one")


@candidate_only
def logins_that_protect_nothing(side):
    """--check calls them errors, the start says so at level CRIT; secrets stay out of both."""
    for lines, words in ((("username=u", "password=%(ENV_UNSET_PW)s"), "the password is empty"), (("username=", "password=p"), "turns authentication off"),
                         (("username=u", "password={SHA}da39a3ee5e6b4b0d3255bfef95601890afd80709"), "the password is empty"), (("username=u", "password={SHA}"), "lets nobody in")):
        environment = dict(os.environ, UNSET_PW="")
        side.write("weak.conf", _with(*lines))
        said = side.run("--check", "@DIR@/weak.conf", env=environment)
        assert said.startswith("status 2") and words in said, said
        daemon = side.start(_with(*lines), env=environment)
        lines_of_log = [l for l in daemon.log().splitlines() if " CRIT " in l and "'inet_http_server'" in l]
        assert any(words in l or "without any HTTP authentication" in l for l in lines_of_log), daemon.log()
        daemon.stop()
        os.remove(side.path("s.log"))


@candidate_only
def logins_are_not_inherited(side):
    """A variable that the login is made of reaches a program only where its own environment= names it."""
    side.start(_with("username=%(ENV_SECRET_USER)s", "password=%(ENV_SECRET_PW)s") + """
[program:plain]
command=/bin/sh -c "env; exec sleep 1000"
stdout_logfile=@DIR@/plain.log
[program:named]
command=/bin/sh -c "env; exec sleep 1000"
environment=SECRET_PW="%(ENV_SECRET_PW)s"
stdout_logfile=@DIR@/named.log
""", env=dict(os.environ, SECRET_PW="hunter2", SECRET_USER="fred", OTHER_SETTING="stays"))
    wait_until(lambda: "OTHER_SETTING" in side.read("plain.log") and "OTHER_SETTING" in side.read("named.log"), "the environments")
    plain = side.read("plain.log")
    assert "hunter2" not in plain and "fred" not in plain and "OTHER_SETTING=stays" in plain, plain
    assert "SECRET_PW=hunter2" in side.read("named.log") and "SECRET_USER" not in side.read("named.log")
    assert _status(_ask(side, get(b"/ok.html", headers=_login("fred", "hunter2")))) == "200"
    assert _status(_ask(side, get(b"/ok.html", headers=_login("fred", "")))) == "401"


def _snippet(side):
    """The example of docs/web.md, as it stands there."""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(os.path.join(here, "docs", "web.md"), encoding="utf-8") as f:
        return re.search(r"```\n(location /supervisor/ .*?)```", f.read(), re.S).group(1).replace("9001", str(side.port))


@candidate_only
def behind_nginx(side):
    """The page's links and buttons behind the proxy of docs/web.md, and behind the barest one; other sites are refused by both."""
    if not shutil.which("nginx"):
        raise Skip("nginx is not installed")
    documented, bare = free_port(), free_port()
    os.mkdir(side.path("tmp"))
    side.write("nginx.conf", """
daemon off;
user root;
worker_processes 1;
pid @DIR@/nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path @DIR@/tmp; proxy_temp_path @DIR@/tmp; fastcgi_temp_path @DIR@/tmp; uwsgi_temp_path @DIR@/tmp; scgi_temp_path @DIR@/tmp;
  server { listen 127.0.0.1:%d; %s }
  server { listen 127.0.0.1:%d; location / { proxy_pass http://127.0.0.1:%d/; } }
}
""" % (documented, _snippet(side), bare, side.port))
    daemon = side.start(HEAD + CAT + "[program:nginx]\ncommand=nginx -c @DIR@/nginx.conf\nstopasgroup=true\nkillasgroup=true\n")
    daemon.wait_state("cat", "RUNNING")

    def ask(port, method, path, headers, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read()

    def ready():
        try:
            return ask(documented, "GET", "/supervisor/ok.html", {})[0] == 200 and ask(bare, "GET", "/ok.html", {})[0] == 200
        except OSError:
            return False
    wait_until(ready, "nginx to answer")
    link, button = "index.html?action=clearlog&processname=cat", "api/v1/supervisor/clearProcessLogs"
    body = b'{"name":"cat"}'
    browser = {"Host": "status.example", "Accept-Language": "en"}
    # https outside: the browser says where it comes from.
    secure = dict(browser, **{"Sec-Fetch-Site": "same-origin"})
    assert ask(documented, "GET", "/supervisor/" + link, secure)[0] == 301
    assert ask(documented, "POST", "/supervisor/" + button, dict(secure, **{"Content-Type": "application/json", "Origin": "https://status.example"}), body)[0] == 200
    # Plain http outside, and the proxy puts our address in the place of its own.
    assert ask(bare, "GET", "/" + link, dict(browser, Referer="http://status.example/"))[0] == 301
    assert ask(bare, "POST", "/" + button, dict(browser, **{"Content-Type": "application/json", "Origin": "http://status.example"}), body)[0] == 200
    for port, prefix in ((documented, "/supervisor/"), (bare, "/")):
        assert ask(port, "GET", prefix + link, dict(browser, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
        assert ask(port, "GET", prefix + link, browser)[0] == 403
        refused = ask(port, "POST", prefix + button, dict(browser, **{"Content-Type": "application/json", "Origin": "null"}), body)
        assert refused[0] == 403 and b'"error"' in refused[1], refused


@both
def loads_in_both(side):
    """A configuration with our keys starts Python's daemon too."""
    daemon = side.start(_with("max_connections=100", "max_body=1MB", "max_head=64KB", "max_headers=100", "request_timeout=30", "idle_timeout=600", "allowed_hosts=a.example",
                              "cross_site_check=true", "username=user", "password=s3cret", "password_file=@DIR@/secret") if side.write("secret", "s3cret\n") else "")
    return {"answers": _ask(side, get(b"/ok.html", b"1.0", _login("user", "s3cret"))).decode().splitlines()[0], "state": str(daemon.rpc.supervisor.getState())}
