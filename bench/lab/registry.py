"""Figures and the cases that measure them."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Figure:
    """
    One line of the table. `limit` bounds the ratio to Python Supervisor: from above, or from below for rates (`rate`); `floor_limit`
    the ratio to the floor, `absolute` our own figure.
    """

    key: str
    title: str
    unit: str
    limit: float = None
    rate: bool = False
    floor_limit: float = None
    absolute: float = None

    def verdict(self, ratio, to_floor, ours):
        """True, False, or None where there is no target or nothing to judge it by."""
        checks = []
        if self.limit is not None and ratio is not None:
            checks.append(ratio >= self.limit if self.rate else ratio <= self.limit)
        if self.floor_limit is not None and to_floor is not None:
            checks.append(to_floor <= self.floor_limit)
        if self.absolute is not None and ours is not None:
            checks.append(ours <= self.absolute)
        return all(checks) if checks else None


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    figures: tuple
    measure: object
    floor: object = None
    floor_title: str = ""
    rounds: int = 0


CASES = []


def case(name, *figures, floor=None, floor_title="", rounds=0):
    """Registers a function of a side that returns a value for each figure's key. A floor needs no side. `rounds` overrides the option."""
    def register(measure):
        CASES.append(Case(name, figures, measure, floor, floor_title, rounds))
        return measure
    return register


class Missing(Exception):
    """Something that a case needs is not installed."""
