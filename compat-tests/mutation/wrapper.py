#!/usr/bin/env python3
"""Stands in for a program and makes it wrong. What is wrong is told by mutation.json, which lies beside it with the harness's ports.py:

    real      path of the program
    conf      [[pattern, replacement]] applied to the configuration before the daemon reads it
    answers   [[text, text of the same length]] applied to everything the daemon's servers say
    listener  [[text, text]] applied to what event listeners get
    output    [[text, text]] applied to stdout
    status    {"3": 0} changes exit statuses
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading

from ports import free_port

HERE = os.path.dirname(os.path.abspath(__file__))


def relay(source, sink, rules):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            for old, new in rules:
                data = data.replace(old.encode(), new.encode())
            sink.sendall(data)
    except OSError:
        pass
    for s, how in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
        try:
            s.shutdown(how)
        except OSError:
            pass


def serve(listener, family, address, rules):
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        server = socket.socket(family)
        try:
            server.connect(address)
        except OSError:
            client.close()
            continue
        threading.Thread(target=relay, args=(client, server, []), daemon=True).start()
        threading.Thread(target=relay, args=(server, client, rules), daemon=True).start()


def proxied(text, rules, started):
    """Moves the daemon's servers elsewhere; when it runs, ours answer at the old addresses."""
    def unix(match):
        path = match.group(1)
        started.append((socket.AF_UNIX, path, path + ".real"))
        return "file=" + path + ".real"

    def inet(match):
        port = free_port()
        started.append((socket.AF_INET, ("127.0.0.1", int(match.group(1))), ("127.0.0.1", port)))
        return "port=127.0.0.1:%d" % port

    text = re.sub(r"(?m)^file=(\S+)$", unix, text)
    return re.sub(r"(?m)^port=127\.0\.0\.1:(\d+)$", inet, text)


def main():
    with open(os.path.join(HERE, "mutation.json")) as f:
        mutation = json.load(f)
    arguments = sys.argv[1:]
    started = []
    if "-c" in arguments and ("conf" in mutation or "answers" in mutation or "listener" in mutation):
        at = arguments.index("-c") + 1
        with open(arguments[at]) as f:
            text = f.read()
        for pattern, replacement in mutation.get("conf", []):
            text = re.sub(pattern, replacement, text)
        if "listener" in mutation:
            path = os.path.join(HERE, "filter.py")
            rules = json.dumps(mutation["listener"]).replace(" ", "").replace('"', '\\"').replace("%", "%%")
            text = re.sub(r"(?m)^(\[eventlistener:[^]]*\]\ncommand=)", lambda m: m.group(1) + 'python3 %s "%s" ' % (path, rules), text)
        if "answers" in mutation:
            text = proxied(text, mutation["answers"], started)
        arguments[at] += ".mutant"
        with open(arguments[at], "w") as f:
            f.write(text)
    if not started and "output" not in mutation and "status" not in mutation:
        os.execv(mutation["real"], [mutation["real"], *arguments])
    if started:
        child = subprocess.Popen([mutation["real"], *arguments])
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR2):
            signal.signal(number, lambda n, _: child.send_signal(n))
        for family, address, real in started:
            listener = socket.socket(family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(64)
            threading.Thread(target=serve, args=(listener, family, real, mutation["answers"]), daemon=True).start()
        status = child.wait()
        for family, address, _ in started:
            if family == socket.AF_UNIX:
                os.unlink(address)
        os._exit(status)
    done = subprocess.run([mutation["real"], *arguments], stdout=subprocess.PIPE)
    out = done.stdout
    for old, new in mutation.get("output", []):
        out = out.replace(old.encode(), new.encode())
    sys.stdout.buffer.write(out)
    sys.stdout.flush()
    sys.exit(mutation.get("status", {}).get(str(done.returncode), done.returncode))


if __name__ == "__main__":
    main()
