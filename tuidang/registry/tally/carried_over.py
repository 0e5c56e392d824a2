# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures from before the log began: recorded as signed statements, shown as what they are.

Each is a claim of its source and nothing more. None of them may ever be added to a figure of
the log, or to one another.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction

from tuidang.pure.ledger.carried_over import CarriedOverFigure
from tuidang.pure.ledger.entries import CARRIED_STATEMENT
from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.tally.models import CarriedOver
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.statements import state


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement for people's eyes: `sha256` (hex) names its file and its N entry.

    `index` is that entry's place in the log, None until the batch with it is published.
    """

    persons: int
    as_of: date
    source: str
    source_url: str
    language: str
    recorded_on: date
    sha256: str
    index: int | None


@transaction.atomic
def carry_over(
    persons: int,
    *,
    as_of: date,
    source: str,
    source_url: str = "",
    language: str = "en",
    now: datetime,
    by: Doer = REGISTRY,
) -> CarriedOver:
    """Record a historic total as a signed statement, whose hash goes into the next batch.

    The same words on the same day (UTC) are the same statement, and give its row again. Raises
    CarriedOverError for what no statement can say, KeyFilesUnusable without a log.
    """
    day = now.astimezone(UTC).date()
    figure = CarriedOverFigure(settings.ORIGIN, persons, as_of, source, source_url, language, day)
    note, signed = state(figure.text, CARRIED_STATEMENT, day=day)
    row, made = CarriedOver.objects.get_or_create(
        digest=bytes(note.digest),
        defaults={
            "persons": persons,
            "as_of": as_of,
            "source": source,
            "source_url": source_url,
            "language": language,
            "day": day,
            "statement": signed,
            "note": note,
        },
    )
    if made:
        audit.record("carry_over", row.id, by=by, day=day, persons=persons)
    return row


def claims() -> tuple[Claim, ...]:
    """Return every statement, that of the newest day first. Makes one query."""
    rows = CarriedOver.objects.order_by("-as_of", "-day", "digest").select_related("note__batch")
    return tuple(
        Claim(
            persons=row.persons,
            as_of=row.as_of,
            source=row.source,
            source_url=row.source_url,
            language=row.language,
            recorded_on=row.day,
            sha256=bytes(row.digest).hex(),
            index=_public_index(row),
        )
        for row in rows.defer("statement", "note__digest", "note__kind", "note__day")
    )


def _public_index(row: CarriedOver) -> int | None:
    batch = row.note.batch
    return row.note.index if batch and batch.state == Batch.State.PUBLISHED else None
