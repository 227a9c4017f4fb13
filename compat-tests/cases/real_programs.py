"""Real daemons under ours, from an ordinary configuration: they come up, are killed and come back, their logs rotate."""

import os
import re
import shutil
import signal
import socket
import time
import urllib.request

from harness import Skip, candidate_only, free_port, wait_until
from ._conf import HEAD


def _pid_of(daemon, name):
    return daemon.rpc.supervisor.getProcessInfo(name)["pid"]


def _comes_back(daemon, name):
    """kill -9, then another pid in RUNNING or on its way there."""
    old = _pid_of(daemon, name)
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: _pid_of(daemon, name) not in (0, old), name + " to come back")
    daemon.wait_state(name, "RUNNING")


@candidate_only
def nginx(side):
    if not shutil.which("nginx"):
        raise Skip("nginx is not installed")
    web = free_port()
    os.mkdir(side.path("tmp"))
    side.write("nginx.conf", """
daemon off;
user root;
worker_processes 1;
pid @DIR@/nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
  access_log /dev/stdout;
  client_body_temp_path @DIR@/tmp; proxy_temp_path @DIR@/tmp; fastcgi_temp_path @DIR@/tmp; uwsgi_temp_path @DIR@/tmp; scgi_temp_path @DIR@/tmp;
  server { listen 127.0.0.1:%d; location / { return 200 "here\\n"; } }
}
""" % web)
    daemon = side.start(HEAD + """
[program:nginx]
command=nginx -c @DIR@/nginx.conf
stdout_logfile=@DIR@/nginx.log
stdout_logfile_maxbytes=1KB
stdout_logfile_backups=3
stopasgroup=true
killasgroup=true
autorestart=true
""")
    daemon.wait_state("nginx", "RUNNING")
    def get():
        try:
            return urllib.request.urlopen("http://127.0.0.1:%d/" % web, timeout=2).read() == b"here\n"
        except OSError:
            return False
    wait_until(get, "nginx to answer")
    for _ in range(60):
        assert get()
    wait_until(lambda: os.path.exists(side.path("nginx.log.1")), "a rotated log")
    # A worker of the killed master goes on holding the port for a moment, as under any supervisor; stop ends it all.
    os.killpg(_pid_of(daemon, "nginx"), signal.SIGKILL)
    wait_until(lambda: side.read("s.log").count("spawned: 'nginx'") >= 2, "the successor")
    daemon.wait_state("nginx", "RUNNING")
    wait_until(get, "nginx to answer again")
    assert daemon.stop() == 0
    assert not get()


@candidate_only
def redis(side):
    if not shutil.which("redis-server"):
        raise Skip("redis-server is not installed")
    port = free_port()
    daemon = side.start(HEAD + """
[program:redis]
command=redis-server --port %d --bind 127.0.0.1 --save "" --dir @DIR@
stdout_logfile=@DIR@/redis.log
autorestart=true
""" % port)
    daemon.wait_state("redis", "RUNNING")
    def ping():
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as s:
                s.sendall(b"PING\r\n")
                return s.recv(100) == b"+PONG\r\n"
        except OSError:
            return False
    wait_until(ping, "redis to answer")
    _comes_back(daemon, "redis")
    wait_until(ping, "redis to answer again")
    assert "Ready to accept connections" in side.read("redis.log")
    assert daemon.stop() == 0
    assert "stopped: redis (exit status 0)" in side.read("s.log")


@candidate_only
def a_thousand_programs(side):
    daemon = side.start(HEAD + "[program:many]\ncommand=/bin/sleep 1000\nnumprocs=1000\nprocess_name=p%(process_num)04d\nstartsecs=0\nstdout_logfile=NONE\nstderr_logfile=NONE\n")
    wait_until(lambda: sum(p["statename"] == "RUNNING" for p in daemon.rpc.supervisor.getAllProcessInfo()) == 1000, "all of them", 60)
    # It still answers at once, and stops in order.
    began = time.monotonic()
    daemon.rpc.supervisor.getState()
    assert time.monotonic() - began < 5
    assert daemon.stop(timeout=60) == 0


@candidate_only
def a_full_disk(side):
    """Supervision goes on, the loss is told once, writing resumes (LOG)."""
    if os.getuid() != 0:
        raise Skip("needs root to mount a small file system")
    import subprocess
    os.mkdir(side.path("small"))
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", side.path("small")], stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("this machine does not allow mounting")
    try:
        daemon = side.start(HEAD + "[program:cat]\ncommand=/bin/cat\nstdout_logfile=@DIR@/small/cat.log\nstartsecs=0\n")
        daemon.wait_state("cat", "RUNNING")
        for _ in range(5):
            daemon.rpc.supervisor.sendProcessStdin("cat", "x" * 30000)
        wait_until(lambda: "No space left on device" in side.read("s.log"), "the report")
        assert side.read("s.log").count("No space left on device") == 1
        daemon.rpc.supervisor.clearProcessLogs("cat")
        daemon.rpc.supervisor.sendProcessStdin("cat", "again\n")
        wait_until(lambda: side.read("small/cat.log").endswith("again\n"), "writing again")
        assert "is written again" in side.read("s.log")
        daemon.stop()
    finally:
        subprocess.run(["umount", side.path("small")])


@candidate_only
def a_full_disk_in_a_flood(side):
    """Every byte of a flood is in the file or told to be lost, and writing resumes."""
    if os.getuid() != 0:
        raise Skip("needs root to mount a small file system")
    import subprocess
    folder, log = side.path("small"), side.path("small/flood.log")
    os.mkdir(folder)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("this machine does not allow mounting")
    try:
        daemon = side.start(HEAD + "[program:flood]\ncommand=/bin/sh -c 'while read x; do yes 0123456 | head -c $x; done'\n"
                            "stdout_logfile=@DIR@/small/flood.log\nstdout_logfile_maxbytes=0\nstartsecs=0\n")
        daemon.wait_state("flood", "RUNNING")
        daemon.rpc.supervisor.sendProcessStdin("flood", "20000000\n")
        wait_until(lambda: "No space left on device" in side.read("s.log"), "the report")
        subprocess.run(["mount", "-o", "remount,size=40m", folder], check=True)
        daemon.rpc.supervisor.sendProcessStdin("flood", "8\n")
        told = wait_until(lambda: re.search(r"is written again, (\d+) bytes were lost", side.read("s.log")), "writing again")
        wait_until(lambda: os.path.getsize(log) + int(told.group(1)) == 20000008, "all of it")
        assert side.read("s.log").count("No space left on device") == 1
        with open(log, "rb") as f:
            assert b"\0" not in f.read(), "a gap"
        daemon.stop()
    finally:
        subprocess.run(["umount", folder])


def _answers(port, question, beginning):
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as s:
            s.sendall(question)
            return s.recv(4096).startswith(beginning)
    except OSError:
        return False


@candidate_only
def memcached(side):
    if not shutil.which("memcached"):
        raise Skip("memcached is not installed")
    port = free_port()
    daemon = side.start(HEAD + "[program:memcached]\ncommand=memcached -u nobody -l 127.0.0.1 -p %d -U 0 -v\nstderr_logfile=@DIR@/err\nautorestart=true\n" % port)
    daemon.wait_state("memcached", "RUNNING")
    wait_until(lambda: _answers(port, b"version\r\n", b"VERSION "), "memcached to answer")
    _comes_back(daemon, "memcached")
    wait_until(lambda: _answers(port, b"version\r\n", b"VERSION "), "memcached to answer again")
    assert daemon.stop() == 0


@candidate_only
def php_fpm(side):
    """A master with workers that a stop must end gracefully, by its own signal."""
    import glob
    binaries = sorted(glob.glob("/usr/sbin/php-fpm*"))
    if not binaries:
        raise Skip("php-fpm is not installed")
    side.write("fpm.conf", "[global]\nerror_log=/dev/stderr\npid=@DIR@/fpm.pid\n[www]\nuser=nobody\ngroup=nogroup\nlisten=@DIR@/fpm.sock\npm=static\npm.max_children=3\n")
    daemon = side.start(HEAD + """
[program:php]
command=%s -F -R -y @DIR@/fpm.conf
stopsignal=QUIT
stderr_logfile=@DIR@/fpm.err
autorestart=unexpected
""" % binaries[-1])
    daemon.wait_state("php", "RUNNING")
    wait_until(lambda: "ready to handle connections" in side.read("fpm.err"), "php-fpm")
    daemon.rpc.supervisor.signalProcess("php", "USR2")
    wait_until(lambda: side.read("fpm.err").count("ready to handle connections") == 2, "its reload")
    assert daemon.rpc.supervisor.stopProcess("php")
    assert "stopped: php (exit status 0)" in side.read("s.log")
    assert daemon.stop() == 0


@candidate_only
def cron(side):
    if not os.path.exists("/usr/sbin/cron") or os.getuid() != 0:
        raise Skip("no cron, or not root")
    import subprocess
    if subprocess.run(["pgrep", "-x", "cron"], stdout=subprocess.DEVNULL).returncode == 0:
        raise Skip("cron runs already")
    daemon = side.start(HEAD + "[program:cron]\ncommand=/usr/sbin/cron -f\nautorestart=true\n")
    daemon.wait_state("cron", "RUNNING")
    _comes_back(daemon, "cron")
    assert daemon.rpc.supervisor.stopProcess("cron")
    assert daemon.stop() == 0


@candidate_only
def gunicorn(side):
    if not shutil.which("gunicorn"):
        raise Skip("gunicorn is not installed")
    port = free_port()
    side.write("app.py", "def app(environ, start_response):\n    start_response('200 OK', [('Content-Length', '5')])\n    return [b'hello']\n")
    daemon = side.start(HEAD + """
[program:web]
command=/usr/bin/python3 /usr/bin/gunicorn -b 127.0.0.1:%d -w 2 app:app
directory=@DIR@
redirect_stderr=true
stdout_logfile=@DIR@/web.log
stopasgroup=true
""" % port)
    daemon.wait_state("web", "RUNNING")
    wait_until(lambda: _answers(port, b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1."), "gunicorn to answer")
    daemon.rpc.supervisor.signalProcess("web", "HUP")
    wait_until(lambda: "Hang up" in side.read("web.log") or "Handling signal: hup" in side.read("web.log"), "the reload")
    wait_until(lambda: _answers(port, b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1."), "gunicorn to answer again")
    assert daemon.rpc.supervisor.stopProcess("web")
    assert not _answers(port, b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1.")
