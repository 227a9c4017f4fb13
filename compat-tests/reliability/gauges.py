"""What a process holds, read from /proc."""

import os


def descriptors(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def _status(pid, key):
    with open("/proc/%d/status" % pid) as f:
        for line in f:
            if line.startswith(key + ":"):
                return line.split()[1]
    return "0"


def threads(pid):
    return int(_status(pid, "Threads"))


def resident_kib(pid):
    return int(_status(pid, "VmRSS"))


def children(pid):
    """(all children, those of them that are zombies)."""
    count, dead = 0, 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % entry) as f:
                fields = f.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            count += 1
            dead += fields[0] == "Z"
    return count, dead


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def all_of(pid):
    count, dead = children(pid)
    return {"descriptors": descriptors(pid), "threads": threads(pid), "resident_kib": resident_kib(pid), "children": count, "zombies": dead}
