"""The recorded requests (recorded/), played on raw sockets against both daemons over TCP and a unix socket; whole replies are compared.

A reply may differ only where a row of docs/compatibility.md says so, which the request then names; it must then really differ.
"""

import concurrent.futures
import hashlib
import os
import re
import socket

import recorded.authentication
import recorded.documents
import recorded.framing
import recorded.methods
import recorded.paths
from harness import both, wait_until
from ._conf import HEAD

CONF = HEAD + """
[program:talk]
command=/bin/sh -c "echo hello; echo oops >&2; exec sleep 1000"
stdout_logfile=@DIR@/talk.log
stderr_logfile=@DIR@/talk.err
startsecs=0
stopsignal=KILL
[program:idle]
command=/bin/sleep 1000
autostart=false
stdout_logfile=NONE
stderr_logfile=NONE
[program:bad]
command=/no/such/file
autostart=false
[program:pair]
command=/bin/sleep 1000
process_name=p%(process_num)d
numprocs=2
autostart=false
stdout_logfile=NONE
stderr_logfile=NONE
"""

# After the reply this is sent: an open connection answers it and then closes.
PROBE = b"GET /ok.html HTTP/1.1\r\nConnection: close\r\nAuthorization: Basic dXNlcjpzM2M6cmV0\r\n\r\n"
PATIENCE = 20
SILENCE = 1.5

_SEEN = {}

CHANGING = re.compile(rb"(<name>(?:start|stop|now|pid)</name>\n<value><int>)[1-9]\d*|(?<=<value><int>)[1-9]\d*(?=</int></value>\n</param>)")


def _end_of_reply(got):
    """Where the first reply in the bytes ends, or None while it is not complete."""
    head, found, _ = got.partition(b"\r\n\r\n")
    if not found:
        return None
    begin = len(head) + 4
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    if length:
        end = begin + (0 if re.match(rb"HTTP/\S+ 200 OK\r\n(?s:.*)Last-Modified", head) and got[begin:] == b"" else int(length.group(1)))
        return end if len(got) >= end else None
    if re.search(rb"(?i)\r\ntransfer-encoding: chunked", head):
        end = got.find(b"0\r\n\r\n", begin)
        return end + 5 if end >= 0 else None
    return None


def exchange(connect, data, replies=1, until=None, **_):
    """The bytes of the replies, and what became of the connection."""
    with connect() as s:
        s.settimeout(PATIENCE if replies else SILENCE)
        sender = concurrent.futures.ThreadPoolExecutor(1)
        sender.submit(_send, s, data)
        got, left, end = b"", replies, 0
        try:
            while True:
                while left and (more := _end_of_reply(got[end:])) is not None:
                    end, left = end + more, left - 1
                if replies and not left or until and until in got:
                    break
                more = s.recv(65536)
                if not more:
                    return got, "closed"
                got += more
            if until:
                return got[:got.index(until) + len(until)], "streaming"
            _send(s, PROBE)
            while b"\r\n\r\nOK" not in got[end:]:
                more = s.recv(65536)
                if not more:
                    return got, "closed"
                got += more
            return got[:end], "open"
        except socket.timeout:
            return got, "silent"
        except ConnectionError:
            return got, "closed"
        finally:
            sender.shutdown(wait=False)


def _send(s, data):
    try:
        s.sendall(data)
    except OSError:
        pass


def _normal(side, got):
    """Masks what must differ between two runs; a length that counts masked bytes is checked and counted anew."""
    text = b""
    while got:
        head, found, rest = got.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        size = int(length.group(1)) if length and len(rest) >= int(length.group(1)) else len(rest)
        body, got = rest[:size], rest[size:]
        masked = side.mask(CHANGING.sub(rb"\1<NUMBER>", body).decode("latin-1")).encode("latin-1")
        if length and size == int(length.group(1)) and masked != body:
            head = head.replace(length.group(0), b"\r\nContent-Length: <%d>" % len(masked))
        text += side.mask(head.decode("latin-1")).encode("latin-1") + found + masked
    return text.decode("latin-1")


def _connectors(side, unix_name):
    def tcp():
        return socket.create_connection(("127.0.0.1", side.port))

    def unix():
        s = socket.socket(socket.AF_UNIX)
        s.connect(side.path(unix_name))
        return s
    return {"tcp": tcp, "unix": unix}


def _differences():
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(os.path.join(here, "docs", "compatibility.md"), encoding="utf-8") as f:
        return {line.split("|")[1].strip() for line in f if line.startswith("|")}


def _play(side, table, conf=CONF, unix_name="s.sock"):
    daemon = side.start(conf)
    daemon.wait_state("talk", "RUNNING")
    wait_until(lambda: side.read("talk.log") == "hello\n" and side.read("talk.err") == "oops\n", "talk's output")
    allowed = _differences()
    seen = {}

    def play(transport, connect, title, data, settings):
        got, connection = exchange(connect, data, **settings)
        key = "%s: %s" % (transport, title)
        reply = "%s\n<%s>" % (_normal(side, got), connection)
        if "closes" in settings:
            expected = "open" if side.name == "reference" else "closed"
            if settings["closes"] not in allowed:
                return key, "%s has no row %r in docs/compatibility.md" % (side.name, settings["closes"])
            return key, _normal(side, got) if connection == expected else "%s leaves it %s" % (side.name, connection)
        if "differs" not in settings:
            return key, reply
        if settings["differs"] not in allowed:
            reply = "%s has no row %r in docs/compatibility.md" % (side.name, settings["differs"])
        elif side.name == "candidate" and not got.startswith(settings["ours"]):
            reply = "not what is listed: " + reply
        else:
            # Whoever comes second sees whether there is a difference at all.
            first = _SEEN.setdefault((table.__name__, key), (side.name, reply))
            reply = "<no difference any more>" if first[0] != side.name and first[1] == reply else "<differs>"
        return key, reply

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(play, transport, connect, row[0], row[1], row[2] if len(row) > 2 else {})
                for transport, connect in _connectors(side, unix_name).items() for row in table.REQUESTS]
        for job in jobs:
            key, reply = job.result()
            assert key not in seen, "two requests have the title " + key
            seen[key] = reply
    return seen


@both
def framing(side):
    return _play(side, recorded.framing)


@both
def paths(side):
    return _play(side, recorded.paths)


@both
def documents(side):
    return _play(side, recorded.documents)


@both
def methods(side):
    return _play(side, recorded.methods)


@both
def authentication(side):
    login = "\nusername=user\npassword={SHA}" + hashlib.sha1(b"s3c:ret").hexdigest()
    conf = CONF.replace("port=127.0.0.1:@PORT@", "port=127.0.0.1:@PORT@" + login)
    # The harness itself comes in by the first socket.
    return _play(side, recorded.authentication, conf + "[unix_http_server:locked]\nfile=@DIR@/locked.sock" + login + "\n", "locked.sock")
