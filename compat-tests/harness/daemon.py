"""A running supervisord and how to wait for what it does. Nothing here sleeps for a fixed time where a condition can be awaited."""

import http.client
import os
import signal
import socket
import subprocess
import time
import xmlrpc.client


def wait_until(condition, what, timeout=20.0):
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited %ss in vain for %s" % (timeout, what))
        time.sleep(0.02)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path):
        super().__init__()
        self._path = path

    def make_connection(self, host):
        return UnixConnection(self._path)


class Daemon:
    def __init__(self, side, args, env=None, stdin=subprocess.DEVNULL, stdout=None, **popen):
        self.side = side
        self.out = open(side.path("stdout.txt"), "ab")
        self.err = open(side.path("stderr.txt"), "ab")
        self.process = subprocess.Popen([side.supervisord, *args], stdin=stdin, stdout=self.out if stdout is None else stdout, stderr=self.err,
                                        env=env, cwd=side.dir, start_new_session=True, **popen)
        self.rpc = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=_UnixTransport(side.path("s.sock")))

    @property
    def pid(self):
        return self.process.pid

    def wait_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError("ended at once (%s): %s" % (self.process.returncode, self.side.read("stderr.txt")))
            try:
                return self.rpc.supervisor.getState()
            except (OSError, http.client.HTTPException):
                return None
        wait_until(ready, "an answer")

    def wait_state(self, name, *states, timeout=25.0):
        def reached():
            info = self.rpc.supervisor.getProcessInfo(name)
            return info["statename"] in states and (info["pid"] == 0 or self._is_itself(info["pid"]))
        return wait_until(reached, "%s to be %s" % (name, "/".join(states)), timeout)

    def _is_itself(self, pid):
        """The reference forks, and what is sent to the child before its exec is lost in a handler of the daemon's."""
        try:
            with open("/proc/%d/cmdline" % pid) as child, open("/proc/%d/cmdline" % self.pid) as own:
                return child.read() != own.read()
        except OSError:
            return True

    def send(self, number):
        os.kill(self.pid, number)

    def stop(self, number=signal.SIGTERM, timeout=30):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout)

    def kill(self):
        """Ends the daemon and, should it be stuck, everything in its session."""
        if self.process.poll() is None:
            try:
                self.stop(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.out.close()
        self.err.close()

    def log(self):
        return self.side.read("s.log")
