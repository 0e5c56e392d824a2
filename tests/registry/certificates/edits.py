# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody with the whole database in their hands might change for an earlier date.

Each edit is given the commitments of somebody early and of the person who would like to be.
"""

from collections.abc import Callable

from tests.registry.tally.samples import day
from tuidang.pure.merkle.notes import assemble_note, split_note
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.transparency.models import Batch, Leaf, Link, Received


def earlier_day(early: bytes, person: bytes) -> None:
    """Every day in every table is more than a year earlier."""
    Declaration.objects.update(day=day(-400))
    Received.objects.update(day=day(-400))
    Link.objects.update(day=day(-400))
    Leaf.objects.update(day=day(-400))


def earlier_batches(early: bytes, person: bytes) -> None:
    """The batches themselves say so."""
    Batch.objects.update(first_day=day(-400), last_day=day(-400))


def into_an_earlier_r(early: bytes, person: bytes) -> None:
    """The commitment is said to stand in the first R, beside the others."""
    first = Batch.objects.get(number=0)
    Received.objects.filter(commitment=person).update(batch=first)


def into_the_place_of_another(early: bytes, person: bytes) -> None:
    """The commitment takes the place of another in the first R."""
    first = Batch.objects.get(number=0)
    Received.objects.filter(commitment=early).delete()
    Received.objects.filter(commitment=person).update(batch=first)


def link_into_an_earlier_batch(early: bytes, person: bytes) -> None:
    """The link takes the place of an earlier one."""
    taken = Link.objects.get(batch__number=0)
    index, batch = taken.index, taken.batch
    Link.objects.filter(pk=taken.pk).update(index=10_000)
    Link.objects.exclude(pk=taken.pk).update(index=index, batch=batch)


def link_is_another_link(early: bytes, person: bytes) -> None:
    """The link takes over the nullifier of an earlier one, too."""
    first = Link.objects.get(batch__number=0)
    Link.objects.filter(pk=first.pk).update(index=10_000, nullifier=bytes(32))
    taken = {"index": first.index, "batch": first.batch, "nullifier": bytes(first.nullifier)}
    Link.objects.exclude(pk=first.pk).update(**taken)


def leaf_at_another_place(early: bytes, person: bytes) -> None:
    """The leaf takes the place of an earlier one."""
    taken = Leaf.objects.get(commitment=early)
    Leaf.objects.filter(pk=taken.pk).update(index=10_000)
    Leaf.objects.filter(commitment=person).update(index=taken.index, batch=taken.batch)


def an_earlier_checkpoint(early: bytes, person: bytes) -> None:
    """Later batches have the checkpoint of the first."""
    first = Batch.objects.get(number=0)
    Batch.objects.filter(number__gt=0).update(checkpoint=first.checkpoint)


def an_earlier_clock(early: bytes, person: bytes) -> None:
    """The clock's line of the first batch, below the checkpoint of a later one."""
    line = split_note(Batch.objects.get(number=0).checkpoint.encode())[1][1].text
    for row in Batch.objects.filter(number__gt=0):
        text, lines = split_note(row.checkpoint.encode())
        row.checkpoint = assemble_note(text, [lines[0].text, line]).decode()
        row.save()


def no_clock(early: bytes, person: bytes) -> None:
    """Later batches have lost the line of the clock."""
    for row in Batch.objects.filter(number__gt=0):
        text, lines = split_note(row.checkpoint.encode())
        row.checkpoint = assemble_note(text, [lines[0].text]).decode()
        row.save()


Edit = Callable[[bytes, bytes], None]
EDITS: list[Edit] = [
    earlier_day,
    earlier_batches,
    into_an_earlier_r,
    into_the_place_of_another,
    link_into_an_earlier_batch,
    link_is_another_link,
    leaf_at_another_place,
    an_earlier_checkpoint,
    an_earlier_clock,
    no_clock,
]
