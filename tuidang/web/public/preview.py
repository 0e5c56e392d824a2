# SPDX-License-Identifier: AGPL-3.0-or-later
"""The preview: what will be recorded, person by person, and what in the text points at somebody."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop, ngettext

from tuidang.pure.intake.declaration import Declaration, Person, Unnamed
from tuidang.pure.intake.organizations import organization_words
from tuidang.pure.intake.pointers import PointerKind, pointers
from tuidang.web.public.countries import COUNTRIES
from tuidang.web.public.form import Form
from tuidang.web.shared.choices import CONSENTS, KINDS, SPEAKERS, said_organizations, word

# More unnamed than this need a second volunteer (intake spec, section 1).
UNNAMED_FOR_ONE = 20
POINTERS: dict[PointerKind, str] = {
    "identity_number": gettext_noop("identity number"),
    "phone": gettext_noop("telephone number"),
    "mail": gettext_noop("mail address"),
    "url": gettext_noop("web address"),
    "messenger": gettext_noop("name in a messenger"),
    "school": gettext_noop("school"),
    "employer": gettext_noop("employer or office"),
    "town": gettext_noop("town"),
}


@dataclass(frozen=True)
class PreviewedPerson:
    """One row of the preview, in words."""

    name: str
    kind: str
    organizations: str
    speaker: str
    countable: bool


@dataclass(frozen=True)
class Preview:
    """The whole preview, in words; `hidden` are the form's fields, to be sent once more."""

    people: list[PreviewedPerson]
    size: int
    needs_two: bool
    statement: list[tuple[str, bool]]
    pointed_out: str
    place: str
    stated_on: str
    bind: str
    earlier: bool
    counted_before: bool
    speaks_for_self: bool
    hidden: list[tuple[str, str]]


def preview_of(declaration: Declaration, form: Form) -> Preview:
    """Put a checked declaration into words, with the fields that it came from."""
    others, bind = declaration.unnamed, declaration.bind
    people = [_person(person) for person in declaration.persons]
    return Preview(
        people=people + ([_others(others)] if others else []),
        size=declaration.size,
        needs_two=others is not None and others.count > UNNAMED_FOR_ONE,
        statement=list(_marked(declaration.statement)),
        pointed_out=_pointed_out(declaration.statement),
        place=_place(declaration),
        stated_on=declaration.stated_on.isoformat() if declaration.stated_on else "",
        bind=f"{bind.legal_name} · {bind.birth_date}" if bind else "",
        earlier=declaration.earlier_receipt is not None,
        counted_before=declaration.counted_before,
        speaks_for_self=declaration.self_number is not None,
        hidden=_hidden(form),
    )


def _person(person: Person) -> PreviewedPerson:
    speaker = word(SPEAKERS, person.declared_by)
    return PreviewedPerson(
        name=person.name,
        kind=word(KINDS, person.kind),
        organizations=said_organizations(organization_words(person.organizations)),
        speaker=speaker if person.consent is None else f"{speaker} · {_consent(person.consent)}",
        countable=person.consent != "unasked",
    )


def _others(others: Unnamed) -> PreviewedPerson:
    words = ngettext(
        "%(count)s person without a name", "%(count)s people without names", others.count
    )
    return PreviewedPerson(
        name=words % {"count": others.count},
        kind="",
        organizations=said_organizations(organization_words(others.organizations)),
        speaker=f"{word(SPEAKERS, others.declared_by)} · {_consent(others.consent)}",
        countable=others.consent != "unasked",
    )


def _consent(code: str) -> str:
    """Say a consent; that it is not counted stands in the preview anyway."""
    return gettext("They could not be asked") if code == "unasked" else word(CONSENTS, code)


def _marked(statement: str) -> Iterator[tuple[str, bool]]:
    """Cut the statement where something points at somebody; True marks such a piece."""
    at = 0
    for pointer in pointers(statement):
        yield statement[at : pointer.start], False
        yield statement[pointer.start : pointer.end], True
        at = pointer.end
    if statement[at:]:
        yield statement[at:], False


def _pointed_out(statement: str) -> str:
    """Name the kinds of what was found, each once."""
    kinds = dict.fromkeys(pointer.kind for pointer in pointers(statement))
    return gettext(", ").join(gettext(POINTERS[kind]) for kind in kinds)


def _place(declaration: Declaration) -> str:
    place = declaration.place
    if place is None:
        return ""
    country = gettext(COUNTRIES.get(place.country, place.country))
    return f"{country} · {place.province}" if place.province else country


def _hidden(form: Form) -> list[tuple[str, str]]:
    typed = [
        (name, value) for name in form.field_names for value in form.typed.get(name, []) if value
    ]
    ticket = [("earlier-ticket", form.earlier_ticket)] if form.earlier_ticket else []
    return [*typed, ("rows", str(len(form.people))), *ticket, ("key", form.key)]
