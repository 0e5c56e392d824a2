# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample commitments, days and publications; nobody stands behind them."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from tuidang.registry.transparency.actions import ask_leaves, publish, receive
from tuidang.registry.transparency.models import Batch, Leaf
from tuidang.registry.transparency.storage import LogStore

FIRST_DAY = date(2026, 3, 1)


def day(number: int) -> date:
    """Return the day of a sample, counted from 0."""
    return FIRST_DAY + timedelta(days=number)


def at(number: int, hour: int = 4) -> datetime:
    """Return a moment on that day, an hour after the publishing hour unless told otherwise."""
    return datetime.combine(day(number), datetime.min.time(), UTC) + timedelta(hours=hour)


def commitment(number: int) -> bytes:
    """Return the commitment of sample person `number`."""
    return hashlib.sha256(b"sample person %d" % number).digest()


def arrive(numbers: range, on: int = 0, orgs: int = 1, klass: int = 1) -> list[Leaf]:
    """Receive and accept sample persons on a day, all with the same orgs and class."""
    commitments = [commitment(number) for number in numbers]
    receive(commitments, day=day(on))
    return ask_leaves([(each, orgs, klass) for each in commitments], day=day(on))


def publish_on(
    number: int, *, hour: int = 4, at_once: bool = False, store: LogStore | None = None
) -> Batch | None:
    """Publish on a day, an hour after the publishing hour unless told otherwise."""
    return publish(now=at(number, hour), at_once=at_once, store=store)
