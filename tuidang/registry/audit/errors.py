# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be wrong with the audit."""


class AuditBroken(Exception):
    """Rows that a published head covers were changed, added or removed since."""

    code = "audit_broken"

    def __init__(self, number: int) -> None:
        super().__init__(f"the audit rows under head {number} are not those that were published")
        self.number = number
