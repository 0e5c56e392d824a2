# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who did something, as an opaque value that every room can hold without a foreign key."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Doer:
    """Someone who acts: a volunteer, a command, the timetable. The alias is for people's eyes."""

    id: UUID
    alias: str


# The registry's own timetable and commands: one fixed id, so that two-person rules see one person.
REGISTRY = Doer(id=UUID(int=0), alias="registry")
# The public door acts for whoever holds a receipt code; nobody is named.
DECLARANT = Doer(id=UUID(int=1), alias="declarant")
