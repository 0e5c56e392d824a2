# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a check of an installation has to say: one line that an operator can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: `ok`, `note` (know this) or `wrong` (do this)."""

    level: str
    words: str
