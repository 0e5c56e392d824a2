# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public process may do with certificates in PostgreSQL, beside `declarations.grants`.

It adds applications, replies and marks, and reads what the holder of a code may see. It must
never be able to read what is sealed to the office, nor who decided.
"""

from collections.abc import Sequence

from tuidang.registry.certificates.models import PUBLIC_COLUMNS
from tuidang.registry.declarations.grants import PUBLIC_ROLE, given, only_such

# table -> what may be added to it
_ADDED = (
    "certificates_application",
    "certificates_withdrawal",
    "certificates_reply",
    "certificates_pickup",
    "certificates_pickedup",
    "certificates_erasure",
)
# table -> columns that may be read; none named: all
_READ: dict[str, Sequence[str]] = {
    "certificates_application": PUBLIC_COLUMNS,
    "certificates_withdrawal": (),
    "certificates_reply": ("id", "application_id"),
    "certificates_certificate": (
        "id",
        "application_id",
        "number_hash",
        "triple",
        "copy",
        "state",
    ),
    "certificates_pickup": (),
    "certificates_pickedup": (),
    "certificates_erasure": (),
}


# An application that waits, for which nobody has done anything: the two persons who make a
# certificate are the office's.
_UNDECIDED = (
    "state = 'waiting' AND decided_on IS NULL AND reason = '' AND NOT walk_in"
    " AND preparer IS NULL AND signer IS NULL AND prepared IS NULL AND prepared_month = ''"
    " AND link_id IS NULL AND linked_mail_id IS NULL"
)


def statements(role: str = PUBLIC_ROLE) -> list[str]:
    """Return the statements that give `role` its rights here; run them after those that take."""
    return given(role, _ADDED, _READ) + only_such(role, "certificates_application", _UNDECIDED)
