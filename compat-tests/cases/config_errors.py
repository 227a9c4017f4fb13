"""Files and command lines that are refused: the same words, the same status, nothing touched (CFG, OPT, CLI)."""

import os

from harness import both
from ._conf import HEAD

_FILES = {
    "empty": "",
    "no supervisord section": "[program:x]\ncommand=a\n",
    "no header": "key=value\n",
    "parsing errors": "[supervisord]\nnonsense\n  more\n=x\n",
    "bom": b"\xef\xbb\xbf[supervisord]\n",
    "latin-1": b"[supervisord]\n# caf\xe9\n",
    "include without files": "[supervisord]\n[include]\n",
    "bad boolean": "[supervisord]\nnodaemon=maybe\n",
    "bad level": "[supervisord]\nloglevel=warning\n",
    "bad umask": "[supervisord]\numask=9\n",
    "bad size": "[supervisord]\nlogfile_maxbytes=5M\n",
    "bad directory": "[supervisord]\ndirectory=/no/such\n",
    "bad log directory": "[supervisord]\nlogfile=/no/such/x.log\n",
    "bad pid directory": "[supervisord]\npidfile=/no/such/x.pid\n",
    "bad child log directory": "[supervisord]\nchildlogdir=/no/such\n",
    "bad user": "[supervisord]\nuser=nobodyatall\n",
    "bad minfds": "[supervisord]\nminfds=x\n",
    "bad environment": "[supervisord]\nenvironment=A=1,B\n",
    "open quote in environment": "[supervisord]\nenvironment=A='1\n",
    "unknown expansion": "[supervisord]\nidentifier=%(nope)s\n",
    "bad format": "[supervisord]\nidentifier=100%\n",
    "no command": "[supervisord]\n[program:x]\n",
    "bad name": "[supervisord]\n[program:x y]\ncommand=a\n",
    "bad autostart": "[supervisord]\n[program:x]\ncommand=a\nautostart=ja\n",
    "bad autorestart": "[supervisord]\n[program:x]\ncommand=a\nautorestart=Sometimes\n",
    "bad startsecs": "[supervisord]\n[program:x]\ncommand=a\nstartsecs=1.5\n",
    "bad signal": "[supervisord]\n[program:x]\ncommand=a\nstopsignal=NOPE\n",
    "bad signal number": "[supervisord]\n[program:x]\ncommand=a\nstopsignal=99\n",
    "bad exit codes": "[supervisord]\n[program:x]\ncommand=a\nexitcodes=1,300\n",
    "bad program user": "[supervisord]\n[program:x]\ncommand=a\nuser=nobodyatall\n",
    "bad program user id": "[supervisord]\n[program:x]\ncommand=a\nuser=77777777\n",
    "bad program log": "[supervisord]\n[program:x]\ncommand=a\nstdout_logfile=/no/such/x\n",
    "numprocs without number": "[supervisord]\n[program:x]\ncommand=a\nnumprocs=2\n",
    "stopasgroup alone": "[supervisord]\n[program:x]\ncommand=a\nstopasgroup=true\nkillasgroup=false\n",
    "program expansion": "[supervisord]\n[program:x]\ncommand=%(nope)s\n",
    "number of a text": "[supervisord]\n[program:x]\ncommand=%(program_name)d\n",
    "group with stranger": "[supervisord]\n[group:g]\nprograms=x\n",
    "ambiguous group": "[supervisord]\n[group:g]\nprograms=x\n[program:x]\ncommand=a\n[fcgi-program:x]\ncommand=a\nsocket=tcp://a:1\n",
    "listener without events": "[supervisord]\n[eventlistener:x]\ncommand=a\n",
    "listener with unknown event": "[supervisord]\n[eventlistener:x]\ncommand=a\nevents=NOPE\n",
    "listener with redirect": "[supervisord]\n[eventlistener:x]\ncommand=a\nevents=TICK_5\nredirect_stderr=true\n",
    "listener with bad buffer": "[supervisord]\n[eventlistener:x]\ncommand=a\nevents=TICK_5\nbuffer_size=0\n",
    "fcgi without socket": "[supervisord]\n[fcgi-program:x]\ncommand=a\n",
    "fcgi with bad socket": "[supervisord]\n[fcgi-program:x]\ncommand=a\nsocket=http://x\n",
    "fcgi with relative socket": "[supervisord]\n[fcgi-program:x]\ncommand=a\nsocket=unix://x\n",
    "fcgi with bad owner": "[supervisord]\n[fcgi-program:x]\ncommand=a\nsocket=unix:///x\nsocket_owner=nobodyatall\n",
    "fcgi with bad mode": "[supervisord]\n[fcgi-program:x]\ncommand=a\nsocket=unix:///x\nsocket_mode=9\n",
    "fcgi tcp with mode": "[supervisord]\n[fcgi-program:x]\ncommand=a\nsocket=tcp://a:1\nsocket_mode=0700\n",
    "fcgi with bad backlog": "[supervisord]\n[fcgi-program:x]\ncommand=a\nsocket=tcp://a:1\nsocket_backlog=0\n",
    "server without port": "[supervisord]\n[inet_http_server]\n",
    "server with bad port": "[supervisord]\n[inet_http_server]\nport=x\n",
    "server with big port": "[supervisord]\n[inet_http_server]\nport=localhost:70000\n",
    "server with half a login": "[supervisord]\n[inet_http_server]\nport=1\nusername=a\n",
    "unix server without file": "[supervisord]\n[unix_http_server]\n",
    "unix server with bad mode": "[supervisord]\n[unix_http_server]\nfile=/tmp/x\nchmod=9\n",
    "unix server with bad owner": "[supervisord]\n[unix_http_server]\nfile=/tmp/x\nchown=nobodyatall\n",
    "plugin without factory": "[supervisord]\n[rpcinterface:x]\n",
}

_LINES = {
    "missing file": ["-c", "@DIR@/nosuch.conf"], "a directory": ["-c", "@DIR@"], "unknown short": ["-x"], "unknown long": ["--nope"],
    "ambiguous": ["--log"], "missing value": ["-c"], "missing long value": ["--logfile"], "value of a flag": ["--nodaemon=1"],
    "twice": ["-n", "-n"], "twice in two spellings": ["-c", "a", "--configuration", "b"], "positional": ["a", "b"],
    "bad umask": ["-m", "9"], "bad level": ["-e", "loud"], "bad directory": ["-d", "/no/such"], "bad log": ["-l", "/no/such/x"],
    "bad size": ["-y", "x"], "bad number": ["-z", "x"], "bad child log directory": ["-q", "/no/such"], "bad minfds": ["-a", "x"],
    "version": ["-v"], "abbreviated version": ["--vers"], "version after options": ["-n", "-v"], "error before version": ["-m", "9", "-v"],
}


@both
def files(side):
    seen = {}
    for title, text in _FILES.items():
        side.write("x.conf", text)
        seen[title] = side.run("-n", "-c", side.path("x.conf"))
    seen["left behind"] = " ".join(sorted(os.listdir(side.dir)))
    return seen


@both
def command_lines(side):
    side.write("ok.conf", HEAD)
    return {title: side.run(*line) for title, line in _LINES.items()}


@both
def sockets_in_use(side):
    """A second instance is refused and harms nothing (DMN-019, DMN-053)."""
    daemon = side.start(HEAD + "[program:cat]\ncommand=/bin/cat\n")
    daemon.wait_state("cat", "RUNNING")
    side.write("second.conf", HEAD.replace("s.log", "second.log").replace("[inet_http_server]\nport=127.0.0.1:@PORT@\n", ""))
    side.write("third.conf", HEAD.replace("s.log", "third.log").replace("[unix_http_server]\nfile=@DIR@/s.sock\n", ""))
    seen = {"same unix socket": side.run("-n", "-c", side.path("second.conf")),
            "same port": side.run("-n", "-c", side.path("third.conf"))}
    seen["first still answers"] = str(daemon.rpc.supervisor.getState())
    seen["first still has its files"] = " ".join(sorted(f for f in os.listdir(side.dir) if f in ("s.sock", "s.pid")))
    return seen
