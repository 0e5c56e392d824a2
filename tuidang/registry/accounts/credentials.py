# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a volunteer signs in with: made by the machine, shown once, kept nowhere.

Nobody chooses a passphrase, since people choose what can be guessed. This room must never
write a credential anywhere.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field

from tuidang.pure import words

PASSPHRASE_WORDS = 6  # of 11 bits each: 66 bits, behind argon2id and the host's secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """A new volunteer's login. Its repr shows the user name alone."""

    username: str
    passphrase: str = field(repr=False)
    totp_secret: str = field(repr=False)  # base32, for an authenticator


def generate_passphrase() -> str:
    """Return six English words from the list of the receipt codes, 66 random bits."""
    return " ".join(secrets.choice(words.english()) for _ in range(PASSPHRASE_WORDS))


def plain_username(username: str) -> str:
    """Fold what typing by hand changes: case, full-width letters, spaces around."""
    return unicodedata.normalize("NFKC", username).strip().casefold()
