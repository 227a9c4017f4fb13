"""Random configurations: most are valid, many are odd, some are wrong. The same seed gives the same files."""

import random

_SIGNALS = ["TERM", "HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "15", "sigterm", " 9 "]
_VALID = {
    "boolean": ["true", "false", "yes", "No", "ON", "off", "1", "0"],
    "integer": ["0", "1", "5", "999", "-1", "010", "+3", "1_0", " 7 "],
    "bytes": ["0", "1", "50MB", "1kb", "2Gb", "-1", "10 MB", "1_000"],
    "octal": ["022", "0", "777", "0o77", "7_7", " 700"],
    "loglevel": ["info", "DEBUG", "warn", "Blather", "trace", "error", "critical"],
    "signal": _SIGNALS,
    "exitcodes": ["0", "0,2", " 1 , 2", "255", ""],
    "autorestart": ["true", "unexpected", "FALSE", "Unexpected"],
    "log": ["AUTO", "none", "NONE", "auto", "off", "%(here)s/logs/a.log", "logs/%(program_name)s.log", "/dev/stdout", "/dev/fd/1", "syslog",
            "logs/%(program_name)s-%(process_num)02d.log", "logs/%%(program_name)s", "~/x.log", "logs/%(ENV_PLAIN)s"],
    "path": ["a.log", "logs/a.log", "%(here)s/a.log", "%(here)s/logs/../b", "~/c", "syslog"],
    "directory": ["logs", "%(here)s", "/tmp", "/", "~"],
    "user": ["root", "0", "nobody", "65534"],
    "owner": ["root", "root:root", "nobody:nogroup", "0:0", "65534"],
    "environment": ["A=1", "A=\"1\",B='x y'", "A=%(ENV_PLAIN)s", "PATH=\"/a:/b\"", "A=\"a,b\" , B=2,", "K=a-b.c/d", "A=1;B=2", "", "A=\"%(here)s\"",
                    "A='it \"is\" x',B=3", "A_1=\"{'a': 'b c'}\"", "A='x',\n  B='y'", "URL=\"http://h:1/?a=b&c=d#e\""],
    "text": ["x", "a b", "%(here)s", "%(ENV_PLAIN)s", "ü", "a;b", "a#b", "100%%", "", "\"q\"", "a = b", "[x]", "a:b"],
    "command": ["/bin/cat", "cat", "cat -u 'a b'", "sh -c \"echo %%s\"", "/bin/%(program_name)s --n=%(process_num)d", "a %(process_num)02d %(numprocs)s",
                "x %(host_node_name)s %(group_name)s", "echo \"unclosed", "echo \\", "%(ENV_PLAIN)s %(here)s", "a\n  b\n  c", "ü €", "a 'b''c' \"d\\\"e\""],
    "process_name": ["%(program_name)s", "%(program_name)s_%(process_num)02d", "p%(process_num)s", "fix", "%(group_name)s-%(process_num)d", " padded "],
    "programs": ["a", "a,b", " a , b ", "b", ""],
    "events": ["EVENT", "PROCESS_STATE", "process_state,TICK_5", "TICK", "PROCESS_LOG_STDOUT, PROCESS_LOG_STDOUT", "REMOTE_COMMUNICATION"],
    "socket": ["tcp://localhost:9000", "unix:///tmp/f.sock", "unix://%(here)s/f.sock", "tcp://HOST:0080", "unix:///tmp/%(program_name)s.sock"],
    "port": ["9001", "*:9001", "127.0.0.1:9001", "LOCALHOST:80", ":9001", "::1:9001"],
    "serverurl": ["AUTO", "auto", "http://x:1", "unix:///x", " AUTO ", ""],
}
_WRONG = {
    "boolean": ["maybe", "2", "", "tru"],
    "integer": ["x", "1.5", "", "0x10", "1 0", "--1"],
    "bytes": ["x", "5M", "MB", "", "1.5MB"],
    "octal": ["9", "0x1f", "", "rwx"],
    "loglevel": ["warning", "", "informational"],
    "signal": ["NOPE", "0", "99", "", "-1", "SIG"],
    "exitcodes": ["256", "a", "1,,2", "-1", "0;1"],
    "autorestart": ["sometimes", ""],
    "log": ["/no/such/x", "%(nope)s", "%", "%(process_num)", "nodir/x.log", ""],
    "path": ["/no/such/x", "%(nope)s", "%d", ""],
    "directory": ["/no/such", "", "%(x"],
    "user": ["nobodyatall", "77777777", "", "-5"],
    "owner": ["nobodyatall", "root:nogroupatall", "", "root:"],
    "environment": ["A", "A=1,B", "A='", "=1", "A==1", "A=1 B=2", "A=a b", "A=%(nope)s", "A=%"],
    "text": ["%(nope)s", "%", "%(here)d", "%s", "%(here)", "%z"],
    "command": ["", "%(nope)s", "50%", "%(program_name)d", "%(process_num)x"],
    "process_name": ["a b", "a/b", "a:b", "", "%(nope)s"],
    "programs": ["zzz", "a,zzz", "a,,b"],
    "events": ["NOPE", "", "TICK5", "EVENT,"],
    "socket": ["", "http://x", "tcp://x", "unix://rel", "tcp://a b:1", "tcp://h:x", "%(process_num)s"],
    "port": ["x", "0", "65536", "h:", "", "localhost:http", "99999999999999999999"],
    "serverurl": ["%(nope)s"],
}
_SUPERVISORD = {
    "minfds": "integer", "minprocs": "integer", "directory": "directory", "user": "user", "umask": "octal", "logfile": "path",
    "logfile_maxbytes": "bytes", "logfile_backups": "integer", "loglevel": "loglevel", "pidfile": "path", "identifier": "text",
    "nodaemon": "boolean", "silent": "boolean", "childlogdir": "directory", "nocleanup": "boolean", "strip_ansi": "boolean",
    "environment": "environment",
}
_PROGRAM = {
    "priority": "integer", "autostart": "boolean", "autorestart": "autorestart", "startsecs": "integer", "startretries": "integer",
    "stopsignal": "signal", "stopwaitsecs": "integer", "stopasgroup": "boolean", "killasgroup": "boolean", "exitcodes": "exitcodes",
    "redirect_stderr": "boolean", "numprocs": "numprocs", "numprocs_start": "integer", "user": "user", "umask": "octal", "directory": "text",
    "environment": "environment", "process_name": "process_name", "serverurl": "serverurl", "stdout_logfile": "log", "stderr_logfile": "log",
    "stdout_logfile_maxbytes": "bytes", "stderr_logfile_maxbytes": "bytes", "stdout_logfile_backups": "integer",
    "stderr_logfile_backups": "integer", "stdout_capture_maxbytes": "bytes", "stderr_capture_maxbytes": "bytes",
    "stdout_events_enabled": "boolean", "stderr_events_enabled": "boolean", "stdout_syslog": "boolean", "stderr_syslog": "boolean",
}
_VALID["backlog"], _WRONG["backlog"] = ["1", "128", " 5 "], ["0", "x", "65536"]
_VALID["numprocs"], _WRONG["numprocs"] = ["1", "2", "3", "0", " 2 "], ["x", "", "1.0"]

_SLIPS = ["\n[", "]", "=", "\n", "%", "\x0b", "\u2028", "\t", "'", "\"", "", "\r", "\x00", "\x1c", "\x7f", "\x85", "\xa0", "\u3000", "\ufeff", "\U0001f600",
          "\u0130", "\u0661", "\xb2", ":", ";", " ;", "#", "\\", ",", "(", ")s", "%(here)s", "%(", "-", "_", "0", ".", "/", "\n\n", "\n ", "[", "*", "?", "~"]


def _conversion(rng):
    """A conversion of Python's % operator, one in three of them odd."""
    name = rng.choice(["(process_num)"] * 3 + ["(program_name)", "(ENV_PLAIN)", "(ENV_WIDE)", "(numprocs)", ""])
    flags = "".join(rng.choice("-+ #0") for _ in range(rng.choice([0, 0, 1, 1, 2, 3])))
    width = rng.choice(["", "", "1", "5", "12", "007"])
    precision = rng.choice(["", "", "", ".", ".0", ".1", ".3", ".9"])
    letter = rng.choice("diouxXeEfFgGcrsa") if rng.random() < 0.9 else rng.choice("%hlLz!*(.~\x7f\x1f\u2028\xe9\U0001f600 ")
    odd = rng.choice(["", "", "h", "l", "L", "ll", "(x)", "*", "%", "\U0001f600", " "]) if rng.random() < 0.3 else ""
    return "%" + name + flags + width + precision + odd + letter


_INCLUDED = ["inc.d/one.conf", "inc.d/two.conf", "inc.d/.hidden.conf", "inc.d/z.ini", "inc.d/\U0001f600.conf", "inc.d/a-b.conf", "inc.d/].conf", "inc.d/A", "logs/one.conf"]


def _pattern(rng):
    """What include may name: sets, ranges and their odd forms."""
    parts = ["*", "?", "[a-z]", "[!a-z]", "[]]", "[!]o]", "[a-", "[z-a]", "[--a]", "[a-b-c]", "[\U0001f5ff-\U0001f601]", "\U0001f600", ".", "one", "A", "[!.]", "**", "[]", "[.]"]
    name = "".join(rng.choice(parts) for _ in range(rng.randint(1, 3))) + rng.choice(["", "*", ".conf", ".c?n[f]"])
    return rng.choice(["inc.d/", "inc.d/", "inc.d/", "i*d/", "[il]*/", "./inc.d//", "%(here)s/inc.d/", "*/", "inc\x00d/"]) + name


class _Writer:
    def __init__(self, rng, wrong):
        self.rng, self.wrong, self.lines = rng, wrong, []

    def value(self, kind):
        if kind == "command" and self.rng.random() < 0.05:
            return "x " + "|".join(self.rng.choice(["", "\u20ac", "\U0001f600", "%%"]) + _conversion(self.rng) for _ in range(self.rng.randint(1, 3)))
        pool = _WRONG if self.rng.random() < self.wrong else _VALID
        return self.rng.choice(pool[kind])

    def section(self, name):
        if self.rng.random() < 0.1:
            self.lines.append(self.rng.choice(["", "; comment", "# comment", "  ; indented comment"]))
        self.lines.append("[" + name + "]" + self.rng.choice([""] * 9 + [" ; c"]))

    def option(self, name, text, plain=False):
        rng = self.rng
        if plain:
            self.lines.append(name + "=" + text)
            return
        if rng.random() < 0.05:
            name = name.upper()
        text = text + rng.choice([""] * 12 + [" ; comment", " # comment", "\t;x", "   "])
        if rng.random() < self.wrong / 5:
            text += ";no comment"
        self.lines.append(name + rng.choice(["=", "=", "=", " = ", ":", " : ", "= "]) + text)
        if rng.random() < 0.01 + self.wrong / 4:
            self.lines.append(rng.choice(["", "   ", "; between", " ; indented"] if rng.random() > self.wrong else ["  continued", "\tx = y"]))

    def options(self, table, most):
        for name in self.rng.sample(sorted(table), self.rng.randint(0, most)):
            self.option(name, self.value(table[name]))

    def text(self):
        return "\n".join(self.lines) + "\n"


def _program(w, prefix, name, most):
    w.section(prefix + name)
    if w.rng.random() >= w.wrong / 4:
        w.option("command", w.value("command"))
    table = dict(_PROGRAM)
    several = w.rng.random() < 0.2
    if several:
        w.option("numprocs", w.value("numprocs"))
        w.option("process_name", "%(program_name)s_%(process_num)02d" if w.rng.random() >= w.wrong else "fix")
        del table["process_name"]
    if w.rng.random() > w.wrong:
        # Left in, it would mostly be refused.
        del table["numprocs"]
    w.options(table, most)


def _body(w, names):
    rng = w.rng
    for name in names:
        _program(w, "program:", name, 6)
    grouped = rng.random() < 0.3
    if grouped:
        w.section("group:" + rng.choice(["g", "a", "zeta"]))
        w.option("programs", w.value("programs") if rng.random() < w.wrong or set(names) >= {"a", "b"} else ",".join(names))
        w.options({"priority": "integer"}, 1)
    if rng.random() < 0.2:
        _program(w, "eventlistener:", "l", 3)
        if rng.random() >= w.wrong:
            w.option("events", w.value("events"))
        w.options({"buffer_size": "backlog", "priority": "integer"}, 2)
    if rng.random() < 0.2:
        # One in a group is a difference on purpose (docs/compatibility.md).
        _program(w, "fcgi-program:", rng.choice(["f", "b"]) if rng.random() < w.wrong and not grouped else "f", 3)
        socket = w.value("socket")
        if rng.random() >= w.wrong:
            w.option("socket", socket)
        unix = socket.startswith("unix:") or rng.random() < w.wrong
        w.options({"socket_owner": "owner", "socket_mode": "octal", "socket_backlog": "backlog"} if unix else {"socket_backlog": "backlog"}, 1)


def _servers(w):
    rng = w.rng
    if rng.random() < 0.4:
        w.section(rng.choice(["unix_http_server", "unix_http_server:two", "unix_http_server2"]))
        w.option("file", w.value("path"))
        w.options({"chmod": "octal", "chown": "owner"}, 2)
        if rng.random() < 0.3:
            w.option("username", w.value("text"))
            if rng.random() >= w.wrong:
                w.option("password", w.value("text"))
    if rng.random() < 0.4:
        w.section(rng.choice(["inet_http_server", "inet_http_server:x"]))
        w.option("port", w.value("port"))
        if rng.random() < 0.3:
            w.option("username", w.value("text"))
            if rng.random() >= w.wrong:
                w.option("password", w.value("text"))
    if rng.random() < 0.5:
        w.section("rpcinterface:" + rng.choice(["supervisor", "other"]))
        w.option("supervisor.rpcinterface_factory", "supervisor.rpcinterface:make_main_rpcinterface", plain=True)


def files(seed):
    """{name: bytes}; the main file is `main.conf`."""
    rng = random.Random(seed)
    wrong = rng.choice([0, 0, 0, 0.02, 0.1])
    main = _Writer(rng, wrong)
    result = {}
    if rng.random() < 0.05:
        main.section("DEFAULT")
        main.options(_PROGRAM, 2)
    if rng.random() >= wrong / 4:
        main.section("supervisord")
        main.options(_SUPERVISORD, 5)
    _body(main, rng.choice([["a"], ["a", "b"], ["a", "b", "a"], ["b", "A1", "a", "ä"], []]))
    _servers(main)
    if rng.random() < 0.2:
        main.section("include")
        main.option("files", _pattern(rng) if rng.random() < 0.3 else rng.choice(["inc.d/*.conf", "%(here)s/inc.d/[a-m]*.conf", "inc.d/one.conf inc.d/none*.conf", "inc.d/*.ini\n  inc.d/one.conf"]))
        for name in rng.sample(_INCLUDED, 3):
            part = _Writer(rng, wrong)
            _body(part, [rng.choice(["a", "inc"])])
            if rng.random() < 0.2:
                part.section("supervisord")
                part.options(_SUPERVISORD, 2)
            result[name] = part.text().encode()
    text = main.text()
    if rng.random() < 0.1:
        text = text.replace("\n", "\r\n")
    # Slips of the keyboard.
    while rng.random() < wrong:
        at = rng.randrange(len(text))
        line = text[text.rfind("\n", 0, at) + 1:].split("\n")[0]
        if "factory" not in line:  # looked up by Python's packaging, which forgives more
            text = text[:at] + rng.choice(_SLIPS) + text[at + rng.choice([0, 0, 0, 1, 2]):]
    result["main.conf"] = text.encode("utf-8" if rng.random() > wrong / 10 else "latin-1", "replace")
    return result
