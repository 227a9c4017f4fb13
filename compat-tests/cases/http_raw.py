"""Raw requests: status line, headers in order, body (HTTP)."""

import base64
import hashlib
import re
import socket

from harness import both, candidate_only, wait_until
from ._conf import HEAD

CALL = b"<?xml version='1.0'?><methodCall><methodName>supervisor.getVersion</methodName></methodCall>"


def _exchange(side, data, replies=1, timeout=5.0, half_close=False):
    """Sends bytes, reads until the replies are complete, the server closes, or nothing comes any more."""
    s = socket.create_connection(("127.0.0.1", side.port), timeout=timeout)
    s.sendall(data)
    got = b""
    closed = False
    try:
        while not _complete(got, replies):
            more = s.recv(65536)
            if not more:
                closed = True
                break
            got += more
        if not closed:
            # Tells a connection that stays open from one that is closed after the reply.
            s.settimeout(0.4)
            try:
                closed = s.recv(1) == b""
            except socket.timeout:
                pass
    except socket.timeout:
        got += b"<nothing more>"
    except ConnectionResetError:
        closed = True
    s.close()
    return side.mask(got.decode("latin-1")) + ("\n<closed>" if closed else "\n<open>")


def _complete(got, replies):
    for _ in range(replies):
        head, found, rest = got.partition(b"\r\n\r\n")
        if not found:
            return False
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if length is None:
            return False
        n = int(length.group(1))
        if len(rest) < n:
            return False
        got = rest[n:]
    return True


def _post(path=b"/RPC2", body=CALL, version=b"1.1", extra=b""):
    return b"POST %s HTTP/%s\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n%s" % (path, version, len(body), extra, body)


_REQUESTS = {
    "rpc": _post(), "rpc 1.0": _post(version=b"1.0"), "rpc 1.0 keep-alive": _post(version=b"1.0", extra=b"Connection: keep-alive\r\n"),
    "rpc close": _post(extra=b"Connection: close\r\n"), "rpc elsewhere": _post(b"/RPC2/x"), "rpc with query": _post(b"/RPC2x?y"),
    "rpc without host": b"POST /RPC2 HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(CALL), CALL),
    "rpc with empty host": b"POST /RPC2 HTTP/1.1\r\nHost: \r\nContent-Length: %d\r\n\r\n%s" % (len(CALL), CALL),
    "rpc lower-case length": b"POST /RPC2 HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(CALL), CALL),
    "rpc by get": b"GET /RPC2 HTTP/1.1\r\n\r\n", "rpc by put": b"PUT /RPC2 HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    "rpc without length": b"POST /RPC2 HTTP/1.1\r\nHost: x\r\n\r\n", "rpc length without blank": b"POST /RPC2 HTTP/1.1\r\nContent-Length:5\r\n\r\n",
    "rpc rubbish": _post(body=b"hello"),
    "ok page": b"GET /ok.html HTTP/1.1\r\n\r\n", "ok page 1.0": b"GET /ok.html HTTP/1.0\r\n\r\n", "ok page escaped": b"GET /%6fk.html HTTP/1.1\r\n\r\n",
    "ok page with slashes": b"GET ///ok.html HTTP/1.1\r\n\r\n", "ok page by post": _post(b"/ok.html", b"a=b"), "ok page by head": b"HEAD /ok.html HTTP/1.1\r\n\r\n",
    "ok page with blank line first": b"\r\n\r\nGET /ok.html HTTP/1.1\r\n\r\n" if False else b"\r\nGET /ok.html HTTP/1.1\r\n\r\n",
    "lower-case method": b"get /ok.html HTTP/1.1\r\n\r\n", "version 2.0": b"GET /ok.html HTTP/2.0\r\n\r\n",
    "unknown": b"GET /nosuch HTTP/1.1\r\n\r\n", "unknown 1.0": b"GET /nosuch HTTP/1.0\r\n\r\n", "unknown by delete": b"DELETE /x HTTP/1.1\r\n\r\n",
    "directory": b"GET /images HTTP/1.1\r\n\r\n", "directory with slash": b"GET /images/ HTTP/1.1\r\n\r\n", "escape": b"GET /../../etc/passwd HTTP/1.1\r\n\r\n",
    "tail of nobody": b"GET /logtail/nosuch HTTP/1.1\r\n\r\n", "tail of group": b"GET /logtail/talk:* HTTP/1.1\r\n\r\n",
    "tail of bad channel": b"GET /logtail/talk/nope HTTP/1.1\r\n\r\n", "tail by post": _post(b"/logtail/talk"), "tail of no name": b"GET /logtail HTTP/1.1\r\n\r\n",
    "main tail by post": _post(b"/mainlogtail"), "action without name": b"GET /index.html?action=start HTTP/1.1\r\n\r\n",
    "unknown action": b"GET /index.html?action=explode HTTP/1.1\r\n\r\n",
    "action on nobody": b"GET /index.html?action=start&processname=nosuch HTTP/1.1\r\nHost: h:81\r\n\r\n",
    "refresh": b"GET /index.html?action=refresh HTTP/1.1\r\nHost: h\r\n\r\n",
    "clear": b"GET /?action=clearlog&processname=talk HTTP/1.1\r\nHost: h:80\r\n\r\n",
    "start started": b"GET /?action=start&processname=talk HTTP/1.1\r\nHost: h:80\r\n\r\n",
    "stop": b"GET /?action=stop&processname=talk HTTP/1.1\r\nHost: h:80\r\n\r\n",
    "stop stopped": b"GET /?action=stop&processname=talk HTTP/1.1\r\nHost: h:80\r\n\r\n",
    "start bad": b"GET /?action=start&processname=bad HTTP/1.1\r\nHost: h:80\r\n\r\n",
    "start by form": _post(b"/index.html", b"action=start&processname=talk"),
}


_CLOSED = ("ok page by head", "rpc length without blank")


@both
def requests(side):
    daemon = side.start(HEAD + """
[program:talk]
command=/bin/sh -c "echo hello; exec sleep 1000"
stdout_logfile=@DIR@/talk.log
startsecs=0
[program:bad]
command=/no/such/file
autostart=false
""")
    daemon.wait_state("talk", "RUNNING")
    seen = {title: _exchange(side, data) for title, data in _REQUESTS.items()}
    for title in _CLOSED:
        # Ours closes behind the same answer, where a proxy may see a body that we do not see, or no body where there is one.
        reply, _, connection = seen[title].rpartition("\n")
        assert connection == ("<open>" if side.name == "reference" else "<closed>"), (title, connection)
        seen[title] = reply
    seen["two at once"] = _exchange(side, _post() + _post(), replies=2)
    seen["extra line end"] = _exchange(side, _post() + b"\r\n" + _post(), replies=2)
    # Whose request line is nonsense gets no reply at all from upstream; ours says 400 and closes (HTTP-009).
    return seen


@both
def authentication(side):
    password = "s3c:ret"
    daemon = side.start(HEAD.replace("port=127.0.0.1:@PORT@", "port=127.0.0.1:@PORT@\nusername=user\npassword={SHA}%s"
                                     % hashlib.sha1(password.encode()).hexdigest()))
    def with_(header):
        return _exchange(side, b"GET /ok.html HTTP/1.0\r\n" + header + b"\r\n")
    def basic(text):
        return b"Authorization: Basic " + base64.b64encode(text) + b"\r\n"
    return {
        "right": with_(basic(b"user:s3c:ret")), "lower-case scheme": with_(basic(b"user:s3c:ret").replace(b"Basic", b"basic")),
        "wrong password": with_(basic(b"user:no")), "wrong user": with_(basic(b"no:s3c:ret")), "none": with_(b""),
        "other scheme": with_(b"Authorization: Digest abc\r\n"), "no colon": with_(basic(b"user")), "unknown path": _exchange(side, b"GET /nosuch HTTP/1.0\r\n\r\n"),
        "rpc": _exchange(side, _post(version=b"1.0")),
    }


def _stream(side, request, enough):
    s = socket.create_connection(("127.0.0.1", side.port), timeout=10)
    s.sendall(request)
    got = b""
    def more():
        nonlocal got
        got += s.recv(65536)
        return enough(got)
    wait_until(more, "the stream, so far %r" % got)
    return s, got


@both
def log_tail(side):
    daemon = side.start(HEAD + "[program:cat]\ncommand=/bin/cat\nstdout_logfile=@DIR@/cat.log\nstartsecs=0\n")
    daemon.wait_state("cat", "RUNNING")
    daemon.rpc.supervisor.sendProcessStdin("cat", "first\n")
    wait_until(lambda: side.read("cat.log") == "first\n", "cat")
    s, got = _stream(side, b"GET /logtail/cat HTTP/1.1\r\nHost: \r\n\r\n", lambda g: b"first\n\r\n" in g)
    daemon.rpc.supervisor.sendProcessStdin("cat", "second\n")
    while b"second\n\r\n" not in got:
        got += s.recv(65536)
    # A cleared log is a new file: it is followed from its start.
    daemon.rpc.supervisor.clearProcessLogs("cat")
    daemon.rpc.supervisor.sendProcessStdin("cat", "third\n")
    while b"third\n\r\n" not in got:
        got += s.recv(65536)
    s.close()
    s, main = _stream(side, b"GET /mainlogtail HTTP/1.1\r\n\r\n", lambda g: b"\r\n\r\n" in g)
    s.close()
    return {"process": side.mask(got.decode()), "main head": side.mask(main.decode().partition("\r\n\r\n")[0])}


@both
def status_page(side):
    """The words and links of the page; its looks are our own."""
    import urllib.request
    daemon = side.start(HEAD + "[program:a]\ncommand=/bin/sleep 1000\nstartsecs=0\n[program:b]\ncommand=/x\nautostart=false\n[program:p]\ncommand=/bin/sleep 9\nautostart=false\nnumprocs=2\nprocess_name=p%(process_num)s\n")
    daemon.wait_state("a", "RUNNING")
    page = urllib.request.urlopen("http://127.0.0.1:%d/?message=%%3Cb%%3E%%26" % side.port)
    text = page.read().decode()
    # What keeps foreign scripts out is an addition.
    added = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
    head = side.mask("\n".join("%s: %s" % (k, v) for k, v in page.headers.items() if k != "Content-Length" and k not in added))
    links = sorted(re.findall(r'href="([^"]*)"', text))
    return {"head": head, "links": "\n".join(l for l in links if "agendaless" not in l), "title": re.search("<title>.*</title>", text).group(0),
            "states": " ".join(re.findall(r'class="(status\w+)">\s*(?:<[^>]*>)?(\w*)', text)[0:0] or re.findall(r"status(?:running|nominal|error)", text)),
            "message": re.search(r'class="status_msg"[^>]*>([^<]*)', text).group(1).replace("&gt;", ">"),
            "tail": re.sub(r"(?s).*<pre[^>]*>(.*)</pre>.*", r"\1", urllib.request.urlopen("http://127.0.0.1:%d/tail.html?processname=nosuch" % side.port).read().decode())}


@candidate_only
def limits(side):
    """What is too large or no request at all is refused, and supervision does not notice."""
    daemon = side.start(HEAD + "[program:cat]\ncommand=/bin/cat\nstartsecs=0\n")
    daemon.wait_state("cat", "RUNNING")
    assert " 413 Request Entity Too Large" in _exchange(side, b"POST /RPC2 HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n")
    assert " 400 Bad Request" in _exchange(side, b"nonsense\r\n\r\n")
    assert " 400 Bad Request" in _exchange(side, b"GET /" + b"x" * 300000)
    assert " 400 Bad Request" in _exchange(side, b"POST /RPC2 HTTP/1.1\r\nContent-Length: -1\r\n\r\n")
    assert " 400 Bad Request" in _exchange(side, b"POST /RPC2 HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
    assert daemon.rpc.supervisor.getProcessInfo("cat")["statename"] == "RUNNING"
