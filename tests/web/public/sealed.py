# SPDX-License-Identifier: AGPL-3.0-or-later
"""A public log made of numbers, with its batches in the tables: no declarant, no publisher."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from tests.verify.sample_logs import TRUST, checkpoint_of, ends_of, log_files, write_files
from tuidang.pure.ledger.entries import Seal, day_date, decode
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.tree import root
from tuidang.registry.transparency.models import Batch


def write_log(folder: Path, entries: list[bytes]) -> Path:
    """Write the files of a log, its trusted keys beside it, and a published batch a seal."""
    for end in ends_of(entries):
        if not Batch.objects.filter(size=end).exists():
            batch_of(entries[:end]).save()
    write_files(folder, log_files(entries))
    trusted = folder.with_name("trusted.txt")
    trusted.write_bytes(TRUST)
    return trusted


def batch_of(entries: list[bytes]) -> Batch:
    """Return the row of the batch that these entries end with."""
    seal = decode(entries[-1])
    assert isinstance(seal, Seal)
    return Batch(
        number=seal.batch,
        first_index=seal.first_index,
        size=len(entries),
        root=root([leaf_hash(entry) for entry in entries]),
        first_day=day_date(seal.first_day),
        last_day=day_date(seal.last_day),
        cells=[[cell.orgs, cell.class_, cell.count] for cell in seal.cells],
        flags=seal.flags,
        received=1,
        checkpoint=checkpoint_of(entries).decode(),
        state=Batch.State.PUBLISHED,
    )


def publish_days(days: Iterable[tuple[date, int]], checkpoint: str) -> None:
    """Make the rows of published batches, each with its day and the net count after it."""
    size = Batch.objects.count() * 10
    for number, (day, persons) in enumerate(days, Batch.objects.count()):
        Batch.objects.create(
            number=number,
            first_index=size,
            size=size + 10,
            root=bytes(32),
            first_day=day,
            last_day=day,
            cells=[[1, 0, persons]] if persons else [],
            received=1,
            checkpoint=checkpoint.replace("SIZE", str(size + 10)),
            state=Batch.State.PUBLISHED,
        )
        size += 10
