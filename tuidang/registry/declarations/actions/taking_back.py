# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking leaves back before they are public: for an undo and for a withdrawal alike."""

from django.db.models import QuerySet

from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.transparency.actions import retract_leaves


def take_back_leaves(row: Declaration) -> int:
    """Delete the persons of a declaration and retract their leaves; return how many leaves.

    Raises transparency's LeafPublished, and changes nothing, once a batch holds one of them.
    """
    return _take_back(Person.objects.filter(declaration=row))


def take_back_unpublished(row: Declaration) -> int:
    """Do the same for those persons whom no batch holds; the others stay."""
    return _take_back(Person.objects.filter(declaration=row, leaf__index=None))


def _take_back(persons: QuerySet[Person]) -> int:
    found = list(persons.select_related("leaf"))
    Person.objects.filter(pk__in=[person.pk for person in found]).delete()  # they protect leaves
    leaves = [person.leaf for person in found if person.leaf is not None]
    retract_leaves(leaves)
    return len(leaves)
