"""Runs the same scenario against two supervisords and compares what each of them shows."""

from .compare import compare, mask, unified
from .daemon import Daemon, wait_until
from .ports import free_port
from .side import Side
from .terminal import Terminal
from .registry import Skip, both, candidate_only, all_tests

__all__ = ["compare", "mask", "unified", "Daemon", "free_port", "wait_until", "Side", "Terminal", "Skip", "both", "candidate_only", "all_tests"]
