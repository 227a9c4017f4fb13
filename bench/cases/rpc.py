import contextlib
import http.client
import shutil
import subprocess
import tempfile
import xmlrpc.client

from lab import native
from lab.daemon import running, sleepers
from lab.registry import Figure, Missing, case

CONNECTIONS = 4
SECONDS = 3
GET_STATE = xmlrpc.client.dumps((), "supervisor.getState")
GET_ALL = xmlrpc.client.dumps((), "supervisor.getAllProcessInfo")


def per_second(port, body):
    if not shutil.which("wrk"):
        raise Missing("wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write('wrk.method = "POST"\nwrk.headers["Content-Type"] = "text/xml"\nwrk.body = [[%s]]\n' % body)
        script.flush()
        out = subprocess.run(["wrk", "-t1", "-c%d" % CONNECTIONS, "-d%ds" % SECONDS, "-s", script.name, "http://127.0.0.1:%d/RPC2" % port],
                             capture_output=True, text=True, timeout=60).stdout
    if "Non-2xx" in out or "Requests/sec" not in out:
        raise RuntimeError("wrk: " + out)
    return float(out.split("Requests/sec:")[1].split()[0])


def answer_size(port, body):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/RPC2", body, {"Content-Type": "text/xml"})
    size = len(connection.getresponse().read())
    connection.close()
    return size


# What the daemons answered last; the floor answers as much.
_sizes = {}


@contextlib.contextmanager
def hello(size):
    process = subprocess.Popen([native.build("hello"), str(size)], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def floor():
    rates = {}
    for key, body in (("get_state", GET_STATE), ("get_all", GET_ALL)):
        with hello(_sizes.get(key, 300)) as port:
            rates[key] = per_second(port, body)
    return rates


@case("rpc", Figure("get_state", "getState", "calls/s", 20, rate=True),
      Figure("get_all", "getAllProcessInfo of 200", "calls/s", 40, rate=True), floor=floor, floor_title="bare epoll server, same sizes")
def rpc(side):
    with running(side, sleepers(200), 200) as daemon:
        _sizes.update(get_state=answer_size(daemon.port, GET_STATE), get_all=answer_size(daemon.port, GET_ALL))
        return {"get_state": per_second(daemon.port, GET_STATE), "get_all": per_second(daemon.port, GET_ALL)}
