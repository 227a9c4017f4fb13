"""Masks what must differ between two runs, and nothing else."""

import difflib
import re

_MASKS = [
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", "<TIME>"),
    (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d \d{4}", "<CTIME>"),
    (r"[A-Z][a-z]{2}%20[A-Z][a-z]{2}%20[%\d]+%20\d\d%3A\d\d%3A\d\d%20\d{4}", "<CTIME>"),
    (r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d \d\d:\d\d [AP]M", "<STOPTIME>"),
    (r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", "<HTTPDATE>"),
    (r"\d+/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}", "<CLFDATE>"),
    (r"\bpid:? ?\d+", "pid <PID>"),
    (r"uptime \d+:\d\d:\d\d", "uptime <UPTIME>"),
    (r"\((\d+)\) with SIGKILL", "(<PID>) with SIGKILL"),
    (r"(---[\w.-]+?-)[a-z0-9_]{8}(\.log)", r"\1<RANDOM>\2"),
    (r"\b4\.(?:2\.5|3\.0|4\.0(?:\.dev0)?)\b", "<VERSION>"),
    (r"file: \S+ line: \d+", "file: <FILE> line: <LINE>"),
    (r"\bfd \d+ closed", "fd <N> closed"),
    (r"\bat \d+ (for|with)\b", r"at <ID> \1"),
]


# The length of an event, in its header or as a listener writes it down, counts the digits of a process id in its payload.
_EVENT_LENGTH = re.compile(r"(\blen:|\|)(\d+)([\n|](?:\w+:\S+ )*?pid[: ])(\d+)")


def mask(text, side):
    text = _EVENT_LENGTH.sub(lambda m: "%s%d+<PID>%s%s" % (m[1], int(m[2]) - len(m[4]), m[3], m[4]), text)
    text = text.replace(side.dir, "@DIR@").replace(str(side.port), "@PORT@").replace(side.supervisord, "@SUPERVISORD@")
    for pattern, replacement in _MASKS:
        text = re.sub(pattern, replacement, text)
    return text


def unified(a, b, title):
    return "\n".join(difflib.unified_diff(a.splitlines(), b.splitlines(), title + " (reference)", title + " (candidate)", lineterm="", n=2))


def compare(reference, candidate):
    """Differences of two {title: text} as a list of texts."""
    differences = []
    for title in list(reference) + [t for t in candidate if t not in reference]:
        a, b = reference.get(title, "<missing>"), candidate.get(title, "<missing>")
        if a != b:
            differences.append(unified(a, b, title) or "%s: %r != %r" % (title, a, b))
    return differences
