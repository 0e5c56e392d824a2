# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commitments and openings of the persons of a declaration, computed as it comes in.

Salts come from the operating system, one set for each leaf (log spec, sections 1 and 2). They
leave here only inside the packet, which is sealed to the declarant; whoever calls must not
keep them.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tuidang.pure.intake.declaration import Declaration, Head
from tuidang.pure.ledger.commitments import FIELD_SALT_SIZE, FIELDS, HOLDER, SALT_SIZE
from tuidang.pure.ledger.links import identity_binding
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.receipt import DeclarantKeys

_SALTS_SIZE = SALT_SIZE + FIELDS * FIELD_SALT_SIZE


@dataclass(frozen=True, slots=True, repr=False)
class LeafToBe:
    """What one person gives: the commitment, the holder's salted digest, the opening's JSON."""

    number: int
    commitment: bytes
    holder_digest: bytes
    opening: bytes


def leaves_to_be(
    declaration: Declaration, keys: DeclarantKeys, *, origin: str, day: date
) -> Iterator[LeafToBe]:
    """Commit to every person of a declaration, in their order, under fresh salts."""
    size = declaration.size
    random = secrets.token_bytes(size * _SALTS_SIZE)
    iso_day = day.isoformat().encode()
    for at, head in enumerate(declaration.people()):
        salts = random[at * _SALTS_SIZE : (at + 1) * _SALTS_SIZE]
        holder = keys.holder_public(head.number)
        values = _values(head, iso_day, holder, _binding(declaration, keys, head))
        yield _leaf_to_be(head.number, origin, salts, values)


def packet(leaves: Iterable[LeafToBe], *, origin: str, day: date, of_a_list: bool) -> bytes:
    """Write the declarant's packet: JSON with day, origin, and each person's whole opening.

    `{"day", "list"?, "openings": [{"number", "opening"}, ...], "origin"}`; an opening has the form
    of `Opening.to_json`. `list` is true where the code is in a collector's hands, and absent
    elsewhere: it certifies nobody, and the table does not keep how a declaration came.
    """
    openings = b",".join(
        b'{"number":%d,"opening":%s}' % (leaf.number, leaf.opening) for leaf in leaves
    )
    # An origin is plain ASCII without quotes (log spec, section 6), so this is JSON as it stands.
    mark = '"list":true,' if of_a_list else ""
    head, tail = f'{{"day":"{day.isoformat()}",{mark}"openings":[', f'],"origin":"{origin}"}}'
    return head.encode() + openings + tail.encode()


def _values(head: Head, iso_day: bytes, holder: bytes, binding: bytes) -> tuple[bytes, ...]:
    """Give the six fields of a D leaf (log spec, section 2); an absent one is empty."""
    orgs, klass = bytes([head.organizations]), bytes([head.klass])
    return iso_day, orgs, klass, head.name.encode(), holder, binding


def _binding(declaration: Declaration, keys: DeclarantKeys, head: Head) -> bytes:
    """Bind the legal name to the person who declares for themselves, if that was wished."""
    if declaration.bind is None or head.number != declaration.self_number:
        return b""
    bind = declaration.bind
    return identity_binding(keys.identity_key(head.number), bind.legal_name, bind.birth_date)


def _leaf_to_be(number: int, origin: str, salts: bytes, values: tuple[bytes, ...]) -> LeafToBe:
    field_salts = [
        salts[at : at + FIELD_SALT_SIZE] for at in range(SALT_SIZE, _SALTS_SIZE, FIELD_SALT_SIZE)
    ]
    opening = Opening.of(salts[:SALT_SIZE], field_salts, values)
    holder_digest = opening.digests[HOLDER - 1]
    return LeafToBe(number, opening.commitment(origin), holder_digest, opening.to_json())
