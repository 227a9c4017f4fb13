"""One of the two implementations, with a folder of its own for one test."""

import os
import shutil
import subprocess
import tempfile

from .compare import mask
from .daemon import Daemon
from .ports import free_port


class Side:
    def __init__(self, name, bindir, candidate, reference):
        self.name = name
        # Where our binaries are, whoever plays: the listeners of the box run under both daemons.
        self.candidate = candidate
        self.supervisord = os.path.join(bindir, "supervisord")
        self.bindir = bindir
        # The client is always the stock one: it is what people have.
        self.supervisorctl = os.path.join(reference, "supervisorctl")
        self.dir = tempfile.mkdtemp(prefix="compat-")
        os.chmod(self.dir, 0o755)
        self.port = free_port()
        self.daemons = []

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "wb") as f:
            f.write(text if isinstance(text, bytes) else self.fill(text).encode())
        os.chmod(self.path(name), mode)
        return self.path(name)

    def read(self, name):
        try:
            with open(self.path(name), "rb") as f:
                return f.read().decode("utf-8", "backslashreplace")
        except FileNotFoundError:
            return "<no such file>"

    def fill(self, text):
        return text.replace("@DIR@", self.dir).replace("@PORT@", str(self.port))

    def start(self, conf, *args, **options):
        """Writes s.conf and starts a daemon on it in the foreground; waits until it answers."""
        self.write("s.conf", conf)
        daemon = Daemon(self, ["-c", self.path("s.conf"), *args], **options)
        self.daemons.append(daemon)
        daemon.wait_ready()
        return daemon

    def run(self, *args, stdin=None, timeout=30, env=None, cwd=None):
        """Runs supervisord to its end: 'rc', stdout and stderr in one text."""
        return self.capture([self.supervisord, *map(self.fill, args)], stdin, timeout, env, cwd)

    def ctl(self, *args, stdin=None, timeout=60):
        return self.capture([self.supervisorctl, "-c", self.path("s.conf"), *args], stdin, timeout)

    def capture(self, argv, stdin=None, timeout=30, env=None, cwd=None):
        done = subprocess.run(argv, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout,
                              env=env, cwd=cwd or self.dir)
        out, err = (self.mask(b.decode("utf-8", "backslashreplace")) for b in (done.stdout, done.stderr))
        return "status %d\n--- stdout\n%s--- stderr\n%s" % (done.returncode, out, err)

    def mask(self, text):
        return mask(text, self)

    def close(self, keep):
        for daemon in self.daemons:
            daemon.kill()
        if not keep:
            shutil.rmtree(self.dir, ignore_errors=True)
