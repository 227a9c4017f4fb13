"""The list of tests. A test is a function of one Side that returns what it saw as {title: text}."""

_TESTS = []


class Skip(Exception):
    """Raised by a test that cannot run here; the text says why."""


def both(function):
    """A test that is played against the reference and against the candidate, and compared."""
    _TESTS.append((function, True))
    return function


def candidate_only(function):
    """A test of the candidate alone: it raises AssertionError when something is wrong."""
    _TESTS.append((function, False))
    return function


def all_tests():
    return [(f.__module__.split(".")[-1] + "." + f.__name__, f, compared) for f, compared in _TESTS]
