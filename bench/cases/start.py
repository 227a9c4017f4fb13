import os

from lab.daemon import Daemon, sleepers
from lab.registry import Figure, Missing, case


@case("start", Figure("ready", "ready after the start", "ms", 1 / 8))
def start(side):
    daemon = Daemon(side, "[program:p]\ncommand=/bin/sleep 1000\nautostart=false\n")
    try:
        return {"ready": daemon.wait_ready() * 1000}
    finally:
        daemon.stop()


@case("many", Figure("start200", "200 programs running", "ms", 1 / 5), Figure("stop200", "200 programs stopped", "ms", 1 / 3))
def many(side):
    daemon = Daemon(side, sleepers(200))
    try:
        daemon.wait_ready()
        running = daemon.wait_logged(" entered RUNNING state", 200, "200 programs")
        return {"start200": running * 1000, "stop200": daemon.stop() * 1000}
    finally:
        daemon.stop()


@case("users", Figure("start200user", "200 programs of another user running", "ms", 1 / 4))
def users(side):
    if os.geteuid() != 0:
        raise Missing("root")
    daemon = Daemon(side, sleepers(200, "user=nobody\n"))
    try:
        daemon.wait_ready()
        return {"start200user": daemon.wait_logged(" entered RUNNING state", 200, "200 programs of another user") * 1000}
    finally:
        daemon.stop()
