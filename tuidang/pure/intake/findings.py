# SPDX-License-Identifier: Apache-2.0
"""Reading plain JSON values while collecting everything that is wrong with them.

Each reader gives the value, or None after it has noted a problem, so that one pass finds
all of them. None of this may put a typed value, nor a typed key, into a problem.
"""

from collections.abc import Mapping
from datetime import date
from re import Pattern
from typing import TypeVar

from tuidang.pure.intake.problems import Problem

_Choice = TypeVar("_Choice", bound=str)


class Findings:
    """The problems found so far, in the order in which they were met."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, path: str, code: str, **facts: int | str) -> None:
        """Note one problem; facts are limits and counts, never what was typed."""
        self.problems.append(Problem(path, code, facts))

    def fields(
        self, value: object, path: str, *, required: frozenset[str], optional: frozenset[str]
    ) -> "Fields | None":
        """Read a JSON object with these keys and no others."""
        if not isinstance(value, dict):
            self.add(path, "wrong_type", wanted="object")
            return None
        unknown = sum(1 for key in value if key not in required | optional)
        if unknown:
            self.add(path, "unknown_field", count=unknown)
        for key in sorted(required - value.keys()):
            self.add(join(path, key), "missing")
        return Fields(self, path, value)


class Fields:
    """The fields of one object; a field that is absent reads as None without a problem."""

    def __init__(self, found: Findings, path: str, values: Mapping[str, object]) -> None:
        self.found = found
        self.path = path
        self._values = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def add(self, key: str, code: str, **facts: int | str) -> None:
        """Note a problem with one field."""
        self.found.add(join(self.path, key), code, **facts)

    def raw(self, key: str) -> object:
        """Give a field as it came."""
        return self._values.get(key)

    def text(self, key: str, *, limit: int | None = None) -> str | None:
        """Read a text of at most so many code points."""
        if key not in self._values:
            return None
        value = self._values[key]
        if not isinstance(value, str):
            self.add(key, "wrong_type", wanted="text")
            return None
        if limit is not None and len(value) > limit:
            self.add(key, "too_long", limit=limit)
            return None
        return value

    def choice(self, key: str, choices: tuple[_Choice, ...]) -> _Choice | None:
        """Read one of the words offered."""
        value = self.text(key)
        if value is None:
            return None
        for choice in choices:
            if value == choice:
                return choice
        self.add(key, "unknown_choice")
        return None

    def number(self, key: str, *, limit: int) -> int | None:
        """Read a whole number from 1 to the limit; JSON's true is none."""
        if key not in self._values:
            return None
        value = self._values[key]
        if not isinstance(value, int) or isinstance(value, bool):
            self.add(key, "wrong_type", wanted="number")
            return None
        if not 1 <= value <= limit:
            self.add(key, "count_out_of_range", limit=limit)
            return None
        return value

    def truth(self, key: str) -> bool:
        """Read true or false; absent is false."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self.add(key, "wrong_type", wanted="true or false")
            return False
        return value

    def items(self, key: str) -> list[object] | None:
        """Read a list, whatever is in it."""
        if key not in self._values:
            return None
        value = self._values[key]
        if not isinstance(value, list):
            self.add(key, "wrong_type", wanted="list")
            return None
        return value

    def day(self, key: str, form: Pattern[str], *, earliest: date, latest: date) -> date | None:
        """Read a real date written in the form given, within the bounds given."""
        value = self.text(key)
        if value is None:
            return None
        try:
            day = date.fromisoformat(value) if form.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None:
            self.add(key, "date_unreadable")
        elif day > latest:
            self.add(key, "date_future")
        elif day < earliest:
            self.add(key, "date_too_early", limit=earliest.isoformat())
        else:
            return day
        return None


def join(path: str, key: str) -> str:
    """Name a field within a path: `persons[3]` and `name` give `persons[3].name`."""
    return f"{path}.{key}" if path else key
