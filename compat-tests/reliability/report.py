"""docs/reliability.md."""

HEAD = """# Reliability

<!-- Made by compat-tests/reliability/run.py --long; do not edit. -->

What the daemon was put through, how often, and what came of it, beside Debian's Supervisor 4.2.5 in the same trial on the same machine.
After every trial both had to pass the same examination: the daemon is alive, answers, and starts a killed program again. What a cell calls
*fails* did not, or broke its word on the way.

```sh
python3 compat-tests/reliability/soak.py --candidate out --seconds 3600 --report soak.json
python3 compat-tests/reliability/run.py --candidate out --long --soak soak.json     # writes this file
python3 compat-tests/reliability/run.py --candidate out                             # the short form, which .ci/test runs
```

System calls that fail at a moment of their choosing (EMFILE, ENFILE, ENOMEM, EAGAIN, EINTR, ENOSPC, EIO, EROFS on spawn, pipe, open, write,
rename, watch, read, wait and kill) and clocks set by a day are the matter of unit tests with injected faults:
`tests/Supervisor.Core.Tests/Reliability`.
"""


def cell(verdict, text):
    text = " ".join(text.split()).replace("|", "\\|")
    return {"passed": text, "skipped": "not tried: " + text, "failed": "**fails**: " + text[-300:]}[verdict]


def text(rows, soak):
    parts = [HEAD]
    section = None
    for entry, ours, theirs in rows:
        if entry[0] != section:
            section = entry[0]
            parts.append("\n## %s\n\n| fault | tried | Supervisor.Net | Python Supervisor |\n| --- | --- | --- | --- |" % section)
        parts.append("| %s | %s %s | %s | %s |" % (entry[1], format(entry[4], ","), entry[5], cell(*ours), cell(*theirs)))
    if soak:
        parts.append(soak_text(soak))
    return "\n".join(parts) + "\n"


def soak_text(soak):
    lines = ["\n## Soak\n",
             "`soak.py` plays random operations against a daemon and against a model of it, and compares after every step: states, pids, answers,"
             " logs, and the chain of events that a listener writes down. Every 150 steps all programs are stopped, and what the daemon holds is"
             " counted.\n",
             "Seed %d: **%s steps in %s s, %s events checked, %d mismatches.**\n" % (
                 soak["seed"], format(soak["steps"], ","), format(soak["seconds"], ","), format(soak["events"], ","), soak["mismatches"]),
             "| after | steps | descriptors | threads | resident | children | zombies |", "| --- | --- | --- | --- | --- | --- | --- |"]
    samples = soak["samples"]
    shown = [samples[round(i * (len(samples) - 1) / 8)] for i in range(9)] if len(samples) > 9 else samples
    for s in shown:
        lines.append("| %d s | %s | %d | %d | %.1f MiB | %d | %d |" % (
            s["seconds"], format(s["steps"], ","), s["descriptors"], s["threads"], s["resident_kib"] / 1024, s["children"], s["zombies"]))
    lines.append("\nThe one child is the listener. Operations: " + ", ".join(
        "%s %s" % (format(n, ","), name.replace("_", " ")) for name, n in sorted(soak["operations"].items(), key=lambda i: -i[1])) + ".")
    return "\n".join(lines)
