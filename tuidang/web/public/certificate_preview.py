# SPDX-License-Identifier: AGPL-3.0-or-later
"""The preview of an application: what will be sealed to the certificate office, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext

from tuidang.pure.intake.organizations import organization_words
from tuidang.pure.ledger.links import canonical_legal_name
from tuidang.registry.certificates.actions import Wish
from tuidang.web.public.certificate_fields import Block
from tuidang.web.public.certificate_form import ApplicationForm
from tuidang.web.shared.certificate_choices import APPLICANTS, LOOKS, PROOFS, SCRIPTS, URGENCIES
from tuidang.web.shared.choices import said_organizations, word

Rows = list[tuple[str, str]]


@dataclass(frozen=True, repr=False)
class PreviewedApplication:
    """One person's certificate, in words."""

    number: int
    rows: Rows


@dataclass(frozen=True, repr=False)
class ApplicationPreview:
    """The whole preview; `hidden` are the form's fields, to be sent once more."""

    people: list[PreviewedApplication]
    rows: Rows
    hidden: Rows


def preview_of(form: ApplicationForm, ticket: str) -> ApplicationPreview:
    """Put a form that was checked into words; `ticket` carries the code on."""
    people = [
        PreviewedApplication(wish.number, _said(wish, block))
        for wish, block in zip(form.wishes(), form.blocks, strict=True)
    ]
    return ApplicationPreview(people, _common(form), [("ticket", ticket), *form.hidden()])


def _said(wish: Wish, block: Block) -> Rows:
    birth = wish.birth_date.isoformat()
    if not wish.show_birth_date:
        birth = gettext("%(day)s, not on the page") % {"day": birth}
    orgs = organization_words(wish.orgs) if wish.orgs else ()
    rows = [
        (gettext("Legal name, as in the passport"), canonical_legal_name(wish.legal_name)),
        (gettext("Name in Chinese characters"), wish.chinese_name),
        (gettext("Birth date"), birth),
        (gettext("Place of birth"), wish.birth_place),
        (gettext("Organisations on the page"), said_organizations(orgs) or gettext("none")),
        (gettext("Alias"), gettext("is shown") if wish.show_alias else ""),
        (gettext("Stated, not proven"), wish.stated_on.isoformat() if wish.stated_on else ""),
        (gettext("Corrects the certificate"), wish.replaces),
        (gettext("Who applies"), word(APPLICANTS, block.values["relation"])),
    ]
    return [(label, value) for label, value in rows if value]


def _common(form: ApplicationForm) -> Rows:
    values = form.values
    rows = [
        (gettext("Proof"), word(PROOFS, values["proof"])),
        (gettext("Identity check"), word(LOOKS, values["look"])),
        (gettext("Writing on the page"), word(SCRIPTS, values["script"])),
        (gettext("Needed"), gettext(URGENCIES[form.urgency])),
        (gettext("Day of an interview or a flight"), values["needed"]),
        (gettext("Second word"), gettext("chosen; it is not shown")),
    ]
    return [(label, value) for label, value in rows if value]
