#!/usr/bin/env python3
"""Random operations by a client with a model of what each of them must lead to, checked after every step.

    soak.py [--candidate DIR] [--seconds N] [--seed N] [--report FILE] [--keep]

The same seed plays the same operations. Ends at the first mismatch with status 1, and tells seed, step and operation. Otherwise the daemon's
descriptors, threads, memory and children, taken with everything stopped, must be at the end what they were at the start.
"""

import argparse
import collections
import http.client
import json
import os
import random
import signal
import socket
import sys
import time
import xmlrpc.client

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from harness import Daemon, Side  # noqa: E402
from harness.daemon import _UnixTransport  # noqa: E402
from reliability import gauges  # noqa: E402
from reliability.soak_world import KINDS, LISTENER, World, size_of  # noqa: E402

PATIENCE = 60
CHECKPOINT = 150
LEGAL = {("STOPPED", "STARTING"), ("EXITED", "STARTING"), ("FATAL", "STARTING"), ("BACKOFF", "STARTING"), ("STARTING", "BACKOFF"),
         ("STARTING", "RUNNING"), ("BACKOFF", "FATAL"), ("RUNNING", "EXITED"), ("STARTING", "STOPPING"), ("RUNNING", "STOPPING"),
         ("BACKOFF", "STOPPED"), ("STOPPING", "STOPPED")}


class Mismatch(Exception):
    pass


class Ears:
    """The event listener's notes: every process must walk along legal transitions without a gap."""

    def __init__(self, path):
        self.path, self.offset, self.last, self.starts, self.count = path, 0, {}, 0, 0

    def read(self):
        try:
            with open(self.path) as f:
                f.seek(self.offset)
                text = f.read()
        except FileNotFoundError:
            return
        text = text[:text.rfind("\n") + 1]
        self.offset += len(text)
        for line in text.splitlines():
            self.take(line)

    def take(self, line):
        if line == "START":
            self.starts += 1
            self.last.clear()
            return
        self.count += 1
        name, _, body = line.split(" ", 2)
        fields = dict(p.split(":", 1) for p in body.split())
        if name.startswith("PROCESS_GROUP"):
            for key in [k for k in self.last if k[0] == fields["groupname"]]:
                del self.last[key]
            return
        key, to = (fields["groupname"], fields["processname"]), name.rsplit("_", 1)[1]
        source = fields["from_state"]
        if (source, to) not in LEGAL:
            raise Mismatch("event of an illegal transition: " + line)
        if key in self.last and self.last[key] != source:
            raise Mismatch("event %r after %s" % (line, self.last[key]))
        self.last[key] = to


class Soak:
    def __init__(self, options):
        self.random = random.Random(options.seed)
        self.world = World(self.random)
        self.side = Side("candidate", options.candidate, options.candidate, options.candidate)
        self.side.write("listener.py", LISTENER)
        self.ears = Ears(self.side.path("events.txt"))
        self.write_config()
        self.activate_all()
        self.daemon = Daemon(self.side, ["-s", "-c", self.side.path("s.conf")])
        self.side.daemons.append(self.daemon)
        self.idle = []
        self.counts = collections.Counter()
        self.samples = []
        self.step = 0
        self.lives = 1
        self.connect()
        self.daemon.wait_ready()
        self.check()

    def connect(self):
        self.rpc = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=_UnixTransport(self.side.path("s.sock"))).supervisor

    def write_config(self):
        self.side.write("new.conf", self.world.config())
        os.rename(self.side.path("new.conf"), self.side.path("s.conf"))

    def log_of(self, process):
        return self.side.path(process.program.name + ".out")

    def call(self, method, *arguments):
        try:
            return getattr(self.rpc, method)(*arguments)
        except xmlrpc.client.Fault as fault:
            return fault.faultCode

    def want(self, expected, method, *arguments):
        got = self.call(method, *arguments)
        accepted = expected if isinstance(expected, tuple) else (expected,)
        if not any(got == e and type(got) is type(e) for e in accepted):
            raise Mismatch("%s%r answered %r, not %r" % (method, arguments, got, expected))
        return got

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > end:
                raise Mismatch("waited %d s in vain for %s" % (PATIENCE, what() if callable(what) else what))
            time.sleep(0.01)

    # The model's side of starts and ends

    def begins(self, process):
        """Before anything that starts it."""
        process.state = KINDS[process.program.kind][2]
        process.old_pid, process.pid = process.pid or process.old_pid, 0
        process.quiet_until = size_of(self.log_of(process)) if process.program.kind == "talker" else None

    def stops(self, process):
        process.old_pid, process.pid, process.state = process.pid or process.old_pid, 0, "STOPPED"

    def activate_all(self):
        self.world.active.clear()
        for group in self.world.groups(self.world.configured.values()):
            self.activate(group)

    def activate(self, group):
        for process in self.world.activate(group):
            if process.program.autostart:
                self.begins(process)

    # Checks

    def differences(self):
        found = {"%s:%s" % (i["group"], i["name"]): i for i in self.rpc.getAllProcessInfo()}
        wrong = []
        if found.pop("ears:ears", {}).get("statename") != "RUNNING":
            wrong.append("the listener does not run")
        if set(found) != set(self.world.active):
            return ["processes: only shown %s, only expected %s" % (sorted(set(found) - set(self.world.active)),
                                                                   sorted(set(self.world.active) - set(found)))]
        for name, process in self.world.active.items():
            info = found[name]
            if info["statename"] != process.state:
                wrong.append("%s is %s, not %s (%s)" % (name, info["statename"], process.state, process.program.kind))
            elif process.state != "RUNNING":
                if info["pid"]:
                    wrong.append("%s: pid %d in %s" % (name, info["pid"], process.state))
            elif process.pid:
                if info["pid"] != process.pid:
                    raise Mismatch("%s: pid %d became %d by itself" % (name, process.pid, info["pid"]))
            elif info["pid"] == process.old_pid:
                wrong.append("%s: still the old pid %d" % (name, process.old_pid))
        if not wrong:
            for name, process in self.world.active.items():
                process.pid = found[name]["pid"]
        return wrong

    def check(self):
        self.wait(lambda: not self.differences(), lambda: "; ".join(self.differences()))
        for name, process in self.world.active.items():
            if process.quiet_until is not None:
                # What has not set its trap yet dies of the signal.
                self.wait(lambda: size_of(self.log_of(process)) > process.quiet_until, name + " to be ready")
                process.quiet_until = None
            if process.state == "RUNNING":
                try:
                    os.kill(process.pid, 0)
                except ProcessLookupError:
                    raise Mismatch("%s: no process has pid %d" % (name, process.pid))
        self.wait(self.heard, lambda: "the last events: %s" % self.unheard())

    def unheard(self):
        return [(k, s) for k, s in self.ears.last.items()
                if "%s:%s" % k in self.world.active and self.world.active["%s:%s" % k].state != s]

    def heard(self):
        self.ears.read()
        return self.ears.starts >= self.lives and not self.unheard()

    # Operations: each does something, says what it must answer, and tells the model

    def op_start(self):
        p = self.world.pick()
        self.start(p, self.random.random() < 0.7)

    def start(self, p, wait=True):
        name = p.program.full_name
        if p.state == "RUNNING":
            self.want(60, "startProcess", name, wait)
            return
        self.begins(p)
        self.want({"EXITED": (True, 40), "FATAL": (True, 50, 40) if not wait else (50, 40)}.get(p.state, (True,)), "startProcess", name, wait)

    def op_stop(self):
        p = self.world.pick()
        self.stop(p, self.random.random() < 0.7)

    def stop(self, p, wait=True):
        if p.state != "RUNNING":
            self.want(70, "stopProcess", p.program.full_name, wait)
            return
        self.want(True, "stopProcess", p.program.full_name, wait)
        self.stops(p)

    def op_restart(self):
        p = self.world.pick(lambda p: p.state == "RUNNING")
        if p:
            self.stop(p)
            self.start(p)

    def op_burst(self):
        p = self.world.pick(lambda p: p.state == "STOPPED" and KINDS[p.program.kind][2] == "RUNNING" and p.program.kind != "talker")
        if p:
            for _ in range(self.random.randint(1, 3)):
                self.want(True, "startProcess", p.program.full_name, False)
                self.want(True, "stopProcess", p.program.full_name, True)
            self.stops(p)

    def op_group(self):
        groups = self.world.active_groups()
        if groups:
            group = self.random.choice(sorted(groups))
            self.many("%sProcessGroup", (group,), groups[group])

    def op_all(self):
        self.many("%sAllProcesses", (), list(self.world.active.values()))

    def many(self, method, arguments, processes):
        if self.random.random() < 0.5:
            touched = [p for p in processes if p.state != "RUNNING"]
            for p in touched:
                self.begins(p)
            answer = self.call(method % "start", *arguments, True)
            good = {"EXITED": (80, 40), "FATAL": (50, 40)}
        else:
            touched = [p for p in processes if p.state == "RUNNING"]
            answer = self.call(method % "stop", *arguments, True)
            for p in touched:
                self.stops(p)
            good = {}
        if arguments == ():
            answer = [a for a in answer if a["group"] != "ears"]
            if method.startswith("%sAll") and good == {}:
                # The listener was stopped with all the others.
                self.lives += 1
                self.want(True, "startProcess", "ears:ears")
        names = {p.program.full_name: p for p in touched}
        if {"%s:%s" % (a["group"], a["name"]) for a in answer} != set(names):
            raise Mismatch("%s%r answered about %r, not %r" % (method, arguments, answer, sorted(names)))
        for a in answer:
            if a["status"] not in good.get(names["%s:%s" % (a["group"], a["name"])].state, (80,)):
                raise Mismatch("%s%r: %r" % (method, arguments, a))

    def op_kill(self):
        p = self.world.pick(lambda p: p.state == "RUNNING")
        if p:
            self.begins(p)
            if self.random.random() < 0.5:
                os.kill(p.old_pid, signal.SIGKILL)
            else:
                self.want(True, "signalProcess", p.program.full_name, "KILL")

    def op_kill_many(self):
        for p in list(self.world.active.values()):
            if p.state == "RUNNING" and self.random.random() < 0.7:
                self.begins(p)
                os.kill(p.old_pid, signal.SIGKILL)

    def op_freeze_and_stop(self):
        p = self.world.pick(lambda p: p.state == "RUNNING" and p.program.kind == "stubborn")
        if p:
            os.kill(p.pid, signal.SIGSTOP)
            self.stop(p)

    def op_signal(self):
        p = self.world.pick(lambda p: p.program.kind == "talker")
        if not p:
            return
        if p.state != "RUNNING":
            self.want(70, "signalProcess", p.program.full_name, "USR1")
            return
        before = size_of(self.log_of(p))
        self.want(True, "signalProcess", p.program.full_name, "USR1")
        self.wait(lambda: size_of(self.log_of(p)) == before + 5, "a line of " + p.program.full_name)
        self.want("said\n", "readProcessStdoutLog", p.program.full_name, before, 0)
        self.want(10, "signalProcess", "nobody", "USR1")
        self.want(11, "signalProcess", p.program.full_name, "NONSENSE")

    def op_stdin(self):
        p = self.world.pick(lambda p: p.program.kind == "cat")
        if not p:
            return
        text = "%08x\n" % self.random.getrandbits(32) * self.random.choice([1, 1, 1, 5000])
        if p.state != "RUNNING":
            self.want(70, "sendProcessStdin", p.program.full_name, text)
            return
        before = size_of(self.log_of(p))
        self.want(True, "sendProcessStdin", p.program.full_name, text)
        self.wait(lambda: size_of(self.log_of(p)) == before + len(text), "the echo of " + p.program.full_name)
        self.want(text[-9:], "readProcessStdoutLog", p.program.full_name, -9, 0)

    def op_tail(self):
        p = self.world.pick()
        path, name = self.log_of(p), p.program.full_name
        if p.program.kind == "flooder" or not os.path.exists(path):
            return
        size = size_of(path)
        text, offset, overflow = self.call("tailProcessStdoutLog", name, 0, 1000)
        with open(path) as f:
            f.seek(max(0, size - 1000))
            if (text, offset, overflow) != (f.read(), size, size > 1000):
                raise Mismatch("tail of %s: %r" % (name, (text[-50:], offset, overflow)))

    def op_clear(self):
        p = self.world.pick(lambda p: p.state == "RUNNING" and p.program.kind in ("cat", "sleeper", "talker"))
        if p:
            self.want(True, "clearProcessLogs", p.program.full_name)
            if size_of(self.log_of(p)):
                raise Mismatch("%s: a cleared log is not empty" % p.program.full_name)

    def op_clear_daemon_log(self):
        self.want(True, "clearLog")

    def op_reopen(self):
        os.rename(self.side.path("s.log"), self.side.path("s.log.moved"))
        self.daemon.send(signal.SIGUSR2)
        self.wait(lambda: os.path.exists(self.side.path("s.log")), "a new log after SIGUSR2")

    def op_remove(self):
        groups = self.world.active_groups()
        if not groups:
            return
        group = self.random.choice(sorted(groups))
        if any(p.state == "RUNNING" for p in groups[group]):
            self.want(91, "removeProcessGroup", group)
        self.take_down(group)
        self.want(10, "removeProcessGroup", group)

    def take_down(self, group):
        answer = self.call("stopProcessGroup", group)
        if any(a["status"] != 80 for a in answer):
            raise Mismatch("stopProcessGroup %s: %r" % (group, answer))
        self.want(True, "removeProcessGroup", group)
        self.world.forget(group)

    def op_edit(self):
        r, configured = self.random, self.world.configured
        for _ in range(r.randint(1, 3)):
            name = r.choice(sorted(configured))
            what = r.random()
            if what < 0.3 and len(configured) < 24:
                self.world.new_program()
            elif what < 0.5 and len(configured) > 10:
                del configured[name]
            elif what < 0.7:
                configured[name].kind = r.choice(list(KINDS))
            elif what < 0.85:
                configured[name].group = r.choice([None, "ga", "gb"])
            else:
                configured[name].autostart = not configured[name].autostart
        self.write_config()

    def reread(self):
        added, changed, removed = self.world.expected_changes()
        answer = self.call("reloadConfig")
        got = tuple(set(x) for x in answer[0])
        if got != (added, changed, removed):
            raise Mismatch("reloadConfig answered %r, not %r" % (answer, (added, changed, removed)))
        return added, changed, removed

    def op_reread(self):
        self.reread()

    def op_update(self):
        added, changed, removed = self.reread()
        for group in sorted(removed | changed):
            self.take_down(group)
        for group in sorted(added | changed):
            self.activate(group)
            self.want(True, "addProcessGroup", group)
            self.want(90, "addProcessGroup", group)

    def op_broken_config(self):
        with open(self.side.path("s.conf"), "a") as f:
            f.write(self.random.choice(["[program:broken]\n", "no section and no sense\n", "[program:x]\ncommand=/bin/%(nonsense)s\n",
                                        "[program:x]\ncommand=/bin/true\nstartsecs=soon\n"]))
        self.want(92, "reloadConfig")
        self.want(92, "restart")
        before = self.daemon.log().count("not restarted")
        self.daemon.send(signal.SIGHUP)
        self.wait(lambda: self.daemon.log().count("not restarted") > before, "a refusal of the restart")
        self.write_config()

    def op_reload(self):
        self.lives += 1
        for p in self.world.active.values():
            self.stops(p)
        old = self.world.active
        self.world.active = {}
        for group in self.world.groups(self.world.configured.values()):
            self.activate(group)
        for name, p in self.world.active.items():
            if name in old:
                p.old_pid = old[name].old_pid
        if self.random.random() < 0.5:
            self.want(True, "restart")
        else:
            self.daemon.send(signal.SIGHUP)
        self.wait(self.answers_again, "an answer after the restart")

    def answers_again(self):
        self.ears.read()
        if self.ears.starts < self.lives:
            return False
        try:
            self.connect()
            return self.rpc.getState()["statename"] == "RUNNING"
        except (OSError, xmlrpc.client.Error, http.client.HTTPException):
            return False

    def op_rude_client(self):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(PATIENCE)
        s.connect(self.side.path("s.sock"))
        s.sendall(self.random.choice([b"", b"POST /RPC2 HTTP/1.1\r\n", b"\x00\xff" * 50, b"GET /", b"POST /RPC2 HTTP/1.1\r\nContent-Length: 99999\r\n\r\n<?xml",
                                      b"GET /logtail/nobody HTTP/1.1\r\n\r\n", b"\r\n" * 100]))
        self.idle.append(s)
        if len(self.idle) > 10:
            self.idle.pop(0).close()

    def op_multicall(self):
        names = [self.random.choice(list(self.world.active) + ["nobody"]) for _ in range(30)] if self.world.active else []
        calls = [{"methodName": "supervisor.getProcessInfo", "params": [n]} for n in names]
        proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=_UnixTransport(self.side.path("s.sock")))
        for name, answer in zip(names, proxy.system.multicall(calls)):
            if name == "nobody":
                if answer.get("faultCode") != 10:
                    raise Mismatch("multicall: %r" % answer)
            elif answer["statename"] != self.world.active[name].state:
                raise Mismatch("multicall: %r" % answer)
        proxy("close")()

    def op_daemon_stopped_and_continued(self):
        self.daemon.send(signal.SIGSTOP)
        time.sleep(0.2)
        self.daemon.send(signal.SIGCONT)

    WEIGHTS = {"start": 14, "stop": 10, "restart": 6, "burst": 4, "group": 6, "all": 1, "kill": 14, "kill_many": 3, "freeze_and_stop": 3, "signal": 8,
               "stdin": 8, "tail": 6, "clear": 4, "clear_daemon_log": 1, "reopen": 1, "remove": 3, "edit": 6, "reread": 3, "update": 6,
               "broken_config": 1, "reload": 2, "rude_client": 4, "multicall": 3, "daemon_stopped_and_continued": 1}

    def one_step(self):
        self.step += 1
        name = self.random.choices(list(self.WEIGHTS), list(self.WEIGHTS.values()))[0]
        self.current = name
        self.counts[name] += 1
        getattr(self, "op_" + name)()
        self.check()

    def checkpoint(self):
        """Everything stopped and all clients gone: what the daemon holds now must always be the same."""
        self.current = "checkpoint"
        for s in self.idle:
            s.close()
        self.idle.clear()
        for p in list(self.world.active.values()):
            if p.state == "RUNNING":
                self.stop(p)
        self.check()
        sample = gauges.all_of(self.daemon.pid)
        if self.samples:
            first = self.samples[0]

            def same():
                sample.update(gauges.all_of(self.daemon.pid))
                return sample["descriptors"] <= first["descriptors"] and sample["children"] == 1 and sample["zombies"] == 0
            self.wait(same, lambda: "what is held to be %r again, it is %r" % (first, sample))
        sample["seconds"] = round(time.monotonic() - self.began)
        sample["steps"] = self.step
        self.samples.append(sample)
        print("%(seconds)6d s %(steps)7d steps  %(descriptors)d descriptors  %(threads)d threads  %(resident_kib)d KiB resident  "
              "%(children)d child  %(zombies)d zombies" % sample, flush=True)

    def run(self, seconds):
        self.began = time.monotonic()
        self.checkpoint()
        while time.monotonic() - self.began < seconds:
            self.one_step()
            if self.step % CHECKPOINT == 0:
                self.checkpoint()
        self.checkpoint()
        return self.verdict()

    def verdict(self):
        """Memory may settle in the first quarter; after it no later quarter may need a tenth more."""
        quarter = max(1, len(self.samples) // 4)
        middle = sorted(s["resident_kib"] for s in self.samples[quarter:2 * quarter] or self.samples)
        end = sorted(s["resident_kib"] for s in self.samples[-quarter:])
        second, last = middle[len(middle) // 2], end[len(end) // 2]
        problems = []
        if len(self.samples) >= 8 and last > second * 1.1:
            problems.append("memory grew from %d KiB to %d KiB" % (second, last))
        if len(self.samples) >= 8 and self.samples[-1]["threads"] > max(s["threads"] for s in self.samples[:quarter * 2]) + 2:
            problems.append("threads grew to %d" % self.samples[-1]["threads"])
        return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default=os.path.join(os.path.dirname(os.path.dirname(HERE)), "out"))
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", help="write the figures as JSON")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    options.candidate = os.path.abspath(options.candidate)
    soak = Soak(options)
    soak.current = "start"
    problems = []
    try:
        problems = soak.run(options.seconds)
    except Exception as e:
        problems = ["seed %d, step %d, %s: %s: %s" % (options.seed, soak.step, soak.current, type(e).__name__, e)]
        if not isinstance(e, Mismatch):
            import traceback
            traceback.print_exc()
        print(soak.daemon.log()[-3000:])
    result = {"seed": options.seed, "seconds": round(time.monotonic() - soak.began), "steps": soak.step, "operations": dict(soak.counts),
              "events": soak.ears.count, "mismatches": len(problems), "problems": problems, "samples": soak.samples}
    if options.report:
        with open(options.report, "w") as f:
            json.dump(result, f, indent=1)
    for problem in problems:
        print("MISMATCH " + problem)
    print("%d steps in %d s, %d events, %d mismatches" % (soak.step, result["seconds"], soak.ears.count, len(problems)))
    soak.side.close(options.keep or bool(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
