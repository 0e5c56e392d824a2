# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions: a box in the row, the key in the cookie, and neither opens anything alone."""

from uuid import UUID

import pytest

from tuidang.registry.vault.errors import SessionLocked, Unopenable
from tuidang.registry.vault.sealing import new_identity, seal
from tuidang.registry.vault.unlocked import Unlocked, lock_session, open_session

IDENTITY, RECIPIENT = new_identity()
UNLOCKED = Unlocked(member=UUID(int=5), keys={("review", "2026-07"): IDENTITY})


def test_a_session_opens_with_its_cookie() -> None:
    """Box and cookie together give back the member and every key."""
    assert open_session(*lock_session(UNLOCKED)) == UNLOCKED


def test_another_sessions_cookie_is_refused() -> None:
    """Each sign-in has a key of its own, even for the same volunteer."""
    box, _ = lock_session(UNLOCKED)
    _, cookie_key = lock_session(UNLOCKED)
    with pytest.raises(SessionLocked):
        open_session(box, cookie_key)


@pytest.mark.parametrize("cookie_key", [b"", b"short", bytes(32)])
def test_a_made_up_cookie_is_refused(cookie_key: bytes) -> None:
    """A cookie of the wrong length or of zeros opens nothing."""
    box, _ = lock_session(UNLOCKED)
    with pytest.raises(SessionLocked):
        open_session(box, cookie_key)


def test_a_changed_or_cut_box_is_refused() -> None:
    """A session row that was touched ends the session."""
    box, cookie_key = lock_session(UNLOCKED)
    for changed in (b"", box[:-1], box[:20] + bytes([box[20] ^ 1]) + box[21:]):
        with pytest.raises(SessionLocked):
            open_session(changed, cookie_key)


def test_what_a_session_row_holds_gives_nothing_away() -> None:
    """Neither the keys nor the member can be read from the box."""
    box, cookie_key = lock_session(UNLOCKED)
    assert IDENTITY.encode() not in box
    assert str(UNLOCKED.member).encode() not in box
    assert cookie_key not in box


def test_keys_are_never_printed() -> None:
    """A traceback or a log line that shows the value shows no key."""
    assert IDENTITY not in repr(UNLOCKED)


def test_a_month_that_is_not_open_is_refused() -> None:
    """What was sealed in another month, or to another ring, does not open."""
    sealed = seal(b"sample", [RECIPIENT])
    assert UNLOCKED.unseal("2026-07", sealed) == b"sample"
    assert UNLOCKED.unseal("2026-07", memoryview(sealed)) == b"sample"  # type: ignore[arg-type]
    with pytest.raises(Unopenable):
        UNLOCKED.unseal("2026-08", sealed)
    with pytest.raises(Unopenable):
        UNLOCKED.unseal("2026-07", sealed, ring="another")
