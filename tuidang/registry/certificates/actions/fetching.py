# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing certificates over: with receipt code and second word, or once by a pick-up code.

Runs in the public process: what leaves here exists in the clear for one answer. A used pick-up
and a wish to erase are marked by a row; the timetable deletes what they name.
"""

import secrets
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tuidang.pure.receipt import Code, DeclarantKeys, mailbox_identity, mailbox_recipient
from tuidang.registry.certificates.delivery import Delivery, Packed
from tuidang.registry.certificates.errors import (
    NothingToFetch,
    PickedUpAlready,
    PickupUnknown,
    WrongWord,
)
from tuidang.registry.certificates.keyed_hashes import pickup_hash
from tuidang.registry.certificates.models import Erasure, PickedUp, Pickup
from tuidang.registry.certificates.second_word import WordOpener
from tuidang.registry.declarations.models import Declaration, Request
from tuidang.registry.vault.models import Mail
from tuidang.registry.vault.sealing import seal, unseal

CODE_BYTES = 11


def pieces_of(declaration: Declaration) -> list[tuple[UUID, date]]:
    """Return the certificates in the mailbox from outside, the newest first: piece and day."""
    return [(mail.pk, mail.day) for mail in _pieces(declaration)]


def fetch(declaration: Declaration, code: Code, word: str) -> list[Delivery]:
    """Open every certificate that the second word opens, the newest first.

    Persons of one declaration may have chosen different words. Raises NothingToFetch where
    there is none, WrongWord where the word opens none.
    """
    identity = [mailbox_identity(DeclarantKeys(code, settings.ORIGIN).mailbox_secret)]
    pieces = _pieces(declaration)
    if not pieces:
        raise NothingToFetch
    found = list(_opened(pieces, identity, WordOpener(word)))
    if not found:
        raise WrongWord
    return found


def make_pickup(declaration: Declaration, code: Code, word: str, piece: UUID, *, day: date) -> Code:
    """Seal one certificate to a new code, which hands it over once; return that code.

    Raises NothingToFetch for a piece that is not there, WrongWord for one that stays closed.
    """
    found = [each for each in fetch(declaration, code, word) if each.piece == piece]
    if not found:
        raise NothingToFetch
    pickup_code = Code(secrets.token_bytes(CODE_BYTES))
    keys = DeclarantKeys(pickup_code, settings.ORIGIN)
    content = Packed(found[0].number, found[0].files).to_bytes()
    sealed = seal(content, [mailbox_recipient(keys.mailbox_secret)])
    Pickup.objects.create(lookup=pickup_hash(keys.lookup), sealed=sealed, day=day)
    return pickup_code


def pick_up(code: Code) -> Delivery:
    """Hand a certificate over, once. Raises PickupUnknown and PickedUpAlready."""
    keys = DeclarantKeys(code, settings.ORIGIN)
    pickup = Pickup.objects.filter(lookup=pickup_hash(keys.lookup)).first()
    if pickup is None:
        raise PickupUnknown
    if not pickup.sealed:
        raise PickedUpAlready
    identity = [mailbox_identity(keys.mailbox_secret)]
    packed = Packed.from_bytes(unseal(bytes(pickup.sealed), identity))
    try:  # marked last: whatever fails before this uses nothing up
        with transaction.atomic():
            PickedUp.objects.create(pickup=pickup)
    except IntegrityError as error:
        raise PickedUpAlready from error
    return Delivery(packed.number, pickup.day, packed.files)


def ask_erasure_of_certificate(declaration: Declaration, piece: UUID, *, day: date) -> None:
    """Ask that a certificate leave the mailbox; asking twice is the same as once.

    It stays valid: whoever has it can show it. Raises NothingToFetch.
    """
    mail = _certificates(declaration).filter(pk=piece).only("id").first()
    if mail is None:
        raise NothingToFetch
    try:
        with transaction.atomic():
            Erasure.objects.create(mail=mail, day=day)
    except IntegrityError:
        pass  # asked already


def _certificates(declaration: Declaration) -> QuerySet[Mail]:
    return Mail.objects.filter(mailbox=declaration.lookup, kind=Mail.Kind.CERTIFICATE)


def _pieces(declaration: Declaration) -> list[Mail]:
    """Return the pieces that are there and not to be erased, the newest first."""
    waiting = Request.objects.waiting().filter(declaration=declaration.pk)
    if waiting.filter(kind=Request.Kind.ERASE).exists():
        return []
    leaving = Erasure.objects.values("mail_id")
    return list(_certificates(declaration).exclude(pk__in=leaving).order_by("-day", "id"))


def _opened(pieces: list[Mail], identity: list[str], opener: WordOpener) -> Iterator[Delivery]:
    for mail in pieces:
        try:
            packed = Packed.from_bytes(opener.open(unseal(bytes(mail.sealed), identity)))
        except WrongWord:
            continue
        yield Delivery(packed.number, mail.day, packed.files, mail.pk)
