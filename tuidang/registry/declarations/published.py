# SPDX-License-Identifier: AGPL-3.0-or-later
"""A published person as the office looks at them, before two volunteers say: count no longer.

Found by the entry of the log, which anybody may name: whoever holds the receipt code sees it.
The name is there only as long as the sealed text is. It is not shown by itself, since whoever
walked through the numbers would read everybody's: opening it is a deed (`actions.recalling`).
"""

from dataclasses import dataclass
from uuid import UUID

from tuidang.pure.intake.persons import Head
from tuidang.pure.intake.stored import StoredError
from tuidang.registry.declarations.errors import EntryUnknown, SealedGone
from tuidang.registry.declarations.models import Person, Recall
from tuidang.registry.declarations.opened import open_sealed
from tuidang.registry.transparency.models import Batch, Leaf
from tuidang.registry.vault.errors import Unopenable
from tuidang.registry.vault.unlocked import Unlocked


@dataclass(frozen=True, slots=True)
class PublishedPerson:
    """One person with their leaf, and the recall if there is one."""

    person: Person
    leaf: Leaf
    recall: Recall | None


def find_entry(index: int) -> Person:
    """Return the person whose D entry stands at an index of the published log.

    Raises EntryUnknown for every other entry, and for earlier records, of which nobody here
    knows a declaration.
    """
    found = Person.objects.filter(leaf__index=index, leaf__batch__state=Batch.State.PUBLISHED)
    person = found.first()
    if person is None:
        raise EntryUnknown
    return person


def look_at(person_id: UUID) -> PublishedPerson:
    """Return a published person by the row's id; raises EntryUnknown if there is none."""
    rows = Person.objects.select_related("declaration", "leaf__batch")
    person = rows.filter(pk=person_id, leaf__batch__state=Batch.State.PUBLISHED).first()
    if person is None or person.leaf is None:
        raise EntryUnknown
    recalls = Recall.objects.select_related("correction__batch").filter(person=person)
    return PublishedPerson(person, person.leaf, recalls.first())


def head_of(person: Person, unlocked: Unlocked) -> Head | None:
    """Open what was declared of a person, None if it is deleted or these keys do not open it."""
    try:
        people = open_sealed(person.declaration, unlocked).declaration.people()
    except (SealedGone, Unopenable, StoredError):
        return None
    return next((head for head in people if head.number == person.number), None)
