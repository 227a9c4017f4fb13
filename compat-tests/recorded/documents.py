"""XML: what is read, what is refused, and with which words (RPC-003..010)."""

from . import call, flag, number, post, text

H = b"<?xml version='1.0'?>"
NAME = b"supervisor.getProcessInfo"


def info(value, head=H):
    """getProcessInfo repeats what it was given in its fault: BAD_NAME: ..."""
    return call(NAME, value, head=head)


def document(inner, head=H):
    return post(head + b"<methodCall><methodName>supervisor.getVersion</methodName>" + inner + b"</methodCall>")


def method(name):
    return post(H + b"<methodCall><methodName>" + name + b"</methodName><params/></methodCall>")


def deep(count, tag=b"array><data><value", end=b"value></data></array"):
    return info((b"<" + tag + b">") * count + b"x" + (b"</" + end + b">") * count)


NOT_UTF8 = {"differs": "bodies that are not UTF-8", "ours": b"HTTP/1.1 400 "}
NOT_NAMES = {"differs": "names that are not strings", "ours": b"HTTP/1.1 200 "}
DTD = {"differs": "document types and their entities", "ours": b"HTTP/1.1 400 "}

BOMB = (H + b"<!DOCTYPE lolz [<!ENTITY lol 'lol'>" + b"".join(
    b"<!ENTITY lol%d '%s'>" % (i, b"&lol%s;" % (b"%d" % (i - 1) if i > 1 else b"") * 10) for i in range(1, 10)) + b"]>")
QUADRATIC = H + b"<!DOCTYPE b [<!ENTITY a '" + b"a" * 50000 + b"'>]>"

REQUESTS = [
    # Declarations and encodings.
    ("no declaration", info(b"x", b"")), ("declaration", info(b"x")), ("declaration in double quotes", info(b"x", b'<?xml version="1.0"?>')),
    ("declares utf-8", info(b"\xc3\xb6", b"<?xml version='1.0' encoding='utf-8'?>")), ("declares latin-1", info(b"\xc3\xb6", b"<?xml version='1.0' encoding='iso-8859-1'?>")),
    ("declares ascii", info(b"\xc3\xb6", b"<?xml version='1.0' encoding='us-ascii'?>")), ("declares standalone", info(b"x", b"<?xml version='1.0' standalone='yes'?>")),
    ("byte order mark", info(b"x", b"\xef\xbb\xbf" + H)), ("blank before the declaration", info(b"x", b" " + H)), ("line before the declaration", info(b"x", b"\r\n" + H)),
    ("line before no declaration", info(b"x", b"\n\n ")), ("declaration twice", info(b"x", H + H)), ("declaration in capitals", info(b"x", b"<?XML version='1.0'?>")),
    ("utf-8 of four bytes", info(b"\xf0\x9f\x98\x80")), ("combining", info(b"o\xcc\x88")), ("private use", info(b"\xee\x80\x80")), ("not utf-8", info(b"\xff\xfe"), NOT_UTF8),
    ("utf-8 cut", info(b"a\xc3"), NOT_UTF8), ("utf-8 too long", info(b"\xc0\xaf"), NOT_UTF8), ("surrogates in utf-8", info(b"\xed\xa0\x80"), NOT_UTF8),
    ("utf-16", post(H.decode().encode("utf-16")), NOT_UTF8), ("non-character", info(b"\xef\xbf\xbe")), ("zero byte", info(b"a\x00b")), ("escape byte", info(b"a\x1bb")), ("delete byte", info(b"a\x7fb")),
    ("c1 control", info(b"a\xc2\x85b")), ("form feed", info(b"a\x0cb")),
    # References.
    ("five references", info(b"&lt;&gt;&amp;&quot;&apos;")), ("decimal reference", info(b"&#65;&#246;&#128512;")), ("hexadecimal reference", info(b"&#x41;&#xF6;&#x1f600;")),
    ("reference in capitals", info(b"&LT;")), ("reference with an x in capitals", info(b"&#X41;")), ("reference undefined", info(b"&nope;")), ("html reference", info(b"&nbsp;")),
    ("reference to zero", info(b"&#0;")), ("reference to a control", info(b"&#27;")), ("reference to a line end", info(b"a&#13;&#10;b&#9;c")), ("reference to a surrogate", info(b"&#xd800;")),
    ("reference beyond unicode", info(b"&#x110000;")), ("reference too long", info(b"&#99999999999999999999;")), ("reference without its end", info(b"&amp")), ("reference of nothing", info(b"&;")),
    ("reference of no digits", info(b"&#;")), ("reference with a blank", info(b"& amp;")), ("bare ampersand", info(b"a & b")), ("reference in an attribute", info(b"<string a='&lt;&#65;'>x</string>")),
    ("undefined in an attribute", info(b"<string a='&nope;'>x</string>")),
    # Sections, comments, instructions.
    ("cdata", info(b"<string><![CDATA[<x>&amp;]]></string>")), ("cdata empty", info(b"<string><![CDATA[]]></string>")), ("cdata twice", info(b"<![CDATA[a]]><![CDATA[b]]>")),
    ("cdata with brackets", info(b"<![CDATA[]]]]><![CDATA[>]]>")), ("cdata open", info(b"<![CDATA[x")), ("cdata in lower case", info(b"<![cdata[x]]>")), ("end of cdata alone", info(b"a]]>b")),
    ("comment", info(b"a<!-- b -->c")), ("comment with dashes", info(b"a<!-- b -- c -->d")), ("comment with three dashes at its end", info(b"a<!-- b --->d")), ("comment empty", info(b"<!---->x")),
    ("comment open", info(b"<!-- x")), ("comment before all", info(b"x", b"<!-- x -->")), ("comment behind all", post(info(b"x").partition(b"\r\n\r\n")[2] + b"<!-- x -->\n")),
    ("instruction", info(b"a<?php echo 1 ?>b")), ("instruction open", info(b"<?php")), ("instruction named xml", info(b"<?xml x?>")), ("instruction without a name", info(b"<? x ?>")),
    ("doctype", info(b"x", H + b"<!DOCTYPE methodCall>"), DTD), ("doctype with a system id", info(b"x", H + b"<!DOCTYPE methodCall SYSTEM 'http://127.0.0.1:1/x.dtd'>"), DTD),
    ("doctype with a public id", info(b"x", H + b"<!DOCTYPE methodCall PUBLIC 'a' 'b'>"), DTD), ("doctype in lower case", info(b"x", H + b"<!doctype methodCall>")),
    ("doctype open", info(b"x", H + b"<!DOCTYPE methodCall")), ("doctype inside", info(b"<!DOCTYPE a>x")), ("entity", info(b"&a;", H + b"<!DOCTYPE a [<!ENTITY a 'b'>]>"), DTD),
    ("entity unused", info(b"x", H + b"<!DOCTYPE a [<!ENTITY a 'b'>]>"), DTD), ("entity of a file", info(b"&a;", H + b"<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>")),
    ("entity of an address", info(b"&a;", H + b"<!DOCTYPE a [<!ENTITY a SYSTEM 'http://127.0.0.1:1/'>]>")),
    ("entity bomb", info(b"&lol9;", BOMB)), ("entity bomb, quadratic", info(b"&a;" * 200, QUADRATIC)),
    ("parameter entity", info(b"x", H + b"<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>"), DTD),
    # Tags.
    ("tag open", post(H + b"<methodCall>")), ("tag cut", post(H + b"<methodC")), ("tags mismatched", post(H + b"<a></b>")), ("tags crossed", post(H + b"<a><b></a></b>")), ("end first", post(H + b"</a>")),
    ("two roots", post(H + b"<a/><b/>")), ("text before", post(b"x<a/>")), ("text behind", document(b"").replace(b"</methodCall>", b"</methodCall>x", 1)[:-1]), ("nothing", post(b" ")), ("declaration only", post(H)),
    ("json", post(b'{"method": "x"}')), ("html", post(b"<html><body><p>x<br></body></html>")), ("attributes", info(b"<string a='1' b=\"2\">x</string>")), ("attribute twice", info(b"<string a='1' a='2'>x</string>")),
    ("attribute unquoted", info(b"<string a=1>x</string>")), ("attribute without a value", info(b"<string a>x</string>")), ("attribute with a bracket", info(b"<string a='<'>x</string>")),
    ("attributes without a blank", info(b"<string a='1'b='2'>x</string>")), ("attribute on the end", info(b"<string>x</string a='1'>")), ("blanks in tags", info(b"<string \n\t>x</string  >")),
    ("blank before a tag's name", info(b"< string>x</string>")), ("namespace", info(b"<n:string xmlns:n='u'>x</n:string>")), ("namespace unbound", info(b"<n:string>x</n:string>")), ("default namespace", info(b"<string xmlns='u'>x</string>")),
    ("name with a digit first", info(b"<1a>x</1a>")), ("tag of unicode", info(b"<\xc3\xb6>x</\xc3\xb6>")), ("tags in capitals", info(b"<STRING>x</STRING>")), ("line ends", info(b"a\r\nb\rc\nd")), ("blanks around", info(b" \n x \t ")),
    # The shape of a call.
    ("no params", document(b"")), ("empty params", document(b"<params/>")), ("params open and close", document(b"<params></params>")), ("params twice", document(b"<params/><params/>")), ("params first", post(H + b"<methodCall><params/><methodName>supervisor.getVersion</methodName></methodCall>")),
    ("param without a value", document(b"<params><param/></params>")), ("param of text", document(b"<params><param>x</param></params>")), ("value without a param", document(b"<params><value>x</value></params>")), ("an unknown element", document(b"<extra>x</extra><params/>")),
    ("another root", post(H + b"<x><methodName>supervisor.getVersion</methodName></x>")), ("a response", post(H + b"<methodResponse><params><param><value>x</value></param></params></methodResponse>")),
    ("a fault", post(H + b"<methodResponse><fault><value>x</value></fault></methodResponse>")), ("no name", post(H + b"<methodCall><params/></methodCall>")), ("name empty", method(b"")), ("empty name element", post(H + b"<methodCall><methodName/></methodCall>")),
    ("name twice", post(H + b"<methodCall><methodName>supervisor.getState</methodName><methodName>supervisor.getVersion</methodName></methodCall>")), ("blanks around the name", method(b" supervisor.getVersion ")),
    ("name in capitals", method(b"SUPERVISOR.GETVERSION")), ("name without a dot", method(b"getVersion")), ("name of a dot", method(b".")), ("name of dots", method(b"a.b.c")), ("name private", method(b"supervisor._update")),
    ("name double underscore", method(b"supervisor.__class__")), ("name of an attribute", method(b"supervisor.supervisord")), ("name with an element in it", method(b"<b>supervisor.getVersion</b>")), ("name with markup", method(b"a&lt;b&gt;&amp;.c")),
    ("name of unicode", method(b"supervisor.\xc3\xb6")), ("a long name", method(b"supervisor." + b"x" * 10000)), ("name by cdata", method(b"<![CDATA[supervisor.getVersion]]>")), ("name with a comment", method(b"supervisor.<!-- x -->getVersion")),
    # Values.
    ("string", info(text(b"x"))), ("untyped", info(b"x")), ("untyped empty", info(b"")), ("string empty", info(text(b""))), ("string element empty", info(b"<string/>")), ("text around a string", info(b" a <string>x</string> b ")),
    ("two values", info(b"<string>x</string><string>y</string>")), ("string with a child", info(b"<string>x<b>y</b>z</string>")), ("int", info(number(5)), NOT_NAMES), ("i4", info(b"<i4>-5</i4>"), NOT_NAMES), ("i8", info(b"<i8>7</i8>")),
    ("int with blanks", call(b"supervisor.readLog", b"<int> 0 </int>", b"<int>\n1\t</int>")), ("int with a plus", call(b"supervisor.readLog", b"<int>+0</int>", number(1))), ("int with zeros", call(b"supervisor.readLog", b"<int>0000</int>", number(1))),
    ("int empty", info(b"<int></int>")), ("int element empty", info(b"<int/>")), ("int is a word", info(b"<int>x</int>")), ("int is a fraction", info(b"<int>1.5</int>")), ("int is hexadecimal", info(b"<int>0x10</int>")), ("int with underscores", call(b"supervisor.readLog", b"<int>0_0</int>", number(1))),
    ("int of arabic digits", call(b"supervisor.readLog", b"<int>\xd9\xa0</int>", number(1))),
    ("int beyond 32 bits", call(b"supervisor.readLog", b"<int>4294967296</int>", number(1))), ("int beyond 64 bits", call(b"supervisor.readLog", b"<int>" + b"9" * 25 + b"</int>", number(1)), {"differs": "numbers beyond 32 bits", "ours": b"HTTP/1.1 200 "}),
    ("boolean", call(b"supervisor.startProcess", text(b"talk"), flag(1))), ("boolean false", call(b"supervisor.startProcess", text(b"talk"), flag(0))), ("boolean is a word", call(b"supervisor.startProcess", text(b"nosuch"), b"<boolean>true</boolean>")),
    ("boolean is two", call(b"supervisor.startProcess", text(b"nosuch"), b"<boolean>2</boolean>")), ("boolean empty", call(b"supervisor.startProcess", text(b"nosuch"), b"<boolean/>")), ("boolean as a name", info(flag(1)), NOT_NAMES),
    ("double", call(b"supervisor.readLog", b"<double>0.0</double>", b"<double>1.9</double>")), ("double with an exponent", call(b"supervisor.readLog", b"<double>0e0</double>", b"<double>1E0</double>")), ("double is a word", info(b"<double>x</double>")),
    ("double empty", info(b"<double></double>")), ("double infinite", call(b"supervisor.readLog", b"<double>inf</double>", number(0))), ("double not a number", call(b"supervisor.readLog", b"<double>nan</double>", number(0))), ("double as a name", info(b"<double>1.5</double>"), NOT_NAMES),
    ("date", info(b"<dateTime.iso8601>20260102T03:04:05</dateTime.iso8601>"), NOT_NAMES), ("date is a word", info(b"<dateTime.iso8601>x</dateTime.iso8601>")), ("date that does not exist", info(b"<dateTime.iso8601>20260230T03:04:05</dateTime.iso8601>")),
    ("base64", info(b"<base64>Y2F0eA==</base64>")), ("base64 in lines", info(b"<base64>\nY2F0\n eA==\n</base64>")), ("base64 unpadded", info(b"<base64>Y2F0eA</base64>")), ("base64 with rubbish", info(b"<base64>Y2F*0e!A==</base64>")), ("base64 empty", info(b"<base64/>")),
    ("base64 not text", info(b"<base64>//79</base64>")), ("nil", info(b"<nil/>"), NOT_NAMES), ("an unknown type", info(b"<ex:float xmlns:ex='u'>1</ex:float>")), ("an unknown type, empty", info(b"<thing/>"), NOT_NAMES),
    ("array", info(b"<array><data><value>x</value></data></array>"), NOT_NAMES), ("array empty", info(b"<array><data/></array>"), NOT_NAMES), ("array without data", info(b"<array/>")), ("array with text", info(b"<array>x</array>")),
    ("struct", info(b"<struct><member><name>a</name><value>b</value></member></struct>"), NOT_NAMES), ("struct empty", info(b"<struct/>"), NOT_NAMES), ("member without a value", info(b"<struct><member><name>a</name></member></struct>")),
    ("member without a name", info(b"<struct><member><value>a</value></member></struct>")), ("member turned round", info(b"<struct><member><value>b</value><name>a</name></member></struct>"), NOT_NAMES), ("member twice", info(b"<struct>" + b"<member><name>a</name><value>b</value></member>" * 2 + b"</struct>"), NOT_NAMES),
    ("too many arguments", call(NAME, b"x", b"y")),
    ("a thousand arguments", call(NAME, *[b"x"] * 1000)), ("a string of 100 kB", info(b"x" * 100000)), ("a string of markup", info(b"&lt;" * 5000)), ("deep by 20", deep(20), NOT_NAMES), ("deep by 100", deep(100), NOT_NAMES),
    ("deep elements nobody knows", info((b"<a>" * 400) + (b"</a>" * 400)), NOT_NAMES), ("deep beyond use", deep(3000), {"differs": "depth of XML", "ours": b"HTTP/1.1 400 "}),
]
