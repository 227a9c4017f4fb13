"""Logins, good and bad (HTTP-020..023). The server asks for user and s3c:ret."""

import base64

from . import CALL, get

CLOSES = {"differs": "401 over HTTP/1.1", "ours": b"HTTP/1.1 401 "}


def basic(credentials, scheme=b"Basic", path=b"/ok.html", version=b"1.0"):
    return get(path, version, b"Authorization: %s %s\r\n" % (scheme, base64.b64encode(credentials)))


def header(value, path=b"/ok.html"):
    return get(path, b"1.0", b"Authorization: %s\r\n" % value)


REQUESTS = [
    ("right", basic(b"user:s3c:ret")), ("right 1.1", basic(b"user:s3c:ret", version=b"1.1")), ("right, scheme in lower case", basic(b"user:s3c:ret", b"basic")), ("right, scheme in capitals", basic(b"user:s3c:ret", b"BASIC")),
    ("right, unknown path", basic(b"user:s3c:ret", path=b"/nosuch")), ("right with two blanks", header(b"Basic  " + base64.b64encode(b"user:s3c:ret"))), ("right with a blank behind", header(b"Basic " + base64.b64encode(b"user:s3c:ret") + b" ")),
    ("right in lower-case header", get(b"/ok.html", b"1.0", b"authorization: Basic " + base64.b64encode(b"user:s3c:ret") + b"\r\n")),
    ("wrong password", basic(b"user:no")), ("wrong user", basic(b"no:s3c:ret")), ("empty password", basic(b"user:")), ("empty user", basic(b":s3c:ret")), ("both empty", basic(b":")), ("no colon", basic(b"user")), ("nothing encoded", basic(b"")),
    ("half the password", basic(b"user:s3c")), ("password and more", basic(b"user:s3c:retx")), ("user in capitals", basic(b"USER:s3c:ret")), ("password hashed", basic(b"user:{SHA}0000000000000000000000000000000000000000")), ("the user's name of unicode", basic("us\u00e9r:x".encode())),
    ("bytes that are no text", basic(b"\xff\xfe:\xff")), ("a zero in it", basic(b"user:s3c:ret\x00")), ("a line end in it", basic(b"user:s3c:ret\n")), ("10 kB of password", basic(b"user:" + b"x" * 10000)),
    ("no header", get(b"/ok.html", b"1.0", b"")), ("no header, unknown path", get(b"/nosuch", b"1.0", b"")), ("no header, static file", get(b"/images/icon.png", b"1.0", b"")), ("no header, rpc", b"POST /RPC2 HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s" % (len(CALL), CALL)),
    ("no header, rpc that is not xml", b"POST /RPC2 HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello"), ("no header, rpc without a length", b"POST /RPC2 HTTP/1.0\r\n\r\n"), ("no header, log", get(b"/logtail/talk", b"1.0", b"")), ("no header, main log", get(b"/mainlogtail", b"1.0", b"")),
    ("no header, action", get(b"/?action=stopall", b"1.0", b"")), ("no header, head", get(b"/", b"1.0", b"", b"HEAD")), ("no header 1.1", get(b"/ok.html", headers=b""), CLOSES), ("wrong password 1.1", basic(b"user:no", version=b"1.1"), CLOSES),
    ("empty header", header(b"")), ("scheme alone", header(b"Basic")), ("scheme and a blank", header(b"Basic ")), ("digest", header(b'Digest username="user", realm="default"')), ("bearer", header(b"Bearer abc.def")), ("negotiate", header(b"Negotiate YII")), ("not base64", header(b"Basic ###")), ("base64 without padding", header(b"Basic dXNlcjpzM2M6cmV0Cg")), ("base64 cut", header(b"Basic dXNlcjpzM2M6cmV")), ("base64 with rubbish", header(b"Basic dXNlcjp*zM2M6cmV0")),
    ("base64 with padding that comes early", header(b"Basic dXNl=cjp=zM2M6cmV0")), ("base64 behind its padding", header(b"Basic dXNlcjpzM2M6cmV0Cg==dXNlcjo=")), ("base64 of padding", header(b"Basic ===")),
    ("base64 for addresses", header(b"Basic __-_")), ("two headers, right first", get(b"/ok.html", b"1.0", b"Authorization: Basic %s\r\nAuthorization: Basic eA==\r\n" % base64.b64encode(b"user:s3c:ret"))),
    ("two headers, right second", get(b"/ok.html", b"1.0", b"Authorization: Basic eDp5\r\nAuthorization: Basic %s\r\n" % base64.b64encode(b"user:s3c:ret"))),
    ("a proxy's header", get(b"/ok.html", b"1.0", b"Proxy-Authorization: Basic %s\r\n" % base64.b64encode(b"user:s3c:ret"))), ("in the address", get(b"http://user:s3c:ret@localhost/ok.html", b"1.0", b"")),
]
