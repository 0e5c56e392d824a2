# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commitment and the opening of a correction, computed as it is decided.

The log says of a correction only "a repeat" or "another reason". The true reason, and who
decided, are under fresh salts in the commitment of the C entry (log spec, section 2), and go
to the declarant's mailbox alone: whoever calls must not keep the opening.
"""

import secrets
from dataclasses import dataclass
from datetime import date

from tuidang.pure.ledger.commitments import FIELD_SALT_SIZE, FIELDS, SALT_SIZE
from tuidang.pure.ledger.entries import OTHER_REASON, REPEAT
from tuidang.pure.ledger.openings import Opening
from tuidang.registry.declarations.models import Recall

_SALTS_SIZE = SALT_SIZE + FIELDS * FIELD_SALT_SIZE


@dataclass(frozen=True, slots=True, repr=False)
class CorrectionToBe:
    """What the log will say of one correction, and what opens it (`Opening.to_json`)."""

    reason: int
    commitment: bytes
    opening: str


def correction_to_be(reason: str, decided_by: str, *, origin: str, day: date) -> CorrectionToBe:
    """Commit to the true reason (a code of Recall.Reason), and to who decided.

    `decided_by` is an opaque id: that of the audit row, which names the doers to whoever may
    read it. A volunteer's own id would tie together all that they ever decided.
    """
    salts = secrets.token_bytes(_SALTS_SIZE)
    field_salts = [
        salts[at : at + FIELD_SALT_SIZE] for at in range(SALT_SIZE, _SALTS_SIZE, FIELD_SALT_SIZE)
    ]
    said = [day.isoformat().encode(), reason.encode(), decided_by.encode()]
    opening = Opening.of(salts[:SALT_SIZE], field_salts, [*said, b"", b"", b""])
    public = REPEAT if reason == Recall.Reason.REPEAT else OTHER_REASON
    return CorrectionToBe(public, opening.commitment(origin), opening.to_json().decode())
