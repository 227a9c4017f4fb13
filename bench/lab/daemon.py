"""One supervisord in a folder of its own, with a unix and an inet server."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import xmlrpc.client

HEAD = """[unix_http_server]
file={dir}/s.sock
[inet_http_server]
port=127.0.0.1:{port}
[supervisord]
logfile={dir}/supervisord.log
pidfile={dir}/supervisord.pid
childlogdir={dir}
minfds=4096
nodaemon=true
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{dir}/s.sock
"""


def wait_until(condition, what, limit=120.0, pause=0.002):
    end = time.perf_counter() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.perf_counter() > end:
            raise RuntimeError("waited %d s in vain for %s" % (limit, what))
        time.sleep(pause)


class _Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class _Transport(xmlrpc.client.Transport):
    """Keeps its connection."""

    def __init__(self, path):
        super().__init__()
        self._path = path

    def make_connection(self, host):
        if not self._connection or self._connection[0] != host:
            self._connection = host, _Connection(self._path)
        return self._connection[1]


class Daemon:
    def __init__(self, side, body=""):
        self.dir = tempfile.mkdtemp(prefix="bench-")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.conf = self.path("supervisord.conf")
        with open(self.conf, "w") as f:
            f.write(HEAD.format(dir=self.dir, port=self.port) + body.replace("@DIR@", self.dir))
        self.rpc = xmlrpc.client.ServerProxy("http://localhost/RPC2", transport=_Transport(self.path("s.sock")))
        self.began = time.perf_counter()
        self.process = subprocess.Popen([side.supervisord, "-n", "-c", self.conf], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid

    def path(self, name):
        return os.path.join(self.dir, name)

    def since_start(self):
        return time.perf_counter() - self.began

    def wait_ready(self):
        """Until the first call is answered."""
        def answers():
            if self.process.poll() is not None:
                raise RuntimeError("supervisord has ended with status %d" % self.process.returncode)
            if not os.path.exists(self.path("s.sock")):
                return False
            try:
                return self.rpc.supervisor.getState()
            except (OSError, http.client.HTTPException):
                self.rpc("close")()
                return False
        wait_until(answers, "the daemon")
        return self.since_start()

    def wait_states(self, wanted, count, pause=0.01):
        def reached():
            infos = self.rpc.supervisor.getAllProcessInfo()
            return sum(i["statename"] == wanted for i in infos) >= count
        wait_until(reached, "%d programs in state %s" % (count, wanted), 300, pause)
        return self.since_start()

    def wait_logged(self, text, count, what):
        """Until the daemon has told so often of something: who asks it takes part of what is measured."""
        with open(self.path("supervisord.log")) as log:
            left, line = count, ""

            def told():
                nonlocal left, line
                *lines, line = (line + log.read()).split("\n")
                left -= sum(text in told for told in lines)
                return left <= 0
            wait_until(told, what, 300)
        return self.since_start()

    def stop(self):
        """Returns how long the end took, in seconds."""
        began = time.perf_counter()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        took = time.perf_counter() - began
        with contextlib.suppress(Exception):
            self.rpc("close")()
        shutil.rmtree(self.dir, ignore_errors=True)
        return took


@contextlib.contextmanager
def running(side, body="", count=0):
    """A daemon that answers and whose programs run."""
    daemon = Daemon(side, body)
    try:
        daemon.wait_ready()
        if count:
            daemon.wait_states("RUNNING", count)
        yield daemon
    finally:
        daemon.stop()


def sleepers(count, options=""):
    return """[program:p]
command=/bin/sleep 100000
process_name=%%(process_num)04d
numprocs=%d
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
""" % count + options
