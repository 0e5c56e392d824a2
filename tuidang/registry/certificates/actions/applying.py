# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applying for certificates with a receipt code, sealed to the certificate office.

Runs in the public process, which has no key to what it writes. While the code is there for one
answer the holder key signs the link to the legal name, and the leaf of that link gets its
salts; both are sealed and forgotten. Nothing here may keep the code, a name or a second word.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction

from tuidang.pure.credential.numbers import read_number
from tuidang.pure.ledger.commitments import (
    CLASS_FIELD,
    FIELD_SALT_SIZE,
    FIELDS,
    HOLDER,
    IDENTITY,
    NAME,
    ORGS_FIELD,
    SALT_SIZE,
)
from tuidang.pure.ledger.entries import OTHER_NAMED, SELF_NAMED
from tuidang.pure.ledger.links import (
    canonical_legal_name,
    identity_binding,
    nullifier,
    sign_link,
)
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.receipt import Code, DeclarantKeys, mailbox_identity
from tuidang.registry.certificates.applied import Applied, link_word
from tuidang.registry.certificates.errors import (
    AppliedAlready,
    LinkedToAnotherName,
    NotCertifiable,
    WishesRefused,
    WrongWord,
)
from tuidang.registry.certificates.fitting import fits
from tuidang.registry.certificates.keyed_hashes import number_hash
from tuidang.registry.certificates.models import Application, Certificate
from tuidang.registry.certificates.policies import check_can_apply
from tuidang.registry.certificates.second_word import WordKey, WordOpener, check_word
from tuidang.registry.certificates.wishes import Wish, WishProblem, unprintable, wish_problems
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.vault.actions import seal_to_ring
from tuidang.registry.vault.models import Mail, RingKey
from tuidang.registry.vault.sealing import unseal

Link = tuple[Opening, bytes]  # the opening of an L leaf, and its nullifier


@dataclass(frozen=True, slots=True, repr=False)
class _Holder:
    """A declaration with its code, for one answer: keys, openings, what is linked already."""

    row: Declaration
    keys: DeclarantKeys
    openings: dict[int, Opening]
    links: dict[int, list[bytes]]


def apply(
    declaration: Declaration,
    code: Code,
    wishes: Sequence[Wish],
    *,
    word: str,
    urgency: int,
    language: str,
    day: date,
    needed_by: date | None = None,
) -> list[Application]:
    """Apply for a certificate for each of these persons, all or none, in their order.

    `word` is the second word, which opens what comes of it; `urgency` one of
    Application.Urgency; `needed_by`, the day of an interview, is sealed. Raises NotCertifiable,
    WordUnfit, WishesRefused, LinkedToAnotherName, AppliedAlready, vault's NoRecipient.
    """
    holder = _look(declaration, code, wishes, word, day)
    _check_none_waits(declaration, wishes)
    lock = WordKey.new(word)  # one salt for all of them: fetching costs as much as for one
    rows = []
    for wish in wishes:
        applied = _applied(holder, wish, lock, needed_by, day)
        month, sealed = seal_to_ring(applied.to_json(), day=day, ring=RingKey.Ring.CERTIFICATES)
        rows.append(
            Application(
                declaration_id=declaration.pk,
                number=wish.number,
                day=day,
                urgency=Application.Urgency(urgency),
                language=language,
                sealed=sealed,
                ring_month=month,
            )
        )
    try:
        with transaction.atomic():
            return Application.objects.bulk_create(rows)
    except IntegrityError as error:
        raise AppliedAlready from error


def check_apply(
    declaration: Declaration, code: Code, wishes: Sequence[Wish], *, word: str, day: date
) -> None:
    """Raise what `apply` would raise now, and store nothing: for a preview."""
    holder = _look(declaration, code, wishes, word, day)
    _check_none_waits(declaration, wishes)
    for wish in wishes:
        _known_link(holder, wish, canonical_legal_name(wish.legal_name))


def check_code(declaration: Declaration, code: Code) -> None:
    """Raise NotCertifiable where this code certifies nobody, as the packet says too."""
    check_can_apply(declaration, ())
    _open(declaration, code)


def _check_none_waits(declaration: Declaration, wishes: Sequence[Wish]) -> None:
    """Raise AppliedAlready before anything is reckoned for what would not be stored."""
    numbers = [wish.number for wish in wishes]
    waiting = Application.objects.open().filter(declaration=declaration.pk, number__in=numbers)
    if waiting.exists() or len(set(numbers)) < len(numbers):
        raise AppliedAlready


def _look(
    declaration: Declaration, code: Code, wishes: Sequence[Wish], word: str, day: date
) -> _Holder:
    check_can_apply(declaration, [wish.number for wish in wishes])
    check_word(word, code)
    holder = _open(declaration, code)
    _check_wishes(holder, wishes, day)
    return holder


def _open(declaration: Declaration, code: Code) -> _Holder:
    """Open the packet and the pieces about links.

    NotCertifiable once the packet is erased, and where it says that the code is that of a list.
    """
    keys = DeclarantKeys(code, settings.ORIGIN)
    if declaration.packet is None:
        raise NotCertifiable("erased")
    identity = [mailbox_identity(keys.mailbox_secret)]
    packet = json.loads(unseal(bytes(declaration.packet), identity))
    if packet.get("list"):
        raise NotCertifiable("list")
    openings = {each["number"]: _opening(each["opening"]) for each in packet["openings"]}
    links: dict[int, list[bytes]] = {}
    mail = Mail.objects.filter(mailbox=declaration.lookup, kind=Mail.Kind.LINKED)
    for sealed in mail.values_list("sealed", flat=True):
        piece = json.loads(unseal(bytes(sealed), identity))
        links.setdefault(piece["number"], []).append(bytes.fromhex(piece["box"]))
    return _Holder(declaration, keys, openings, links)


def _opening(found: dict[str, object]) -> Opening:
    return Opening.from_json(json.dumps(found, sort_keys=True, separators=(",", ":")).encode())


def _check_wishes(holder: _Holder, wishes: Iterable[Wish], day: date) -> None:
    """Raise WishesRefused with everything that is wrong, LinkedToAnotherName after that."""
    problems = [
        problem
        for wish in wishes
        for problem in (*wish_problems(wish, day=day), *_declared_problems(holder, wish))
    ]
    problems = problems or list(_too_much(holder, wishes, day))
    if problems:
        raise WishesRefused(problems)


def _declared_problems(holder: _Holder, wish: Wish) -> Iterator[WishProblem]:
    """Give what does not agree with the declaration, or with earlier certificates."""
    opening = holder.openings[wish.number]
    declared = opening.value(ORGS_FIELD)[0]
    if not 0 <= wish.orgs <= 7 or wish.orgs & ~declared:
        yield WishProblem(wish.number, "orgs", "orgs_not_declared")
    if wish.show_alias:
        yield from _alias_problems(opening, wish)
    if wish.replaces and not _is_replaceable(holder.row, wish):
        yield WishProblem(wish.number, "replaces", "replaces_unknown")


def _alias_problems(opening: Opening, wish: Wish) -> Iterator[WishProblem]:
    """Give what keeps an alias from the paper: there is none, or no font has it."""
    alias = opening.value(NAME).decode()
    if opening.value(CLASS_FIELD)[0] == SELF_NAMED or not alias:
        yield WishProblem(wish.number, "show_alias", "alias_none")
    elif missing := unprintable(alias):
        yield WishProblem(wish.number, "show_alias", "unprintable", {"characters": missing})


def _too_much(holder: _Holder, wishes: Iterable[Wish], day: date) -> Iterator[WishProblem]:
    """Give those for whom a certificate would say more than its code can hold, however checked."""
    for wish in wishes:
        opening = holder.openings[wish.number]
        alias = opening.value(NAME).decode() if wish.show_alias else None
        if not fits(wish, alias, day=day):
            yield WishProblem(wish.number, "birth_place", "does_not_fit")


def _is_replaceable(row: Declaration, wish: Wish) -> bool:
    try:
        hashed = number_hash(read_number(wish.replaces))
    except ValueError:
        return False  # said by the form of the number already
    return Certificate.objects.filter(
        number_hash=hashed,
        state=Certificate.State.VALID,
        application__declaration=row.pk,
        application__number=wish.number,
    ).exists()


def _applied(
    holder: _Holder, wish: Wish, lock: WordKey, needed_by: date | None, day: date
) -> Applied:
    name = canonical_legal_name(wish.legal_name)
    opening = holder.openings[wish.number]
    identity_key = _binding_key(holder, wish, name)
    link, used_up = _known_link(holder, wish, name) or _new_link(holder, wish, name, day)
    return Applied(
        legal_name=name,
        birth_date=wish.birth_date,
        relation=wish.relation,
        chinese_name=wish.chinese_name,
        show_birth_date=wish.show_birth_date,
        birth_place=wish.birth_place,
        orgs=wish.orgs,
        show_alias=wish.show_alias,
        stated_on=wish.stated_on,
        needed_by=needed_by,
        with_proof=wish.with_proof and wish.show_birth_date,
        script=wish.script,
        look=wish.look,
        replaces=read_number(wish.replaces) if wish.replaces else "",
        d_opening=_shown_to_the_office(opening, wish, bound=bool(identity_key)),
        l_opening=link,
        nullifier=used_up,
        identity_key=identity_key,
        second_word=lock,
        link_word=WordKey.new(link_word(name, wish.birth_date)),
    )


def _shown_to_the_office(opening: Opening, wish: Wish, *, bound: bool) -> Opening:
    """Leave out what the office need not see: above all an alias that is not to be printed."""
    fields = {ORGS_FIELD, CLASS_FIELD, HOLDER}
    if wish.show_alias or opening.value(CLASS_FIELD)[0] in (SELF_NAMED, OTHER_NAMED):
        fields.add(NAME)
    return opening.only(fields | {IDENTITY} if bound else fields)


def _binding_key(holder: _Holder, wish: Wish, name: str) -> bytes:
    """Return the identity key if it opens field 6 with this name and birth date, else nothing."""
    bound = holder.openings[wish.number].value(IDENTITY)
    key = holder.keys.identity_key(wish.number)
    opens = bound and bound == identity_binding(key, name, f"{wish.birth_date:%Y%m%d}")
    return key if opens else b""


def _known_link(holder: _Holder, wish: Wish, name: str) -> Link | None:
    """Return the link that there is already, None if there is none; LinkedToAnotherName."""
    boxes = holder.links.get(wish.number, [])
    opener = WordOpener(link_word(name, wish.birth_date))
    for box in boxes:
        try:
            opening = Opening.from_json(opener.open(box))
        except WrongWord:
            continue
        return opening, _nullifier(holder, wish)
    if boxes:
        raise LinkedToAnotherName(wish.number)
    return None


def _new_link(holder: _Holder, wish: Wish, name: str, day: date) -> Link:
    """Sign the link with the holder key, and give its leaf fresh salts (log spec, section 2)."""
    commitment, born = holder.row.commitment(wish.number), f"{wish.birth_date:%Y%m%d}"
    signature = sign_link(holder.keys.holder_seed(wish.number), commitment, name, born)
    values = (
        day.isoformat().encode(),
        commitment,
        name.encode("ascii"),
        born.encode("ascii"),
        signature,
        b"",
    )
    salts = [secrets.token_bytes(FIELD_SALT_SIZE) for _ in range(FIELDS)]
    return Opening.of(secrets.token_bytes(SALT_SIZE), salts, values), _nullifier(holder, wish)


def _nullifier(holder: _Holder, wish: Wish) -> bytes:
    return nullifier(holder.row.commitment(wish.number), holder.keys.holder_public(wish.number))
