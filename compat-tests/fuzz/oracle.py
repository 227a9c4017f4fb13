"""What Python Supervisor's own code makes of a configuration, as the document that `--dump-config` prints.

Supervisor 4.2.5 is brought to the reading of its 4.4 branch in the two places where they differ: `environment=` is split as a POSIX shell
would, and that of [supervisord] is expanded once.
"""

import functools
import io
import re
import shlex
import sys

_MODERN = None


class _Exit(Exception):
    pass


def load(path):
    """Imports the reference from a folder that holds the package `supervisor`."""
    global _MODERN
    sys.path.insert(0, path)
    import supervisor.compat
    import supervisor.datatypes
    _MODERN = hasattr(supervisor.compat, "import_spec")
    if not _MODERN:
        lexer = shlex.shlex
        supervisor.datatypes.shlex = type(sys)("shlex")
        supervisor.datatypes.shlex.shlex = functools.partial(lexer, posix=True)


def read(conf):
    """("accepted", document), ("refused", message) or ("died", exception)."""
    from supervisor.options import ServerOptions
    options = ServerOptions()
    options.stderr = options.stdout = io.StringIO()

    def leave(status):
        raise _Exit(status)

    options.exit = leave
    argv, sys.argv = sys.argv, ["supervisord"]
    try:
        options.realize(["-c", conf], doc="")
    except _Exit:
        text = options.stderr.getvalue()
        return "refused", text[len("Error: "):text.rindex("\nFor help, use ")]
    except Exception as e:  # an unforeseen one, of which the reference dies with a traceback
        return "died", repr(e)
    finally:
        sys.argv = argv
    return "accepted", _document(options)


def _document(options):
    from supervisor.loggers import LevelsByName
    levels = {v: k for k, v in vars(LevelsByName).items() if not k.startswith("_") and isinstance(v, int)}
    names = {"CRIT": "critical", "ERRO": "error", "WARN": "warn", "INFO": "info", "DEBG": "debug", "TRAC": "trace", "BLAT": "blather"}
    servers = [_server(s) for s in options.server_configs]
    url = None
    for server in servers:
        if server["family"] == "unix":
            url = "unix://" + server["file"]
            break
        url = "http://%s:%d" % (server["host"] or "localhost", server["port"])
    supervisord = {name: getattr(options, name) for name in (
        "nodaemon", "silent", "nocleanup", "strip_ansi", "user", "umask", "logfile_maxbytes", "logfile_backups", "minfds", "minprocs",
        "directory", "logfile", "pidfile", "identifier", "childlogdir")}
    supervisord.update(uid=options.uid, loglevel=names[levels[options.loglevel]], environment=options.configroot.supervisord.environment,
                       serverurl=url)
    return {
        "supervisord": supervisord,
        "http_servers": servers,
        "rpcinterfaces": [{"name": n, "factory": "supervisor.rpcinterface:make_main_rpcinterface", "extras": dict(kw)}
                          for n, _, kw in options.rpcinterface_factories],
        "groups": [_group(g) for g in options.process_group_configs],
        "warnings": list(options.parse_warnings),
        "infos": list(options.parse_infos),
    }


def _server(config):
    import socket
    out = {"section": config["section"], "name": config["name"], "username": config["username"], "password": config["password"]}
    if config["family"] == socket.AF_INET:
        out.update(family="inet", host=config["host"], port=config["port"])
    else:
        out.update(family="unix", file=config["file"], chmod=config["chmod"], chown=list(config["chown"]))
    return out


def _group(group):
    from supervisor.events import EventTypes
    from supervisor.options import EventListenerPoolConfig, FastCGIGroupConfig
    out = {"type": "group", "name": group.name, "priority": group.priority, "processes": [_process(p) for p in group.process_configs]}
    if isinstance(group, EventListenerPoolConfig):
        types = {v: k for k, v in vars(EventTypes).items() if isinstance(v, type)}
        out.update(type="eventlistener", buffer_size=group.buffer_size, events=sorted({types[e] for e in group.pool_events}),
                   result_handler="supervisor.dispatchers:default_handler")
    elif isinstance(group, FastCGIGroupConfig):
        socket = group.socket_config
        owner = socket.get_owner() if hasattr(socket, "get_owner") else None
        mode = socket.get_mode() if hasattr(socket, "get_mode") else None
        out.update(type="fcgi-program", socket={"url": socket.url, "backlog": socket.get_backlog(), "owner": list(owner) if owner else None, "mode": mode})
    return out


def _process(process):
    from supervisor.datatypes import Automatic, RestartUnconditionally, RestartWhenExitUnexpected
    from supervisor.options import EventListenerConfig, FastCGIProcessConfig
    from supervisor.process import signame
    kind = "eventlistener" if isinstance(process, EventListenerConfig) else "fcgi-program" if isinstance(process, FastCGIProcessConfig) else "program"
    out = {name: getattr(process, name) for name in (
        "name", "command", "directory", "umask", "priority", "startsecs", "startretries", "stopwaitsecs", "autostart", "stopasgroup",
        "killasgroup", "redirect_stderr", "uid", "serverurl")}
    try:
        argv, problem = shlex.split(process.command), None
    except ValueError as e:
        argv, problem = None, str(e)
    restart = {RestartUnconditionally: "true", RestartWhenExitUnexpected: "unexpected"}.get(process.autorestart, "false")
    out.update(type=kind, argv=argv, argv_error=problem, autorestart=restart, exitcodes=list(process.exitcodes),
               stopsignal=re.sub("^SIG|^signal ", "", signame(process.stopsignal)), environment=process.environment)
    for channel in ("stdout", "stderr"):
        logfile = getattr(process, channel + "_logfile")
        out[channel + "_logfile"] = "AUTO" if logfile is Automatic else "NONE" if logfile is None else logfile
        for option in ("_logfile_maxbytes", "_logfile_backups", "_capture_maxbytes", "_events_enabled", "_syslog"):
            out[channel + option] = getattr(process, channel + option)
    return out
