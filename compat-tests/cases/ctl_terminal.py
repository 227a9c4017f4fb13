"""supervisorctl under human fingers: a pseudo-terminal, against both daemons (CTL-020..023, CTL-040)."""

import os
import shutil
import signal
import subprocess

from harness import Skip, Terminal, both, candidate_only, wait_until
from ._conf import HEAD

CONF = HEAD.replace("[supervisorctl]\n", "[supervisorctl]\nhistory_file=@DIR@/history\n") + """
[program:cat]
command=/bin/cat
startsecs=0
[program:talk]
command=/bin/sh -c "while :; do echo tick; sleep 0.1; done"
startsecs=0
[program:alpha]
command=/bin/sleep 1000
process_name=%(program_name)s_%(process_num)d
numprocs=2
startsecs=0
autostart=false
"""


def _ctl(side, *args, **options):
    return Terminal([os.path.join(side.candidate, "supervisorctl"), "-c", side.path("s.conf"), *args], cwd=side.dir, **options)


@both
def session(side):
    """Our client in a session of its own with each of the daemons: both must do for it."""
    daemon = side.start(CONF)
    for name in ("cat", "talk"):
        daemon.wait_state(name, "RUNNING")
    t = _ctl(side)
    try:
        t.expect("supervisor> ")
        # Completion: of a command, of a name, of a group's processes, and the list of what is possible.
        t.type("sta\t")
        t.expect("sta")
        t.type("\t")
        t.expect("start")
        t.expect("status")
        t.type("r\talp\t")
        t.expect("alpha:")
        t.type("*\r")
        listing = t.expect("alpha:alpha_1: started")
        # History: up, and search.
        t.type("status cat\r")
        t.expect("RUNNING")
        t.type("\x1b[A\x1b[A")
        t.expect("start alpha:*")
        t.type("\x15version\r")
        t.expect("4.")
        t.type("\x12ta")
        t.expect("status cat")
        t.type("\r")
        t.expect("cat                              RUNNING")
        # Editing in the middle, an unknown word.
        t.type("nosuch\x01x\x05y\r")
        t.expect("*** Unknown syntax: xnosuchy")
        # tail -f until Ctrl-C, then the prompt is back.
        t.type("tail -f talk\r")
        t.expect("tick\r\ntick")
        t.type("\x03")
        t.expect("supervisor> ")
        # fg: what is typed reaches the process, what it says comes back, Ctrl-C lets go of it.
        t.type("fg cat\r")
        t.expect("Press Ctrl-C to exit")
        t.type("hello there\r")
        wait_until(lambda: t.expect("hello there\r\n").count("hello there\r\n") == 2, "the echo of cat")
        t.type("\x03")
        t.expect("supervisor> ")
        t.type("pid cat\r")
        t.expect("\n%d\r\n" % daemon.rpc.supervisor.getProcessInfo("cat")["pid"])
        # A narrower window: a long line scrolls.
        t.resize(24, 30)
        t.type("status " + "x" * 60 + "\r")
        t.expect("x: ERROR (no such process)")
        # A server that dies and comes back.
        daemon.stop()
        t.type("status\r")
        t.expect("no such file")
        t.type("exit\r")
        status = t.wait()
        assert t.restored(), "the terminal is left in another mode"
        history = side.read("history").splitlines()
        return {"listing": "alpha:alpha_0: started" in listing and "yes" or listing, "status": str(status), "history": "\n".join(history)}
    finally:
        t.close()


@candidate_only
def interrupt_at_the_prompt(side):
    side.start(CONF).wait_state("cat", "RUNNING")
    for keys in ("\x03", "\x04", "quit\r", "status c\x03"):
        t = _ctl(side)
        try:
            t.expect("supervisor> ")
            t.type(keys)
            assert t.wait() == 0, keys
            assert t.restored(), keys
        finally:
            t.close()


@candidate_only
def colours_only_where_they_are_welcome(side):
    side.start(CONF).wait_state("cat", "RUNNING")
    for env, coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
        t = _ctl(side, "status", "cat", env=None if env.get("TERM") else env)
        if env.get("TERM"):
            t.close()
            t = Terminal(["/usr/bin/env", "TERM=dumb", os.path.join(side.candidate, "supervisorctl"), "-c", side.path("s.conf"), "status", "cat"])
        try:
            t.expect("uptime")
            t.wait()
            assert ("\x1b[32m" in t.seen) == coloured, (env, t.seen)
        finally:
            t.close()


@candidate_only
def watch_until_interrupted(side):
    daemon = side.start(CONF)
    daemon.wait_state("cat", "RUNNING")
    t = _ctl(side, "status", "--watch=0.1", "cat")
    try:
        t.expect("RUNNING")
        daemon.rpc.supervisor.stopProcess("cat")
        t.expect("STOPPED")
        t.process.send_signal(signal.SIGINT)
        assert t.wait() == 3
        assert t.restored()
    finally:
        t.close()


@candidate_only
def completion_in_bash_and_fish(side):
    side.start(CONF).wait_state("cat", "RUNNING")
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "conf", "completions")
    ctl = os.path.join(side.candidate, "supervisorctl")

    def bash(line):
        words = line.split(" ")
        script = 'source "$1"; COMP_WORDS=("${@:2}"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _supervisorctl; printf "%s\\n" "${COMPREPLY[@]}"'
        return subprocess.run(["bash", "--norc", "-c", script, "-", folder + "/supervisorctl.bash", ctl, "-c", side.path("s.conf"), *words],
                              capture_output=True, text=True, check=True).stdout.split()
    assert bash("stat") == ["status"], bash("stat")
    assert bash("start al") == ["alpha:*", "alpha:alpha_0", "alpha:alpha_1"], bash("start al")
    assert bash("update a") == ["alpha"], bash("update a")
    assert bash("status --") == ["--json", "--watch"], bash("status --")
    if shutil.which("fish"):
        env = dict(os.environ, PATH=side.candidate + ":" + os.environ["PATH"], HOME=side.dir)
        out = subprocess.run(["fish", "--no-config", "-c", "source %s/supervisorctl.fish; complete -C 'supervisorctl -c %s start al'" % (folder, side.path("s.conf"))],
                             capture_output=True, text=True, env=env, check=True).stdout
        assert "alpha:alpha_1" in out and "alpha:*" in out, out
    for shell, name in (("bash", "supervisorctl.bash"), ("zsh", "_supervisorctl"), ("fish", "supervisorctl.fish")):
        if shutil.which(shell):
            subprocess.run([shell, "-n", os.path.join(folder, name)], check=True)


@candidate_only
def ansible_module(side):
    """Ansible's module reads what supervisorctl prints and how it ends."""
    if not shutil.which("ansible"):
        raise Skip("no ansible")
    daemon = side.start(CONF)
    daemon.wait_state("cat", "RUNNING")

    def play(name, state):
        env = dict(os.environ, ANSIBLE_LOCAL_TEMP=side.path("ansible"), ANSIBLE_REMOTE_TEMP=side.path("ansible"), ANSIBLE_NOCOLOR="1", HOME=side.dir,
                   ANSIBLE_COLLECTIONS_PATH=os.environ.get("ANSIBLE_COLLECTIONS_PATH", "/usr/lib/python3/dist-packages/ansible_collections"))
        done = subprocess.run(
            ["ansible", "localhost", "-c", "local", "-m", "community.general.supervisorctl", "-a",
             "name=%s state=%s supervisorctl_path=%s config=%s" % (name, state, os.path.join(side.candidate, "supervisorctl"), side.path("s.conf"))],
            capture_output=True, text=True, env=env, cwd=side.dir)
        if "couldn't resolve module" in done.stdout + done.stderr or "was not found" in done.stdout + done.stderr:
            raise Skip("no community.general collection")
        return done.stdout

    def state(name):
        return daemon.rpc.supervisor.getProcessInfo(name)["statename"]
    for name, wanted, changed, after in (
            ("cat", "started", False, "RUNNING"), ("cat", "stopped", True, "STOPPED"), ("cat", "stopped", False, "STOPPED"),
            ("cat", "started", True, "RUNNING"), ("cat", "restarted", True, "RUNNING"), ("cat", "present", False, "RUNNING")):
        out = play(name, wanted)
        assert ("CHANGED" in out if changed else "SUCCESS" in out), (name, wanted, out)
        assert state("cat") == after
    assert "FAILED" in play("nosuch", "started")
    assert "CHANGED" in play("alpha:", "started")
    wait_until(lambda: state("alpha:alpha_0") == "RUNNING", "the group")
