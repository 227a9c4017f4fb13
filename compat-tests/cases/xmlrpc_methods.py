"""Every method over both transports, byte by byte, and every fault (RPC)."""

import http.client
import os
import re
import xmlrpc.client

from harness import both, wait_until
from ._conf import HEAD

CONF = HEAD + """
[program:cat]
command=/bin/cat
stdout_logfile=@DIR@/cat.log
startsecs=0
[program:idle]
command=/bin/sleep 1000
autostart=false
stdout_logfile=NONE
stderr_logfile=NONE
[program:talk]
command=/bin/sh -c "printf 'hello w\\303\\266rld & <tag>\\\\n'; echo oops >&2; exec sleep 1000"
stdout_logfile=@DIR@/talk.log
stderr_logfile=@DIR@/talk.err
startsecs=0
autorestart=false
[program:gone]
command=/no/such/file
autostart=false
startretries=0
[program:dir]
command=/etc
autostart=false
[program:quick]
command=/bin/sh -c "sleep 0.3; exit 3"
startsecs=5
autostart=false
startretries=0
[program:zero]
command=/bin/sleep 0.5
autostart=false
startsecs=0
autorestart=false
[program:fatal]
command=/no/such/file
startretries=0
[program:pair]
command=/bin/sleep 1000
process_name=%(program_name)s_%(process_num)d
numprocs=2
startsecs=0
"""

# Fields whose values are times, and the key that only newer versions have.
_TIMES = re.compile(rb"(<name>(?:start|stop|now)</name>\n<value><int>)\d+")
_PIDS = re.compile(rb"(<name>pid</name>\n<value><int>)[1-9]\d*")
_AUTORESTART = re.compile(rb"<member>\n<name>autorestart</name>\n<value><\w+>\w+</\w+></value>\n</member>\n")


def _raw(side, body):
    connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
    connection.request("POST", "/RPC2", body, {"Content-Type": "text/xml"})
    reply = connection.getresponse()
    data = reply.read()
    connection.close()
    return reply.status, data


def _order(data):
    """The status structs of a call about several processes come as each is done: their order is luck, with the reference too."""
    structs = re.findall(rb"<value><struct>\n<member>\n<name>name</name>\n(?:(?!</struct>).|\n)*?<name>status</name>(?:(?!</struct>).|\n)*?</struct></value>\n", data)
    if len(structs) > 1:
        data = data.replace(b"".join(structs), b"".join(sorted(structs)))
    return data


def _normal(side, data):
    data = _AUTORESTART.sub(b"", data)
    data = _order(data)
    data = _TIMES.sub(rb"\1<TIME>", data)
    data = _PIDS.sub(rb"\1<PID>", data)
    return side.mask(data.decode("utf-8", "backslashreplace"))


def _call(side, method, *args):
    status, data = _raw(side, xmlrpc.client.dumps(args, method).encode())
    return "%d\n%s" % (status, _normal(side, data))


def _settled(side):
    daemon = side.start(CONF)
    for name in ("cat", "talk", "pair:pair_0", "pair:pair_1"):
        daemon.wait_state(name, "RUNNING")
    daemon.wait_state("fatal", "FATAL")
    wait_until(lambda: side.read("talk.err") == "oops\n" and side.read("talk.log").endswith("\n"), "talk's output")
    return daemon


def _play(side, calls):
    return {"%02d %s%r" % (i, c[0], c[1:]): _call(side, *c) for i, c in enumerate(calls)}


@both
def information(side):
    daemon = _settled(side)
    seen = _play(side, [
        ("supervisor.getAPIVersion",), ("supervisor.getVersion",), ("supervisor.getSupervisorVersion",), ("supervisor.getIdentification",),
        ("supervisor.getState",), ("supervisor.getProcessInfo", "cat"), ("supervisor.getProcessInfo", "talk:talk"),
        ("supervisor.getProcessInfo", "fatal"), ("supervisor.getProcessInfo", "idle"), ("supervisor.getProcessInfo", "nosuch"),
        ("supervisor.getProcessInfo", "pair:*"), ("supervisor.getProcessInfo", "pair:pair_1"), ("supervisor.getProcessInfo", "pair_1"),
        ("supervisor.getAllProcessInfo",), ("supervisor.getAllConfigInfo",), ("system.listMethods",),
        ("system.methodSignature", "supervisor.startProcess"), ("system.methodSignature", "supervisor.tailProcessLog"),
        ("system.methodSignature", "system.multicall"), ("system.methodSignature", "nosuch"), ("system.methodHelp", "nosuch"),
    ])
    seen["getPID"] = str(daemon.rpc.supervisor.getPID() == daemon.pid)
    for method in daemon.rpc.system.listMethods():
        help_text = daemon.rpc.system.methodHelp(method)
        tags = re.findall(r"@(param|return)\s+(\w+)(?:\s+(\w+))?", help_text)
        # Words differ; types and parameter names are the contract (RPC-081).
        seen["help " + method] = "; ".join("%s %s %s" % (t, d, n if t == "param" else "") for t, d, n in tags)
        # methodSignature of the two signal methods is malformed upstream, hence not compared.
        if "signal" not in method and "send" not in method:
            try:
                seen["signature " + method] = str(daemon.rpc.system.methodSignature(method))
            except xmlrpc.client.Fault as fault:
                seen["signature " + method] = str(fault)
    return seen


@both
def control(side):
    _settled(side)
    return _play(side, [
        ("supervisor.startProcess", "cat"), ("supervisor.startProcess", "nosuch"), ("supervisor.startProcess", "gone"),
        ("supervisor.startProcess", "dir"), ("supervisor.startProcess", "quick"),
        ("supervisor.startProcess", "idle", False), ("supervisor.startProcess", "idle"), ("supervisor.stopProcess", "idle"),
        ("supervisor.stopProcess", "idle"), ("supervisor.stopProcess", "nosuch"), ("supervisor.stopProcess", "pair:*"),
        ("supervisor.startProcess", "pair:*"), ("supervisor.startProcess", "nosuch:*"), ("supervisor.startProcessGroup", "nosuch"),
        ("supervisor.stopProcessGroup", "pair"), ("supervisor.startProcessGroup", "pair"), ("supervisor.startProcessGroup", "pair"),
        ("supervisor.stopProcessGroup", "nosuch"), ("supervisor.signalProcess", "cat", "CONT"), ("supervisor.signalProcess", "cat", 18),
        ("supervisor.signalProcess", "cat", "NOPE"), ("supervisor.signalProcess", "cat", 999), ("supervisor.signalProcess", "idle", "HUP"),
        ("supervisor.signalProcess", "nosuch", "HUP"), ("supervisor.signalProcess", "pair:*", "CONT"),
        ("supervisor.signalProcessGroup", "pair", "CONT"), ("supervisor.signalProcessGroup", "pair", "NOPE"),
        ("supervisor.signalProcessGroup", "nosuch", "CONT"), ("supervisor.signalAllProcesses", "CONT"),
        ("supervisor.stopAllProcesses",), ("supervisor.startProcess", "cat", True),
    ])


@both
def start_all(side):
    daemon = _settled(side)
    seen = _play(side, [("supervisor.stopAllProcesses",), ("supervisor.startAllProcesses",)])
    for name in ("cat", "idle", "talk"):
        daemon.wait_state(name, "RUNNING")
    return seen


@both
def logs(side):
    _settled(side)
    return _play(side, [
        ("supervisor.readProcessStdoutLog", "talk", 0, 0), ("supervisor.readProcessLog", "talk", 0, 5),
        ("supervisor.readProcessStdoutLog", "talk", -4, 0), ("supervisor.readProcessStdoutLog", "talk", -4, 1),
        ("supervisor.readProcessStdoutLog", "talk", 4, -1), ("supervisor.readProcessStdoutLog", "talk", 4000, 0),
        ("supervisor.readProcessStdoutLog", "talk", "1", 2.7), ("supervisor.readProcessStderrLog", "talk", 0, 0),
        ("supervisor.readProcessStdoutLog", "idle", 0, 0), ("supervisor.readProcessStdoutLog", "nosuch", 0, 0),
        ("supervisor.readProcessStdoutLog", "pair:*", 0, 0),
        ("supervisor.tailProcessStdoutLog", "talk", 0, 4), ("supervisor.tailProcessLog", "talk", 0, 1000),
        ("supervisor.tailProcessStdoutLog", "talk", 0, 0), ("supervisor.tailProcessStdoutLog", "talk", 1000, 10),
        ("supervisor.tailProcessStderrLog", "talk", 0, 3), ("supervisor.tailProcessStdoutLog", "idle", 0, 10),
        ("supervisor.tailProcessStdoutLog", "nosuch", 0, 10), ("supervisor.clearProcessLogs", "talk"),
        ("supervisor.clearProcessLog", "talk"), ("supervisor.readProcessStdoutLog", "talk", 0, 0), ("supervisor.clearProcessLogs", "nosuch"),
        ("supervisor.clearProcessLogs", "pair:*"), ("supervisor.clearAllProcessLogs",), ("supervisor.readLog", 0, -5),
        ("supervisor.clearLog",), ("supervisor.readLog", 0, 0), ("supervisor.readMainLog", 0, 0),
    ])


@both
def stdin_and_events(side):
    _settled(side)
    seen = _play(side, [
        ("supervisor.sendProcessStdin", "cat", "to cat\n"), ("supervisor.sendProcessStdin", "cat", "w\u00f6rld\n"),
        ("supervisor.sendProcessStdin", "cat", 5), ("supervisor.sendProcessStdin", "idle", "x"),
        ("supervisor.sendProcessStdin", "nosuch", "x"), ("supervisor.sendProcessStdin", "pair:*", "x"),
        ("supervisor.sendRemoteCommEvent", "type", "data"), ("supervisor.sendRemoteCommEvent", 5, True),
    ])
    wait_until(lambda: "\u00f6" in side.read("cat.log"), "cat's echo")
    seen["echo"] = side.read("cat.log")
    return seen


@both
def groups(side):
    _settled(side)
    seen = _play(side, [
        ("supervisor.reloadConfig",), ("supervisor.addProcessGroup", "cat"), ("supervisor.addProcessGroup", "nosuch"),
        ("supervisor.removeProcessGroup", "cat"), ("supervisor.removeProcessGroup", "nosuch"), ("supervisor.removeProcessGroup", "idle"),
        ("supervisor.reloadConfig",), ("supervisor.addProcessGroup", "idle"), ("supervisor.getProcessInfo", "idle"),
    ])
    side.write("s.conf", CONF + "[program:x]\ncommand=/bin/true\nautostart=perhaps\n")
    seen.update({"broken " + k: v for k, v in _play(side, [("supervisor.reloadConfig",)]).items()})
    side.write("s.conf", CONF.replace("startsecs=0\nautorestart=false", "startsecs=0\nautorestart=false\npriority=5") + "[program:x]\ncommand=/bin/true\n")
    seen.update({"changed " + k: v for k, v in _play(side, [("supervisor.reloadConfig",)]).items()})
    return seen


@both
def multicall(side):
    _settled(side)
    def m(*calls):
        return ("system.multicall", list(calls))
    return _play(side, [
        m(), m({"methodName": "supervisor.getState", "params": []}, {"methodName": "supervisor.getVersion"}),
        m({"methodName": "supervisor.stopProcess", "params": ["cat"]}, {"methodName": "supervisor.startProcess", "params": ["cat"]},
          {"methodName": "supervisor.startProcess", "params": ["cat"]}),
        m({"methodName": "supervisor.nosuch"}, {"params": []}, {"methodName": "system.multicall", "params": [[]]}, {"methodName": "supervisor.getState", "params": [1]}),
        ("system.multicall", 5), ("system.multicall", {"a": 1}),
    ])


@both
def refusals(side):
    _settled(side)
    seen = _play(side, [
        ("nosuch",), ("supervisor.nosuch",), ("nosuch.getState",), ("supervisor._update", "x"), ("supervisor.a.b",), ("",),
        ("supervisor.getState", 1), ("supervisor.startProcess",), ("supervisor.startProcess", "cat", True, 1), ("supervisor.readLog", 0),
    ])
    bodies = {
        "no xml": b"hello", "cut": b"<methodCall><methodName>supervisor.getState</methodName>", "mismatch": b"<a></b>",
        "empty name": b"<?xml version='1.0'?><methodCall><methodName></methodName></methodCall>",
        "no params": b"<?xml version='1.0'?><methodCall><methodName>supervisor.getState</methodName></methodCall>",
        "bad int": b"<methodCall><methodName>supervisor.readLog</methodName><params><param><value><int>x</int></value></param></params></methodCall>",
        "boolean true": b"<methodCall><methodName>supervisor.startProcess</methodName><params><param><value>idle</value></param><param><value><boolean>true</boolean></value></param></params></methodCall>",
        "i8 name": b"<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value><i8>7</i8></value></param></params></methodCall>",
        "entities": b"<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value>a&lt;&#65;&amp;</value></param></params></methodCall>",
        "undefined entity": b"<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value>&nope;</value></param></params></methodCall>",
        "cdata and comment": b"<methodCall><!-- c --><methodName>supervisor.getProcessInfo</methodName><params><param><value><string><![CDATA[<x>]]></string></value></param></params></methodCall>",
        "blank first": b" <?xml version='1.0'?><methodCall><methodName>supervisor.getState</methodName></methodCall>",
        "base64": b"<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value><base64>Y2F0eA==</base64></value></param></params></methodCall>",
        "bad base64": b"<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value><base64>Y2F0</base64></value></param></params></methodCall>",
    }
    for title, body in bodies.items():
        status, data = _raw(side, body)
        seen["body " + title] = "%d\n%s" % (status, _normal(side, data))
    return seen


@both
def during_shutdown(side):
    """A program that takes its time to die keeps the daemon in SHUTDOWN (RPC-015)."""
    daemon = side.start(HEAD + """
[program:stubborn]
command=/bin/sh -c "trap '' TERM; echo ready; while :; do sleep 0.1; done"
stdout_logfile=@DIR@/stubborn.log
startsecs=0
stopwaitsecs=4
""")
    wait_until(lambda: side.read("stubborn.log") == "ready\n", "the trap")
    wait_until(lambda: daemon.rpc.supervisor.shutdown(), "shutdown")
    seen = _play(side, [("supervisor.getState",), ("supervisor.startProcess", "stubborn"), ("supervisor.shutdown",),
                        ("supervisor.sendRemoteCommEvent", "a", "b"), ("system.listMethods",), ("supervisor.getState", 1),
                        ("system.multicall", [{"methodName": "supervisor.getState"}])])
    seen["exit status"] = str(daemon.process.wait(30))
    return seen


@both
def rarer_faults(side):
    """ABNORMAL_TERMINATION of a start during a stop, FAILED for a log that cannot be read."""
    daemon = side.start(HEAD + """
[program:stubborn]
command=/bin/sh -c "trap '' TERM; echo ready; while :; do sleep 0.1; done"
stdout_logfile=@DIR@/stubborn.log
startsecs=0
stopwaitsecs=3
[program:cat]
command=/bin/cat
stdout_logfile=@DIR@/cat.log
startsecs=0
""")
    wait_until(lambda: side.read("stubborn.log") == "ready\n", "the trap")
    daemon.wait_state("cat", "RUNNING")
    os.unlink(side.path("cat.log"))
    os.mkdir(side.path("cat.log"))
    return _play(side, [
        ("supervisor.readProcessStdoutLog", "cat", 0, 0), ("supervisor.tailProcessStdoutLog", "cat", 0, 10), ("supervisor.clearProcessLogs", "cat"),
        ("supervisor.stopProcess", "stubborn", False), ("supervisor.startProcess", "stubborn", True), ("supervisor.startProcess", "stubborn", False),
        ("supervisor.stopProcess", "stubborn"), ("supervisor.getProcessInfo", "stubborn"), ("supervisor.signalProcess", "stubborn", "HUP"),
    ])
