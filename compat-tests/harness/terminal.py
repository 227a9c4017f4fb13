"""A program on a pseudo-terminal, typed at and read like a person would."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time


class Terminal:
    def __init__(self, argv, rows=24, columns=80, env=None, cwd=None):
        self.master, slave = os.openpty()
        self.resize(rows, columns)
        self.seen = ""
        self._mark = 0
        self.before = termios.tcgetattr(slave)
        self._slave = slave

        def lead():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, preexec_fn=lead, cwd=cwd,
                                        env=dict(os.environ, TERM="xterm", **(env or {})))

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        """Types, and from now on waits for what comes after it."""
        self._read(0)
        self._mark = len(self.seen)
        os.write(self.master, keys.encode())

    def expect(self, text, timeout=20.0):
        """Waits until the text stands in what came since the last typing; escape sequences do not count."""
        end = time.monotonic() + timeout
        self._read(0)
        while text not in self.plain(self.seen[self._mark:]):
            if time.monotonic() > end:
                raise AssertionError("waited in vain for %r in %r" % (text, self.plain(self.seen[self._mark:])))
            self._read(0.05)
        return self.plain(self.seen[self._mark:])

    @staticmethod
    def plain(text):
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]", "", text)

    def restored(self):
        """Whether the terminal's settings are again what they were."""
        return termios.tcgetattr(self._slave) == self.before

    def wait(self, timeout=20.0):
        end = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.05)
        return self.process.wait(0.1)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self._slave)
        os.close(self.master)

    def _read(self, timeout):
        while select.select([self.master], [], [], timeout)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            if not data:
                return
            self.seen += data.decode("utf-8", "replace")
            timeout = 0
