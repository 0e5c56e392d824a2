# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong with keys and seals. Carries codes, never a key, a passphrase or a text.

This room must never say in an error which of two secrets was wrong.
"""


class VaultError(Exception):
    """Something in the vault could not be done; the web puts `code` into words."""

    code = "vault"


class Unopenable(VaultError):
    """The ciphertext is damaged, or none of the keys at hand opens it."""

    code = "unopenable"


class NoRecipient(VaultError):
    """There is nobody to seal to, so nothing may be taken in."""

    code = "no_recipient"


class NoMembers(VaultError):
    """A ring key that nobody could open would lose what is sealed to it."""

    code = "no_members"


class WrongPassphrase(VaultError):
    """The passphrase does not open the member's key, or there is no such member."""

    code = "wrong_passphrase"


class SessionLocked(VaultError):
    """The cookie's key does not open what the session holds; the person signs in again."""

    code = "session_locked"


class MonthClosed(VaultError):
    """A month that is over gets no new ring key."""

    code = "month_closed"

    def __init__(self, month: str) -> None:
        super().__init__(f"{month} is over")
        self.month = month


class MonthOpen(VaultError):
    """A ring key to which declarations are still being sealed cannot be destroyed."""

    code = "month_open"

    def __init__(self, month: str) -> None:
        super().__init__(f"{month} is not over")
        self.month = month


class NoSuchRingKey(VaultError):
    """There is no key of this ring for this month, or it has been destroyed."""

    code = "no_such_ring_key"

    def __init__(self, ring: str, month: str) -> None:
        super().__init__(f"the ring {ring} has no key for {month}")
        self.ring = ring
        self.month = month
