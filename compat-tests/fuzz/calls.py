"""Random XML-RPC calls: most fit their method, many are odd. The same generator state gives the same call."""

METHODS = {
    "getAPIVersion": [], "getVersion": [], "getSupervisorVersion": [], "getIdentification": [], "getState": [], "getPID": [], "getAllProcessInfo": [], "reloadConfig": [],
    "getProcessInfo": ["name"], "addProcessGroup": ["name"], "removeProcessGroup": ["name"], "clearProcessLogs": ["name"], "clearProcessLog": ["name"],
    "startProcess": ["name", "wait"], "startProcessGroup": ["name", "wait"], "stopProcess": ["name", "wait"], "stopProcessGroup": ["name", "wait"],
    "signalProcess": ["name", "signal"], "signalProcessGroup": ["name", "signal"], "signalAllProcesses": ["signal"],
    "sendProcessStdin": ["name", "any"], "sendRemoteCommEvent": ["any", "any"],
    "readProcessStdoutLog": ["name", "number", "number"], "readProcessLog": ["name", "number", "number"], "readProcessStderrLog": ["name", "number", "number"],
    "tailProcessStdoutLog": ["name", "number", "number"], "tailProcessLog": ["name", "number", "number"], "tailProcessStderrLog": ["name", "number", "number"],
}
_STRANGE_METHODS = ["system.methodSignature", "system.listMethods", "supervisor", "supervisor.", ".", "", " supervisor.getState", "supervisor.getstate",
                    "supervisor._update", "supervisor.supervisord", "system.getState", "other.getState"]
_NAMES = ["talk", "talk:talk", "talk:*", "idle", "idle:idle", "idle:*", "pair", "pair:p0", "pair:*", "pair:", "p0", "pair:p1 ", "G", "G:b2", "G:*", "b2", "nosuch", "nosuch:*", "", "*",
          ":", ":*", "talk:talk:talk", "TALK", " talk", "\ttalk\n", "t\u00e4lk", "\U0001f600", "a:b:c", "all", "<&>", "'\""]
# None that ends a process: the reference loses what comes between its fork and the exec.
_SIGNALS = ["<string>%s</string>" % s for s in ("CONT", "SIGCONT", "cont", "18", "URG", "WINCH", "CHLD", "NOPE", "0", "-1", "1000", "", "SIG", "65", "18 ", "_CONT", "0x12", "1_8")] + [
    "<int>18</int>", "<int>28</int>", "<int>0</int>", "<int>-1</int>", "<double>18.9</double>", "<double>0.5</double>", "<double>1e300</double>", "<boolean>0</boolean>",
    "<array><data/></array>", "<struct/>", "<base64>Q09OVA==</base64>", "<dateTime.iso8601>20260101T00:00:00</dateTime.iso8601>"]
_NUMBERS = [0, 1, -1, 2, 3, 5, 10, 100, -3, -100, 4096, 2147483647, -2147483648]
_ODD = """
<int> 5 </int>|<int>1_0</int>|<int>1__0</int>|<int>_1</int>|<int>+5</int>|<int></int>|<int/>|<int>5.0</int>|<int>0x5</int>|<int>\u0663</int>|<int>-0</int>|<int>007</int>|<int>- 5</int>|<int>5<!-- c --></int>|<int>
5</int>|<double> 1.5 </double>|<double>1_0.5</double>|<double>1_.5</double>|<double>nan</double>|<double>1e400</double>|<double>.5</double>|<double>5.</double>|<double>1e</double>|<double/>|<double>-1e16</double>
|<double>1e12</double>|<double>1.5e-5</double>|<double>0.0001</double>|<double>123456789.125</double>|<double>-0.0</double>|<double>1,5</double>|<double>Infinity</double>|<boolean>true</boolean>|<boolean>2</boolean>
|<boolean/>|<boolean> 1 </boolean>|<base64>aGVs bG8=</base64>|<base64>aGVsbG8</base64>|<base64>!!!!</base64>|<base64>/w==</base64>|<base64>aGVsbG8=aGVsbG8=</base64>|<base64>=</base64>|<base64>a===</base64>
|<base64>aGk=\u00e4</base64>|<base64>a=Gk=</base64>|<dateTime.iso8601>20260101T1:2:3</dateTime.iso8601>|<dateTime.iso8601>2026-01-01T00:00:00</dateTime.iso8601>|<dateTime.iso8601/>
|<dateTime.iso8601>20261301T00:00:00</dateTime.iso8601>|<dateTime.iso8601>20260131T23:59:59</dateTime.iso8601>|<dateTime.iso8601>20260131T23:59:60</dateTime.iso8601>|<string>a<b/>c</string>
|<string><![CDATA[x<y]]></string>|<string>&#65;&#x42;&amp;</string>|text<int>5</int>|<int>5</int>text|<unknown>5</unknown>|<int>5</int><int>6</int>|<i1>5</i1>|<i8>5</i8>|<array/>|<array><data/></array>
|<array><data>5</data></array>|<struct/>|<struct><member/></struct>|<struct><member><name>a</name></member></struct>|<struct><member><value>5</value><name>a</name></member></struct>
|<struct><member><name/><value>5</value></member></struct>|<struct><member><name>a</name><value/></member><member><name>a</name><value><int>2</int></value></member></struct>|<value>5</value>
|<String>x</String>|<string xml:lang='de'>x</string>|<string>a\tc</string>|<string>&#13;&#10;</string>|  <int>5</int>  |<!-- c -->|<?pi x?>|<?pi x?><int>3</int>|<nil/>|<string/>|| |<string>5</string>|<string> 7 </string>
|<string>1_0</string>|<string>5.0</string>|<string>\u0663</string>""".replace("\n|", "|").strip("\n").split("|")


def _text(text):
    return "<string>%s</string>" % text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _any(rng, depth=0):
    kind = rng.randrange(10)
    if kind < 5 or depth > 2:
        return rng.choice(_ODD)
    if kind < 7:
        return _text(rng.choice(_NAMES))
    if kind < 8:
        return "<%s>%d</%s>" % (("int", rng.choice(_NUMBERS), "int") if rng.random() < 0.5 else ("i4", rng.choice(_NUMBERS), "i4"))
    if kind < 9:
        return "<array><data>%s</data></array>" % "".join("<value>%s</value>" % _any(rng, depth + 1) for _ in range(rng.randint(0, 3)))
    return "<struct>%s</struct>" % "".join("<member><name>%s</name><value>%s</value></member>" % (rng.choice("abc"), _any(rng, depth + 1)) for _ in range(rng.randint(0, 3)))


def _value(rng, kind):
    if kind == "name":
        # Others are a difference on purpose.
        return _text(rng.choice(_NAMES))
    if kind == "wait":
        return "<boolean>1</boolean>"
    if kind == "signal":
        return rng.choice(_SIGNALS)
    if kind == "number" and rng.random() < 0.7:
        return "<int>%d</int>" % rng.choice(_NUMBERS)
    return _any(rng)


def _call(rng):
    method = rng.choice(sorted(METHODS))
    kinds = METHODS[method]
    chance = rng.random()
    if chance < 0.05:
        kinds = kinds[:-1]
    elif chance < 0.1:
        kinds = kinds + ["any"]
    name = rng.choice(_STRANGE_METHODS) if rng.random() < 0.03 else "supervisor." + method
    return name, [_value(rng, kind) for kind in kinds]


def _inner(rng):
    name, values = _call(rng)
    return ("<value><struct><member><name>methodName</name><value>%s</value></member><member><name>params</name><value><array><data>%s</data></array></value></member></struct></value>"
            % (name, "".join("<value>%s</value>" % v for v in values)))


def document(rng):
    """The body of a POST."""
    if rng.random() < 0.1:
        name, values = "system.multicall", ["<array><data>%s</data></array>" % "".join(_inner(rng) for _ in range(rng.randint(0, 4)))]
    else:
        name, values = _call(rng)
    return ("<?xml version='1.0'?>\n<methodCall><methodName>%s</methodName><params>%s</params></methodCall>"
            % (name, "".join("<param><value>%s</value></param>" % v for v in values))).encode()
