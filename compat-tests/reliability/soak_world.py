"""The soak's model: what is configured, what is active, and what each process must look like."""

import os

# What a program of each kind does, and where a start leads.
KINDS = {
    # kind: (shell text, options, state after a start, restarted when killed)
    "sleeper": ("exec sleep 1000000", "startsecs=0", "RUNNING"),
    "cat": ("exec cat", "startsecs=0", "RUNNING"),
    "stubborn": ("trap '' TERM; while :; do sleep 1; done", "startsecs=0\nstopwaitsecs=1\nkillasgroup=true", "RUNNING"),
    "talker": ("trap 'echo said' USR1; echo ready; while :; do sleep 5 & wait $!; done",
               "startsecs=0\nstopasgroup=true\nkillasgroup=true", "RUNNING"),
    "steady": ("exec sleep 1000000", "startsecs=1", "RUNNING"),
    "quitter": ("exit 0", "startsecs=0\nautorestart=false", "EXITED"),
    "crasher": ("exit 3", "startsecs=1\nstartretries=0\nautorestart=false", "FATAL"),
    "flooder": ("head -c 300000 /dev/zero | tr '\\0' x; echo; exec sleep 1000000", "startsecs=0\nstopasgroup=true\nstdout_logfile_maxbytes=100KB", "RUNNING"),
}

LISTENER = r'''
import os, sys
out = open(sys.argv[1], "a", buffering=1)
out.write("START\n")
while True:
    sys.stdout.write("READY\n"); sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        break
    head = dict(p.split(":", 1) for p in line.split())
    body = sys.stdin.read(int(head["len"]))
    out.write(head["eventname"] + " " + head["serial"] + " " + body.strip().replace("\n", " ") + "\n")
    sys.stdout.write("RESULT 2\nOK"); sys.stdout.flush()
'''


class Program:
    """One configured program; equal texts are the same configuration."""

    def __init__(self, name, kind, group, autostart, priority):
        self.name, self.kind, self.group, self.autostart, self.priority = name, kind, group, autostart, priority

    @property
    def group_name(self):
        return self.group or self.name

    @property
    def full_name(self):
        return "%s:%s" % (self.group_name, self.name)

    def text(self):
        command, options, _ = KINDS[self.kind]
        return ("[program:%s]\ncommand=/bin/sh -c \"%s\"\n%s\nautostart=%s\npriority=%d\nstdout_logfile=@DIR@/%s.out\nredirect_stderr=true\n"
                % (self.name, command, options, "true" if self.autostart else "false", self.priority, self.name))

    def copy(self):
        return Program(self.name, self.kind, self.group, self.autostart, self.priority)


class Process:
    """What the model holds of one active process."""

    def __init__(self, program, state):
        self.program = program
        self.state = state
        self.pid = 0
        self.old_pid = 0
        self.quiet_until = None


class World:
    def __init__(self, random):
        self.random = random
        self.configured = {}
        self.active = {}  # full name -> Process
        self.next_number = 0
        for kind in KINDS:
            self.new_program(kind)
        for _ in range(8):
            self.new_program()

    def new_program(self, kind=None):
        r = self.random
        self.next_number += 1
        program = Program("p%d" % self.next_number, kind or r.choice(list(KINDS)), r.choice([None, None, "ga", "gb"]),
                          r.random() < 0.6, r.choice([1, 500, 999]))
        self.configured[program.name] = program
        return program

    def config(self):
        parts = ["[supervisord]\nlogfile=@DIR@/s.log\npidfile=@DIR@/s.pid\nchildlogdir=@DIR@\nnodaemon=true\nloglevel=info\n"
                 "logfile_maxbytes=1MB\nlogfile_backups=2\n[unix_http_server]\nfile=@DIR@/s.sock\n"
                 "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n"
                 "[eventlistener:ears]\ncommand=/usr/bin/python3 -S -E @DIR@/listener.py @DIR@/events.txt\nevents=PROCESS_STATE,PROCESS_GROUP\n"
                 "buffer_size=100000\nstartsecs=0\nstderr_logfile=@DIR@/ears.err\n"]
        for program in self.configured.values():
            parts.append(program.text())
        for group, members in self.groups(self.configured.values()).items():
            if members[0].group:
                parts.append("[group:%s]\nprograms=%s\n" % (group, ",".join(p.name for p in members)))
        return "\n".join(parts)

    @staticmethod
    def groups(programs):
        groups = {}
        for program in programs:
            groups.setdefault(program.group_name, []).append(program)
        return groups

    def active_groups(self):
        groups = {}
        for process in self.active.values():
            groups.setdefault(process.program.group_name, []).append(process)
        return groups

    def expected_changes(self):
        """What reread must answer: sets of added, changed and removed names."""
        now = {g: sorted(p.text() for p in ps) for g, ps in self.groups(self.configured.values()).items()}
        old = {g: sorted(p.program.text() for p in ps) for g, ps in self.active_groups().items()}
        return ({g for g in now if g not in old}, {g for g in now if g in old and now[g] != old[g]}, {g for g in old if g not in now})

    def activate(self, group):
        """The group as now configured becomes active, with its autostart programs started."""
        for program in self.groups(self.configured.values())[group]:
            program = program.copy()
            process = Process(program, KINDS[program.kind][2] if program.autostart else "STOPPED")
            self.active[program.full_name] = process
            yield process

    def forget(self, group):
        for name in [n for n, p in self.active.items() if p.program.group_name == group]:
            del self.active[name]

    def pick(self, condition=lambda p: True):
        fitting = [p for p in self.active.values() if condition(p)]
        return self.random.choice(fitting) if fitting else None


def size_of(path):
    try:
        return os.path.getsize(path)
    except OSError:
        return 0
