# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk that fails at one chosen step, before or after doing it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tuidang.registry.transparency import durable, storage

STEPS = frozenset({"open", "write", "fchmod", "fsync", "link", "replace"})


class CrashError(Exception):
    """The process ends here."""


class FailingSystem:
    """Stands for the `os` module: its step number `fail_at` (from 1) crashes."""

    def __init__(self, fail_at: int, *, after: bool) -> None:
        self.steps = 0
        self._fail_at = fail_at
        self._after = after

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._counted(real) if name in STEPS else real

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            self.steps += 1
            if self.steps == self._fail_at and not self._after:
                raise CrashError
            result = real(*args, **kwargs)
            if self.steps == self._fail_at:
                raise CrashError
            return result

        return step


@contextmanager
def crashing(monkeypatch: pytest.MonkeyPatch, fail_at: int, *, after: bool) -> Iterator[list[bool]]:
    """Crash at one step of whatever is written in this block; yields [True] once it did."""
    crashed: list[bool] = []
    with monkeypatch.context() as patch:
        system = FailingSystem(fail_at, after=after)
        patch.setattr(storage, "os", system)
        patch.setattr(durable, "os", system)
        try:
            yield crashed
        except CrashError:
            crashed.append(True)
