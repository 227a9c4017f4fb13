"""Requests as they go over the wire, byte by byte. The comparison (cases/recorded.py) and the fuzzer (http_fuzz.py) read these tables.

A request is (title, bytes) or (title, bytes, settings). Settings:
    replies   how many replies belong to it; 1 unless told. 0: nothing is expected to come at all.
    until     bytes that end a reply without a length (log streams)
    differs   the row of docs/compatibility.md, by its first cell, that allows our reply to be another one; both must then really differ
    ours      how our reply then begins
    closes    the row that has us close the connection where the reference leaves it open; the reply is the same
"""

# Rows of docs/compatibility.md.
FRAMING = {"closes": "heads whose body may end elsewhere for another reader"}
HEAD_WITH_A_BODY = {"closes": "`HEAD` answered with a page"}

CALL = b"<?xml version='1.0'?><methodCall><methodName>supervisor.getVersion</methodName></methodCall>"


def post(body=CALL, path=b"/RPC2", version=b"1.1", headers=b"", length=None):
    """A POST with a Host and the length of its body, or the one given."""
    return b"POST %s HTTP/%s\r\nHost: localhost\r\nContent-Length: %s\r\n%s\r\n%s" % (
        path, version, b"%d" % len(body) if length is None else length, headers, body)


def get(path, version=b"1.1", headers=b"Host: localhost\r\n", method=b"GET"):
    return b"%s %s HTTP/%s\r\n%s\r\n" % (method, path, version, headers)


def call(method, *values, head=b"<?xml version='1.0'?>\n"):
    """The POST of a call; values are the XML inside of <value>."""
    params = b"".join(b"<param><value>%s</value></param>\n" % v for v in values)
    return post(b"%s<methodCall>\n<methodName>%s</methodName>\n<params>\n%s</params>\n</methodCall>\n" % (head, method, params))


def text(value):
    return b"<string>%s</string>" % value


def number(value):
    return b"<int>%d</int>" % value


def flag(value):
    return b"<boolean>%d</boolean>" % value
