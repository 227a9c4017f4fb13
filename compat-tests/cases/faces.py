"""The other names of the binary: echo_supervisord_conf and pidproxy (CLI-018..022)."""

import json
import os
import re
import shutil
import signal
import subprocess

from harness import Skip, both, candidate_only, wait_until
from ._conf import HEAD


def _face(side, name):
    return os.path.join(side.bindir, name)


@both
def sample_configuration(side):
    """Every option, value and commented-out state is the same; the comments are our own."""
    text = subprocess.run([_face(side, "echo_supervisord_conf"), "ignored"], stdout=subprocess.PIPE, check=True).stdout.decode()
    rows = re.findall(r"(?m)^;?(?:\[[^\]\n]+\]|[a-z_.]+\s*=\s*\S+(?:\s(?=[^;\s])\S+)*)", text)
    side.write("sample.conf", text.replace("/tmp/", side.dir + "/"))
    done = side.run("-c", side.path("sample.conf"), "-v")
    return {"rows": "\n".join(re.sub(r"\s*=\s*", "=", r) for r in rows), "is accepted": done.replace("<VERSION>", "")}


@both
def pidproxy_usage(side):
    done = subprocess.run([_face(side, "pidproxy"), "one"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return {"status": str(done.returncode), "says something": str(b"sage" in done.stdout)}


@both
def pidproxy_forwards(side):
    side.write("daemon.sh", "sleep 1000 & echo $! > @DIR@/pid; wait\n")
    process = subprocess.Popen([_face(side, "pidproxy"), side.path("pid"), "/bin/sh", side.path("daemon.sh")], start_new_session=True)
    try:
        wait_until(lambda: side.read("pid").strip().isdigit(), "the pidfile")
        pid = int(side.read("pid"))
        process.send_signal(signal.SIGTERM)
        seen = {"status": str(process.wait(20))}
        wait_until(lambda: not os.path.exists("/proc/%d" % pid), "the signal to arrive")
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return seen


@both
def pidproxy_for_a_daemonizing_nginx(side):
    """A script that starts nginx in the background and stays, as mysqld_safe does: signals reach nginx by its pid file."""
    if not shutil.which("nginx"):
        raise Skip("no nginx")
    side.write("nginx.conf", """
pid @DIR@/nginx.pid;
error_log @DIR@/error.log notice;
worker_processes 1;
events { }
http { server { listen unix:@DIR@/nginx.sock; access_log off; } }
""")
    side.write("start.sh", "nginx -c @DIR@/nginx.conf -g 'daemon on; user root;' && while kill -0 $(cat @DIR@/nginx.pid) 2>/dev/null; do sleep 0.1; done\n")
    daemon = side.start(HEAD + """
[program:nginx]
command=%s @DIR@/nginx.pid /bin/sh @DIR@/start.sh
stopwaitsecs=20
""" % _face(side, "pidproxy"))
    daemon.wait_state("nginx", "RUNNING")
    wait_until(lambda: side.read("nginx.pid").strip().isdigit(), "the pidfile")
    pid = int(side.read("nginx.pid"))
    proxy = daemon.rpc.supervisor.getProcessInfo("nginx")["pid"]
    seen = {"another process": str(proxy != pid)}
    daemon.rpc.supervisor.signalProcess("nginx", "HUP")
    wait_until(lambda: "reconfiguring" in side.read("error.log"), "the reload")
    daemon.rpc.supervisor.stopProcess("nginx")
    seen["gone"] = str(os.path.exists("/proc/%d" % pid))
    seen["state"] = daemon.rpc.supervisor.getProcessInfo("nginx")["statename"]
    seen["log"] = "\n".join(l for l in side.mask(side.read("s.log")).splitlines() if "nginx" in l and "spawned" not in l and "waiting" not in l)
    return seen


@candidate_only
def check_configuration(side):
    """`--check`: every mistake with its place, status 0, 1 or 2, nothing touched."""
    clean = "[supervisord]\nlogfile=@DIR@/d.log\npidfile=@DIR@/d.pid\n[program:a]\ncommand=/bin/cat\n"
    side.write("clean.conf", clean)
    side.write("warned.conf", clean + "autostrat=true\n")
    side.write("wrong.conf", clean + "autostart=ja\nstartsecs=x\n[program:b]\n")
    before = sorted(os.listdir(side.dir))

    def check(*args):
        done = subprocess.run([_face(side, "supervisord"), "--check", *args], cwd=side.dir, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    assert check("-c", "clean.conf") == (0, "clean.conf: ok\n", ""), check("-c", "clean.conf")
    status, text, _ = check("warned.conf")
    assert (status, text) == (0, "warned.conf:6: warning: [program:a] autostrat: unknown option, ignored; did you mean autostart?\n"
                                 "warned.conf: 0 errors, 1 warning\n"), text
    assert check("--strict", "warned.conf")[0] == 1
    status, text, _ = check("clean.conf", "wrong.conf")
    assert status == 2 and text == (
        "clean.conf: ok\n"
        "wrong.conf:6: error: [program:a] autostart: not a valid boolean value: 'ja'\n"
        "wrong.conf:7: error: [program:a] startsecs: invalid literal for int() with base 10: 'x'\n"
        "wrong.conf:8: error: [program:b] program section program:b does not specify a command\n"
        "wrong.conf: 3 errors, 0 warnings\n"), text
    status, text, _ = check("--json", "wrong.conf")
    found = json.loads(text)
    assert status == 2 and [(f["line"], f["severity"], f["option"]) for f in found[0]["findings"]] == [
        (6, "error", "autostart"), (7, "error", "startsecs"), (8, "error", None)], text
    assert check("none.conf")[0] == 2
    status, _, errors = check("--nodaemon", "clean.conf")
    assert status == 2 and errors.startswith("Error: option --nodaemon does not go with --check"), errors
    assert sorted(os.listdir(side.dir)) == before


@candidate_only
def dump_configuration_for_people(side):
    side.write("s.conf", "[supervisord]\nloglevel=debug\n[inet_http_server]\nport=9001\nusername=u\npassword=topsecret\n")
    done = subprocess.run([_face(side, "supervisord"), "-n", "-c", "s.conf", "--dump-config"], cwd=side.dir, stdout=subprocess.PIPE, check=True)
    lines = [re.split(" +; ", line) for line in done.stdout.decode().splitlines()]
    assert ["loglevel = debug", "s.conf:2"] in lines and ["nodaemon = true", "command line"] in lines and ["minfds = 1024", "default"] in lines
    assert b"topsecret" not in done.stdout
