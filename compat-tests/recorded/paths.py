"""Addresses: what is served where, and odd ones (RPC-001, HTTP-013, HTTP-030..043)."""

from . import HEAD_WITH_A_BODY, get, post

OWN_PAGES = {"differs": "the pages", "ours": b"HTTP/1.1 200 OK"}
UNREAD = {"differs": "bodies that nobody reads", "ours": b"HTTP/1.1 400 "}
STREAM = b"\r\n\r\n"

REQUESTS = [
    ("ok", get(b"/ok.html")), ("ok with a query", get(b"/ok.html?a=b&c")), ("ok with parameters", get(b"/ok.html;a=b"), {"differs": "addresses of pages with `;parameters`", "ours": b"HTTP/1.1 200 "}),
    ("ok with a fragment", get(b"/ok.html#top")), ("ok escaped", get(b"/%6f%6B.html")), ("ok with slashes", get(b"///ok.html")),
    ("ok with a dot", get(b"/./ok.html")), ("ok with a slash behind", get(b"/ok.html/")), ("ok in capitals", get(b"/OK.HTML")),
    ("ok by post", post(b"a=b", b"/ok.html")), ("ok by post of a megabyte", post(b"a" * 1000000, b"/ok.html")),
    ("ok escaped twice", get(b"/%256fk.html")), ("ok with an escaped question mark", get(b"/ok.html%3Fa")),
    ("without a slash", get(b"ok.html")), ("with a query only", get(b"?a=b"), OWN_PAGES), ("of a proxy", get(b"http://localhost/ok.html")),
    ("of a proxy, rpc", post(path=b"http://localhost/RPC2"), UNREAD),
    ("escape cut", get(b"/nosuch%")), ("escape of one digit", get(b"/nosuch%4")), ("escape of no digits", get(b"/nosuch%zz")),
    ("escaped zero", get(b"/nosuch%00.html")), ("escaped line end", get(b"/nosuch%0d%0aX-Injected:%20yes")),
    ("escaped line end in a query", get(b"/nosuch?%0d%0aX-Injected:%20yes")), ("plus", get(b"/no+such")),
    ("unicode escaped", get(b"/%C3%B6")), ("unicode as it is", get(b"/\xc3\xb6")), ("a long path", get(b"/" + b"x" * 4000)),
    ("backslashes", get(b"/..\\..\\etc\\passwd"), {"differs": "paths that begin with two dots (`/..name`)", "ours": b"HTTP/1.1 404 "}), ("up", get(b"/../../../../etc/passwd")), ("up from a folder", get(b"/images/../../../etc/passwd")),
    ("up escaped", get(b"/%2e%2e/%2e%2e/etc/passwd")), ("up escaped twice", get(b"/%252e%252e/etc/passwd")), ("up with slashes escaped", get(b"/..%2f..%2fetc%2fpasswd")),
    ("up with a zero", get(b"/../etc/passwd%00.png")), ("an absolute path", get(b"//etc/passwd")), ("etc", get(b"/etc/passwd")),
    ("folder", get(b"/images")), ("folder with a slash", get(b"/images/")), ("folder in a folder", get(b"/images/x/")), ("folder by head", get(b"/images", method=b"HEAD"), HEAD_WITH_A_BODY),
    ("another folder", get(b"/stylesheets")), ("folder with a query", get(b"/images?a=b")),
    ("image by post", post(b"x", b"/images/icon.png"), UNREAD), ("image that is none", get(b"/images/nosuch.gif")), ("unknown", get(b"/nosuch")),
    ("unknown with a query", get(b"/nosuch?a=b")), ("unknown 1.0", get(b"/nosuch", b"1.0")), ("unknown by post", post(b"x", b"/nosuch"), UNREAD), ("favicon", get(b"/favicon.ico")),
    ("robots", get(b"/robots.txt")),
    # XML-RPC.
    ("rpc by get", get(b"/RPC2")), ("rpc with a slash", post(path=b"/RPC2/")), ("rpc and more", post(path=b"/RPC2/x/y")), ("rpc and letters", post(path=b"/RPC2345")),
    ("rpc with a query", post(path=b"/RPC2?x=y")), ("rpc with parameters", post(path=b"/RPC2;x")), ("rpc with a fragment", post(path=b"/RPC2#x")),
    ("rpc escaped", post(path=b"/%52PC2")), ("rpc with two slashes", post(path=b"//RPC2"), UNREAD), ("rpc in lower case", post(path=b"/rpc2"), UNREAD), ("rpc 1", post(path=b"/RPC"), UNREAD),
    ("rpc below", post(path=b"/x/RPC2"), UNREAD),
    # Log streams.
    ("log", get(b"/logtail/talk"), {"until": b"hello\n\r\n"}), ("log of stdout", get(b"/logtail/talk/stdout"), {"until": b"hello\n\r\n"}),
    ("log of stderr", get(b"/logtail/talk/stderr"), {"until": b"oops\n\r\n"}), ("log by group", get(b"/logtail/talk:talk"), {"until": b"hello\n\r\n"}),
    ("log by group escaped", get(b"/logtail/talk%3Atalk"), {"until": b"hello\n\r\n"}), ("log with a query", get(b"/logtail/talk?x=y"), {"until": b"hello\n\r\n"}),
    ("log prefix", get(b"/logtailx/talk"), {"until": b"hello\n\r\n"}), ("log that closes", get(b"/logtail/talk", headers=b"Connection: close\r\n"), {"until": b"hello\n", "differs": "`tail -f` over HTTP/1.0 or with `Connection: close`", "ours": b"HTTP/1.1 200 "}),
    ("log with a slash", get(b"/logtail/talk/")), ("log with another channel", get(b"/logtail/talk/stdin")), ("log with more", get(b"/logtail/talk/stdout/x")),
    ("log in capitals", get(b"/LOGTAIL/talk")), ("log of nobody", get(b"/logtail/nosuch")), ("log of a group", get(b"/logtail/talk:*")), ("log of nothing", get(b"/logtail/")),
    ("log of an empty name", get(b"/logtail//")), ("log without a name", get(b"/logtail")), ("log of none", get(b"/logtail/idle")), ("log of none, stderr", get(b"/logtail/idle/stderr")),
    ("log by post", post(b"x", b"/logtail/talk"), UNREAD), ("log up", get(b"/logtail/../../etc/passwd")), ("log up escaped", get(b"/logtail/..%2f..%2fetc%2fpasswd")),
    ("log by path", get(b"/logtail//etc/passwd")), ("log of a zero", get(b"/logtail/talk%00")), ("log of unicode", get(b"/logtail/%C3%B6")),
    ("log of bytes that are no text", get(b"/logtail/%FF%FE")), ("log of a long name", get(b"/logtail/" + b"n" * 5000)),
    ("main log", get(b"/mainlogtail"), {"until": STREAM}), ("main log prefix", get(b"/mainlogtail/x"), {"until": STREAM}), ("main log with a query", get(b"/mainlogtail?x"), {"until": STREAM}),
    ("main log by post", post(b"x", b"/mainlogtail"), UNREAD), ("main log by put", get(b"/mainlogtail", method=b"PUT")),
    # The pages.
    ("page", get(b"/"), OWN_PAGES), ("index", get(b"/index.html"), OWN_PAGES), ("tail page", get(b"/tail.html?processname=talk"), OWN_PAGES),
    ("the raw template `/status.html`", get(b"/status.html"), {"differs": "the raw template `/status.html`", "ours": b"HTTP/1.1 404 "}),
    ("action unknown", get(b"/?action=explode")), ("action without a name", get(b"/?action=start")), ("action empty", get(b"/index.html?action=stop&processname=")),
    ("action on nobody", get(b"/?action=start&processname=nosuch")), ("stop of nobody", get(b"/?action=stop&processname=nosuch")),
    ("clear of nobody", get(b"/?action=clearlog&processname=nosuch")), ("action on a path", get(b"/?action=start&processname=../../etc")),
    ("start of started", get(b"/?action=start&processname=talk")), ("refresh", get(b"/?action=refresh"), ), ("refresh elsewhere", get(b"/?action=refresh", headers=b"Host: proxy.example:8443\r\n")),
    ("refresh at port 80", get(b"/?action=refresh", headers=b"Host: h:80\r\n")), ("refresh by form", post(b"action=refresh", b"/index.html")),
    ("form over query", post(b"action=start&processname=nosuch", b"/?action=explode")), ("markup in a name", get(b"/?action=start&processname=%3Cscript%3E")),
    ("stop of stopped", get(b"/?action=stop&processname=idle")), ("action with a line end in its host", get(b"/?action=refresh", headers=b"Host: a\nb\r\n"), {"differs": "a `Host` that is no host and port", "ours": b"HTTP/1.1 301 "}),
    ("action with more than a host", get(b"/?action=refresh", headers=b"Host: evil.example/x?\r\n"), {"differs": "a `Host` that is no host and port", "ours": b"HTTP/1.1 301 "}),
]
