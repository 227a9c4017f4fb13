"""Other people's XML-RPC libraries talk to both daemons and must hear the same (RPC-008, RPC-009)."""

import os
import subprocess

from harness import Skip, both
from ._conf import HEAD

CONF = HEAD.replace("port=127.0.0.1:@PORT@", "port=127.0.0.1:@PORT@\nusername=user\npassword=s3cret") + """
[program:cat]
command=/bin/cat
stdout_logfile=@DIR@/cat.log
startsecs=0
[program:idle]
command=/bin/sleep 1000
autostart=false
startsecs=0
"""

PERL = r'''
use RPC::XML; use RPC::XML::Client; binmode(STDOUT, ":utf8");
$RPC::XML::ENCODING = "utf-8";
my $c = RPC::XML::Client->new("http://127.0.0.1:$ARGV[0]/RPC2"); $c->credentials("default", "user", "s3cret");
my $s = $c->simple_request("supervisor.getState"); print "$s->{statecode} $s->{statename}\n";
print "$_->{group}:$_->{name} $_->{statename} $_->{exitstatus}\n" for @{$c->simple_request("supervisor.getAllProcessInfo")};
print $c->simple_request("supervisor.startProcess", "idle", RPC::XML::boolean->new(1)), "\n";
my $f = $c->send_request("supervisor.startProcess", "nosuch"); print $f->code, " ", $f->string, "\n";
my $t = $c->simple_request("supervisor.tailProcessStdoutLog", "cat", 0, 5); print scalar(@$t), "\n";
print join(" ", map { ref($_) ? $_->{statename} || $_->{faultCode} : $_ } @{$c->simple_request("system.multicall",
  [{methodName => "supervisor.getState", params => []}, {methodName => "supervisor.getVersion", params => []}, {methodName => "nosuch", params => []}])}), "\n";
'''

RUBY = r'''
require "xmlrpc/client"
c = XMLRPC::Client.new3("host" => "127.0.0.1", "path" => "/RPC2", "port" => ARGV[0].to_i, "user" => "user", "password" => "s3cret")
s = c.call("supervisor.getState"); puts "#{s["statecode"]} #{s["statename"]}"
c.call("supervisor.getAllProcessInfo").each { |p| puts "#{p["group"]}:#{p["name"]} #{p["statename"]} #{p["exitstatus"]}" }
puts c.call("supervisor.startProcess", "idle", true)
begin; c.call("supervisor.startProcess", "nosuch"); rescue XMLRPC::FaultException => e; puts "#{e.faultCode} #{e.faultString}"; end
puts c.call("supervisor.sendProcessStdin", "cat", "w\u00f6rld \u{1f600}\n")
puts c.call("supervisor.tailProcessStdoutLog", "cat", 0, 5).length
'''

NODE = r'''
const c = require("xmlrpc").createClient({host: "127.0.0.1", port: +process.argv[2], path: "/RPC2", basic_auth: {user: "user", pass: "s3cret"}});
const call = (m, ...a) => new Promise(done => c.methodCall(m, a, (e, v) => done(e ? `${e.faultCode} ${e.faultString}` : v)));
(async () => {
  const s = await call("supervisor.getState"); console.log(s.statecode, s.statename);
  for (const p of await call("supervisor.getAllProcessInfo")) console.log(`${p.group}:${p.name} ${p.statename} ${p.exitstatus}`);
  console.log(await call("supervisor.startProcess", "idle", true));
  console.log(await call("supervisor.startProcess", "nosuch"));
  console.log(await call("supervisor.sendProcessStdin", "cat", "w\u00f6rld \u{1f600}\n"));
  console.log(JSON.stringify(await call("system.multicall", [{methodName: "supervisor.getVersion", params: []}, {methodName: "nosuch", params: []}])));
})();
'''

C = r'''
#include <stdio.h>
#include <stdlib.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/client.h>
int main(int argc, char **argv) {
    xmlrpc_env env; char url[100]; xmlrpc_server_info *server; xmlrpc_value *v; char *name; int code, i;
    xmlrpc_env_init(&env); xmlrpc_client_init2(&env, XMLRPC_CLIENT_NO_FLAGS, "test", "1", NULL, 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%s/RPC2", argv[1]);
    server = xmlrpc_server_info_new(&env, url); xmlrpc_server_info_set_basic_auth(&env, server, "user", "s3cret");
    v = xmlrpc_client_call_server(&env, server, "supervisor.getState", "()");
    xmlrpc_decompose_value(&env, v, "{s:i,s:s,*}", "statecode", &code, "statename", &name); printf("%d %s %d\n", code, name, env.fault_occurred);
    v = xmlrpc_client_call_server(&env, server, "supervisor.getAllProcessInfo", "()");
    for (i = 0; i < xmlrpc_array_size(&env, v); i++) {
        xmlrpc_value *p = xmlrpc_array_get_item(&env, v, i);
        xmlrpc_decompose_value(&env, p, "{s:s,*}", "name", &name); printf("%s %d\n", name, env.fault_occurred);
    }
    xmlrpc_client_call_server(&env, server, "supervisor.startProcess", "(s)", "nosuch"); printf("%d %s\n", env.fault_code, env.fault_string);
    return 0;
}
'''

TRANSPORT = r'''
import sys, xmlrpc.client
from supervisor.xmlrpc import SupervisorTransport
for url in ("http://127.0.0.1:" + sys.argv[1], "unix://" + sys.argv[2]):
    p = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=SupervisorTransport("user", "s3cret", url)).supervisor
    print(p.getState(), [i["name"] for i in p.getAllProcessInfo()], p.sendProcessStdin("cat", "w\u00f6rld \U0001f600\n"))
    try:
        p.startProcess("nosuch")
    except xmlrpc.client.Fault as e:
        print(e)
'''


def _play(side, *argv, env=None):
    daemon = side.start(CONF)
    daemon.wait_state("cat", "RUNNING")
    return {"said": side.capture([*argv, str(side.port)], env=env)}


def _needs(*probe, what):
    try:
        if subprocess.run(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            return
    except FileNotFoundError:
        pass
    raise Skip("no " + what)


@both
def perl_rpc_xml(side):
    _needs("perl", "-MRPC::XML", "-e", "1", what="RPC::XML for Perl")
    return _play(side, "perl", side.write("client.pl", PERL))


@both
def ruby_xmlrpc(side):
    _needs("ruby", "-e", "require 'xmlrpc/client'", what="xmlrpc for Ruby")
    return _play(side, "ruby", side.write("client.rb", RUBY))


@both
def node_xmlrpc(side):
    _needs("node", "-e", "require('xmlrpc')", what="xmlrpc for node (npm install xmlrpc, NODE_PATH)")
    return _play(side, "node", side.write("client.js", NODE))


@both
def xmlrpc_c(side):
    _needs("xmlrpc-c-config", "client", "--libs", what="xmlrpc-c")
    flags = subprocess.run(["xmlrpc-c-config", "client", "--cflags", "--libs"], stdout=subprocess.PIPE, text=True).stdout.split()
    # The client library brings curl along; the headers of curl need not be here.
    flags = [f for f in flags if f != "-lcurl"]
    subprocess.run(["cc", "-w", "-o", side.path("client"), side.write("client.c", C), *flags], check=True)
    return _play(side, side.path("client"))


@both
def curl(side):
    _needs("curl", "--version", what="curl")
    daemon = side.start(CONF)
    daemon.wait_state("cat", "RUNNING")
    seen = {}
    call = "<?xml version='1.0'?><methodCall><methodName>supervisor.%s</methodName><params>%s</params></methodCall>"
    for title, arguments in {
            "rpc": ["-u", "user:s3cret", "-d", call % ("getState", "")],
            "expect": ["-u", "user:s3cret", "-H", "Expect: 100-continue", "--expect100-timeout", "1", "-d", call % ("getVersion", "")],
            "fault": ["-u", "user:s3cret", "-d", call % ("getProcessInfo", "<param><value>nosuch</value></param>")],
            "1.0": ["-0", "-u", "user:s3cret", "-d", call % ("getState", "")], "no login": ["-d", call % ("getState", "")]}.items():
        seen[title] = side.capture(["curl", "-s", "-i", *arguments, "http://127.0.0.1:%d/RPC2" % side.port])
    seen["unix"] = side.capture(["curl", "-s", "--unix-socket", side.path("s.sock"), "-d", call % ("getState", ""), "http://localhost/RPC2"])
    seen["ok"] = side.capture(["curl", "-s", "-u", "user:s3cret", "http://127.0.0.1:%d/ok.html" % side.port])
    return seen


@both
def supervisor_transport(side):
    """The class that stock Python programs use."""
    if not os.path.exists("/usr/lib/python3/dist-packages/supervisor"):
        raise Skip("no Python Supervisor")
    daemon = side.start(CONF)
    daemon.wait_state("cat", "RUNNING")
    return {"said": side.capture(["/usr/bin/python3", side.write("client.py", TRANSPORT), str(side.port), side.path("s.sock")])}
