# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many slow answers one process gives at once: pictures, second words, look-ups by number.

Each kind has few places, and all together leave a thread for everybody else. Nobody waits for a
place, since who waits takes a thread too. Nothing here may look at who asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

MOST = 3  # of a process's four threads
_all = BoundedSemaphore(MOST)


class TooManyAtOnce(Exception):
    """As many slow answers as may are being given already: 503, and come again."""


@contextmanager
def place_in(kind: BoundedSemaphore) -> Iterator[None]:
    """Take one of the places of a kind while something slow is done. Raises TooManyAtOnce."""
    if not kind.acquire(blocking=False):
        raise TooManyAtOnce
    try:
        if not _all.acquire(blocking=False):
            raise TooManyAtOnce
        try:
            yield
        finally:
            _all.release()
    finally:
        kind.release()
