"""Random command lines of supervisorctl. The same generator state gives the same line."""

_NAMES = ["talk", "talk:talk", "talk:*", "idle", "idle:idle", "pair", "pair:p0", "pair:p1", "pair:*", "pair:", "p0", "G", "G:b2", "G:*", "b2", "nosuch", "nosuch:*", "nosuch:x", "all", "*", ":", ":*",
          "a:b:c", "TALK", "t\u00e4lk", "\U0001f600", "'talk'", "\"talk\"", "-x", "--help", "bad", "%s", "\\", "talk;idle", "talk,idle"]
# None that ends a process: the reference server loses what comes between its fork and the exec.
_SIGNALS = ["CONT", "SIGCONT", "cont", "18", "URG", "NOPE", "0", "-1", "1000", "SIG", "65", "0x12"]
_TAILS = ["-10", "-0", "-1", "-100", "-5000000000", "--5", "-x", "10", "-", "-1_0", "-+3", "+3", "stdout", "stderr", "STDERR", "stdin"]
_TOPICS = ["status", "start", "tail", "nosuch", "help", "", "exit", "EOF", "quit", "?", "status start"]


def _names(rng, least=0):
    return [rng.choice(_NAMES) for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3]) or least)]


_COMMANDS = {
    "status": _names,
    "start": _names,
    "stop": _names,
    "restart": _names,
    "clear": _names,
    "pid": _names,
    "signal": lambda rng: rng.choices(_SIGNALS, k=rng.choice([1, 1, 1, 0])) + _names(rng),
    "tail": lambda rng: [w for w in (rng.choice(_TAILS + [""] * 8), rng.choice(_NAMES), rng.choice(_TAILS + ["stdout", "stderr"] + [""] * 12)) if w],
    # What the log says is a matter of time.
    "maintail": lambda rng: rng.choice([["-x"], ["5"], ["-3", "x"], ["stdout"]]),
    "add": _names,
    "remove": _names,
    # The reference complains about several in the order of a set.
    "update": lambda rng: _names(rng)[:1],
    "reread": lambda rng: rng.choice([[], [], ["x"]]),
    "avail": lambda rng: rng.choice([[], [], ["x"]]),
    "version": lambda rng: rng.choice([[], [], ["x"]]),
    "help": lambda rng: [rng.choice(_TOPICS)],
    "?": lambda rng: [rng.choice(_TOPICS)],
    "open": lambda rng: [rng.choice(["", "x", "ftp://x", "http:/x", "unix:", "unix:///no/such", "http://127.0.0.1:1"])],
    "fg": lambda rng: [rng.choice(["", "nosuch", "idle x", "pair:*"])],
}
_STRANGE = ["", " ", "nosuch", "sta", "STATUS", "status;", "!ls", "!", "status\tall", "#x", ".", "start-x", "-c", "get_names", "do_status", "emptyline", "\u00fc", "_x", "pid\\", "stat us", "help help", "reload x",
            "shutdown x", "exit x", "statusall", "status=all", "EOFX", "?status", "?"]


def line(rng):
    if rng.random() < 0.1:
        return rng.choice(_STRANGE)
    command = rng.choice(sorted(_COMMANDS))
    words = [command] + _COMMANDS[command](rng)
    text = rng.choice([" "] * 12 + ["  ", "\t"]).join(words)
    return rng.choice([""] * 15 + [" ", "\t"]) + text + rng.choice([""] * 10 + [" ", "  "])
