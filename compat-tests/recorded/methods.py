"""Every method with right and wrong arguments. What changes something is put back, so the order does not matter (RPC-030..086)."""

from . import call, flag, number, post, text

S = b"supervisor."
HELP = {"differs": "words of `methodHelp`", "ours": b"HTTP/1.1 200 "}
RAISES = {"differs": "calls in a multicall that raise", "ours": b"HTTP/1.1 200 "}
NOT_NAMES = {"differs": "names that are not strings", "ours": b"HTTP/1.1 200 "}


def multicall(*calls):
    return call(b"system.multicall", b"<array><data>" + b"".join(b"<value>%s</value>" % c for c in calls) + b"</data></array>")


def one(name, *values):
    return (b"<struct><member><name>methodName</name><value>%s</value></member><member><name>params</name><value><array><data>%s</data></array></value></member></struct>"
            % (name, b"".join(b"<value>%s</value>" % v for v in values)))


ARGUMENTLESS = [b"getAPIVersion", b"getVersion", b"getSupervisorVersion", b"getIdentification", b"getState", b"getPID", b"getAllProcessInfo"]

REQUESTS = [(name.decode(), call(S + name)) for name in ARGUMENTLESS] + [
    (name.decode() + " with an argument", call(S + name, text(b"x"))) for name in ARGUMENTLESS] + [
    ("%s %s" % (name.decode(), who.decode()), call(S + name, text(who)))
    for name in (b"getProcessInfo", b"startProcess", b"stopProcess", b"clearProcessLogs", b"startProcessGroup", b"stopProcessGroup", b"addProcessGroup", b"removeProcessGroup")
    for who in (b"nosuch", b"nosuch:x", b"nosuch:*", b":", b"", b"talk:nosuch", b"a:b:c")] + [
    ("%s without arguments" % name.decode(), call(S + name))
    for name in (b"getProcessInfo", b"startProcess", b"stopProcess", b"clearProcessLogs", b"startProcessGroup", b"addProcessGroup", b"removeProcessGroup", b"readLog",
                 b"readProcessStdoutLog", b"tailProcessStdoutLog", b"signalProcess", b"signalProcessGroup", b"signalAllProcesses", b"sendProcessStdin", b"sendRemoteCommEvent")] + [
    ("%s %d %d" % (name.decode(), offset, length), call(S + name, text(b"talk"), number(offset), number(length)))
    for name in (b"readProcessStdoutLog", b"readProcessStderrLog", b"tailProcessStdoutLog", b"tailProcessStderrLog")
    for offset, length in ((0, 0), (0, 3), (2, 2), (3, 100), (100, 1), (-3, 0), (-100, 0), (-3, 2), (0, -1), (5, -5), (2147483647, 2147483647))] + [
    ("process of talk", call(S + b"getProcessInfo", text(b"talk"))), ("process of idle", call(S + b"getProcessInfo", text(b"idle:idle"))), ("process of a group", call(S + b"getProcessInfo", text(b"pair:*"))),
    ("process of one of a group", call(S + b"getProcessInfo", text(b"pair:p1"))), ("process of one without its group", call(S + b"getProcessInfo", text(b"p1"))),
    ("start of started", call(S + b"startProcess", text(b"talk"))), ("start of nothing there", call(S + b"startProcess", text(b"bad"))), ("stop of stopped", call(S + b"stopProcess", text(b"idle"))), ("stop of a stopped group", call(S + b"stopProcessGroup", text(b"pair"))),
    ("stop of a stopped group by stars", call(S + b"stopProcess", text(b"pair:*"))), ("add of added", call(S + b"addProcessGroup", text(b"talk"))), ("remove of running", call(S + b"removeProcessGroup", text(b"talk"))),
    ("signal", call(S + b"signalProcess", text(b"talk"), text(b"CONT"))), ("signal by number", call(S + b"signalProcess", text(b"talk"), number(18))), ("signal by number as text", call(S + b"signalProcess", text(b"talk"), text(b"18"))),
    ("signal with its prefix", call(S + b"signalProcess", text(b"talk"), text(b"SIGCONT"))), ("signal in lower case", call(S + b"signalProcess", text(b"talk"), text(b"cont"))), ("signal unknown", call(S + b"signalProcess", text(b"talk"), text(b"NOPE"))),
    ("signal of zero", call(S + b"signalProcess", text(b"talk"), number(0))), ("signal of 1000", call(S + b"signalProcess", text(b"talk"), number(1000))), ("signal negative", call(S + b"signalProcess", text(b"talk"), number(-1))), ("signal to nobody", call(S + b"signalProcess", text(b"nosuch"), text(b"CONT"))),
    ("signal to stopped", call(S + b"signalProcess", text(b"idle"), text(b"CONT"))), ("signal to a group", call(S + b"signalProcessGroup", text(b"talk"), text(b"CONT"))), ("signal to no group", call(S + b"signalProcessGroup", text(b"nosuch"), text(b"CONT"))),
    ("bad signal to a group", call(S + b"signalProcessGroup", text(b"talk"), text(b"NOPE"))), ("bad signal to a stopped group", call(S + b"signalProcessGroup", text(b"pair"), text(b"NOPE"))),
    ("stdin to nobody", call(S + b"sendProcessStdin", text(b"nosuch"), text(b"x"))), ("stdin to stopped", call(S + b"sendProcessStdin", text(b"idle"), text(b"x"))), ("stdin of a number", call(S + b"sendProcessStdin", text(b"talk"), number(5))),
    ("stdin of a number to nobody", call(S + b"sendProcessStdin", text(b"nosuch"), number(5))), ("stdin", call(S + b"sendProcessStdin", text(b"talk"), text(b"w\xc3\xb6rld\n"))), ("stdin of nothing", call(S + b"sendProcessStdin", text(b"talk"), text(b""))),
    ("event", call(S + b"sendRemoteCommEvent", text(b"a"), text(b"b"))), ("event of odd types", call(S + b"sendRemoteCommEvent", number(1), flag(0))), ("event of one argument", call(S + b"sendRemoteCommEvent", text(b"a"))),
    ("reload", call(S + b"reloadConfig")), ("reload with an argument", call(S + b"reloadConfig", text(b"x"))), ("log negative", call(S + b"readLog", number(-1), number(1))), ("log far beyond", call(S + b"readLog", number(1000000000), number(1))),
    ("log by words", call(S + b"readLog", text(b"a"), text(b"b"))), ("log by an array", call(S + b"readLog", b"<array><data/></array>", number(0))), ("log by nil", call(S + b"readLog", b"<nil/>", number(0))), ("log by true", call(S + b"readLog", number(1000000000), flag(0))),
    ("log of an idle one", call(S + b"readProcessStdoutLog", text(b"idle"), number(0), number(0))), ("log of a group", call(S + b"readProcessStdoutLog", text(b"pair:*"), number(0), number(0))), ("tail of an idle one", call(S + b"tailProcessStdoutLog", text(b"idle"), number(0), number(10))),
    ("tail of a group", call(S + b"tailProcessStdoutLog", text(b"pair:*"), number(0), number(10))), ("tail by words", call(S + b"tailProcessStdoutLog", text(b"talk"), text(b"x"), number(1))), ("log of nobody", call(S + b"readProcessStderrLog", text(b"nosuch"), number(0), number(0))),
    ("log name by alias", call(S + b"readProcessLog", text(b"talk"), number(0), number(3))), ("tail by alias", call(S + b"tailProcessLog", text(b"talk"), number(0), number(3))),
    # system
    ("methods", call(b"system.listMethods")), ("methods with an argument", call(b"system.listMethods", text(b"x"))), ("help", call(b"system.methodHelp", text(b"supervisor.getState")), HELP), ("help of nothing", call(b"system.methodHelp", text(b"nosuch"))),
    ("help without a name", call(b"system.methodHelp")), ("signature", call(b"system.methodSignature", text(b"supervisor.startProcess"))), ("signature of tail", call(b"system.methodSignature", text(b"supervisor.tailProcessStdoutLog"))),
    ("signature of multicall", call(b"system.methodSignature", text(b"system.multicall"))), ("signature of nothing", call(b"system.methodSignature", text(b"nosuch"))), ("multicall of nothing", multicall()), ("multicall without arguments", call(b"system.multicall")),
    ("multicall of a number", call(b"system.multicall", number(5))), ("multicall of text", call(b"system.multicall", text(b"abc"))), ("multicall of a struct", call(b"system.multicall", b"<struct/>")), ("multicall of numbers", multicall(number(5))),
    ("multicall of texts", multicall(text(b"x"))), ("multicall of empty structs", multicall(b"<struct/>")), ("multicall of itself", multicall(one(b"system.multicall", b"<array><data/></array>"))), ("multicall unknown", multicall(one(b"nosuch"))),
    ("multicall of two", multicall(one(b"supervisor.getState"), one(b"supervisor.getVersion"))), ("multicall with faults", multicall(one(b"supervisor.getState", text(b"x")), one(b"supervisor.startProcess", text(b"talk")), one(b"supervisor.getIdentification"))),
    ("multicall of system", multicall(one(b"system.methodSignature", text(b"supervisor.getState")))), ("multicall of a bad number", multicall(one(b"supervisor.readLog", text(b"x"), text(b"y"))), RAISES), ("multicall with a name of a number", multicall(one(b"<int>5</int>")), RAISES),
    ("multicall of params of a number", multicall(b"<struct><member><name>methodName</name><value>supervisor.getState</value></member><member><name>params</name><value><int>1</int></value></member></struct>")),
    ("multicall of 300", multicall(*[one(b"supervisor.getState")] * 300)), ("another namespace", call(b"other.getState")), ("an object's method", call(b"supervisor.getState.__call__")), ("a class", call(b"system.__class__")), ("system private", call(b"system._getAllMethods")),
    ("wait of a number", call(S + b"startProcess", text(b"talk"), number(1))), ("wait of text", call(S + b"startProcess", text(b"talk"), text(b"false"))), ("names of numbers", call(S + b"startProcess", number(1)), NOT_NAMES), ("groups of numbers", call(S + b"startProcessGroup", number(1)), NOT_NAMES),
    ("groups of nil", call(S + b"addProcessGroup", b"<nil/>"), NOT_NAMES), ("names of nil", call(S + b"getProcessInfo", b"<nil/>"), NOT_NAMES),
]
