"""The cases, in the order of the table."""

from . import start, memory, respawn, rpc, logs, events, idle, client  # noqa: F401
