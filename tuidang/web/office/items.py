# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the office's pages show of a declaration, in words. Lives for one answer, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext

from tuidang.pure.intake.declaration import Declaration as Body
from tuidang.pure.intake.organizations import organization_words
from tuidang.pure.intake.persons import Person, Unnamed
from tuidang.registry.audit.doers import Doer
from tuidang.registry.review.actions import Item
from tuidang.registry.review.policies import is_claimed_by_other
from tuidang.web.office.words import CHANNELS, FLAGS, SHOW
from tuidang.web.shared.choices import CONSENTS, SPEAKERS, said_organizations, word

SHOWN_NAMES = 6
EXCERPT = 160
SHORT = 8


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One line of the table of persons."""

    number: str
    name: str
    organizations: str
    declared_by: str
    consent: str
    counted_before: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A declaration in words."""

    id: UUID
    day: date
    short: str
    lang: str
    channel: str
    names: str
    unnamed: int
    people: int
    organizations: str
    excerpt: str
    statement: str
    answers: tuple[str, ...]
    flags: tuple[str, ...]
    facts: tuple[str, ...]
    rows: tuple[Row, ...]
    named: tuple[Row, ...]
    counted_before: bool
    needs_second: bool
    claimed_by_other: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Declarations that stand together: a cluster by its id, or all that are alone (None)."""

    cluster: UUID | None
    items: tuple[Shown, ...]


def show(item: Item, *, by: Doer, now: datetime) -> Shown:
    """Put an opened declaration into words for one volunteer."""
    body = item.opened.declaration
    anew = body.anew if body.counted_before else ()
    named = tuple(_person(n, person, n in anew) for n, person in enumerate(body.persons, 1))
    unnamed = (_unnamed(body.unnamed),) if body.unnamed else ()
    return Shown(
        id=item.id,
        day=item.day,
        short=str(item.id)[:SHORT],
        lang=body.language,
        channel=word(CHANNELS, item.channel),
        names=_names(body.persons),
        unnamed=body.unnamed.count if body.unnamed else 0,
        people=body.size,
        organizations=_all_organizations(body),
        excerpt=body.statement[:EXCERPT] + ("…" if len(body.statement) > EXCERPT else ""),
        statement=body.statement,
        answers=item.opened.answers,
        flags=tuple(_flags(item)),
        facts=tuple(_facts(body)),
        rows=named + unnamed,
        named=named,
        counted_before=body.counted_before,
        needs_second=item.needs_two and item.first_accept is not None,
        claimed_by_other=is_claimed_by_other(item.claim, by=by, now=now),
    )


def group(items: Sequence[Item], *, by: Doer, now: datetime) -> list[Group]:
    """Put a queue, already in order, into groups: each cluster, then all that are alone."""
    groups: list[Group] = []
    for cluster in dict.fromkeys(item.cluster for item in items):
        shown = tuple(show(item, by=by, now=now) for item in items if item.cluster == cluster)
        groups.append(Group(cluster, shown))
    return groups


def _person(number: int, person: Person, counted_before: bool) -> Row:  # noqa: FBT001
    return Row(
        number=str(number),
        name=person.name,
        organizations=said_organizations(organization_words(person.organizations)),
        declared_by=word(SPEAKERS, person.declared_by),
        consent=word(CONSENTS, person.consent) if person.consent else "",
        counted_before=counted_before,
    )


def _unnamed(unnamed: Unnamed) -> Row:
    return Row(
        number=f"+{unnamed.count}",
        name=gettext("without a name"),
        organizations=said_organizations(organization_words(unnamed.organizations)),
        declared_by=word(SPEAKERS, unnamed.declared_by),
        consent=word(CONSENTS, unnamed.consent),
    )


def _names(persons: Sequence[Person]) -> str:
    names = gettext(", ").join(person.name for person in persons[:SHOWN_NAMES])
    return names + (" …" if len(persons) > SHOWN_NAMES else "")


def _all_organizations(body: Body) -> str:
    every = [organization_words(person.organizations) for person in body.persons]
    every += [organization_words(body.unnamed.organizations)] if body.unnamed else []
    return said_organizations(tuple(dict.fromkeys(each for words in every for each in words)))


def _flags(item: Item) -> list[str]:
    return [word(FLAGS, rule) for rule in dict.fromkeys(flag.rule for flag in item.flags)]


def _facts(body: Body) -> list[str]:
    facts = []
    if body.stated_on:
        facts.append(gettext("Date stated: %(day)s") % {"day": body.stated_on.isoformat()})
    if body.place:
        place = " ".join(part for part in (body.place.country, body.place.province) if part)
        facts.append(gettext("Place: %(place)s") % {"place": place})
    if body.declared_before:
        facts.append(gettext("An earlier receipt code was given; the person is not counted again."))
    if body.counted_before:
        facts.append(
            gettext(
                "Says: counted already, by an earlier statement or a list. Recorded with the day "
                "of receipt and not counted again; what is said of an earlier date is not proven."
            )
        )
    if body.show in SHOW:
        facts.append(word(SHOW, body.show))
    return facts
