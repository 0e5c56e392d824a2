# SPDX-License-Identifier: AGPL-3.0-or-later
"""One row for each decision. No names, no texts, no receipt codes, no times finer than a day."""

import hashlib
import json
import uuid

from django.db import models

DOMAIN = b"tuidang-audit/v1\n"


class AuditRow(models.Model):
    """Who did what to which thing on which day. Written once, in the deed's own transaction."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField()
    doer = models.UUIDField()
    verb = models.CharField(max_length=40)
    subject = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    # The head that covers this row, once there is one; not part of the digest.
    closed_by = models.PositiveBigIntegerField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(verb=""), name="audit_verb_is_named"),
        ]

    def digest(self) -> bytes:
        """Return the 32 bytes that stand for this row in the chain."""
        row = [
            str(self.id),
            self.day.isoformat(),
            str(self.doer),
            self.verb,
            str(self.subject or ""),
            self.facts,
        ]
        text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(DOMAIN + text.encode()).digest()


class AuditHead(models.Model):
    """The head of the audit chain as it went into the public log with one batch.

    head = SHA-256(domain, the head before or nothing, the digests of `rows` rows, ascending).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    rows = models.PositiveBigIntegerField()
    head = models.BinaryField(max_length=32)
