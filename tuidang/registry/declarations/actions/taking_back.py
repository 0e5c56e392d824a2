# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking leaves back before they are public: for an undo and for a withdrawal alike."""

from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.transparency.actions import retract_leaf


def take_back_leaves(row: Declaration) -> int:
    """Delete the persons of a declaration and retract their leaves; return how many leaves.

    Raises transparency's LeafPublished, and changes nothing, once one of them is public.
    """
    persons = Person.objects.filter(declaration=row).select_related("leaf")
    leaves = [person.leaf for person in persons if person.leaf is not None]
    persons.delete()  # they protect their leaves
    for leaf in leaves:
        retract_leaf(leaf)
    return len(leaves)
