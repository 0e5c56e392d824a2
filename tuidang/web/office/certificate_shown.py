# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the office's pages show of an opened application, in words. Lives for one answer."""

import base64
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from tuidang.pure.credential.claims import Claims, IdentityCheck
from tuidang.pure.credential.face import Face, Script, face, shown_name
from tuidang.pure.intake.organizations import organization_words
from tuidang.registry.certificates.applied import Applied
from tuidang.registry.certificates.drafting import draft
from tuidang.registry.certificates.models import Application
from tuidang.registry.certificates.opened import OpenedApplication
from tuidang.registry.certificates.policies import is_accepted
from tuidang.registry.certificates.queue import waits_for
from tuidang.verify.errors import TrustError
from tuidang.web.office.certificate_words import DOCUMENTS, WAITS_FOR
from tuidang.web.shared.certificate_choices import APPLICANTS, LOOKS, PROOFS, SCRIPTS, URGENCIES
from tuidang.web.shared.choices import CLASSES, said_organizations, word

Rows = list[tuple[str, str]]
HTML_LANGUAGE = {"Hans": "zh-Hans", "Hant": "zh-Hant"}


@dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """The page of the paper in words, perhaps as a picture too (an address of its own, RFC 2397).

    `proven`: its days stand in the log already.
    """

    face: Face
    lang: str
    proven: bool
    picture: str = ""


def applied_rows(opened: OpenedApplication, day: date) -> Rows:
    """Say what was applied for."""
    applied, row = opened.applied, opened.row
    rows = [
        (gettext("Legal name, as in the passport"), _legal_name(applied)),
        (gettext("Name in Chinese characters"), applied.chinese_name),
        (gettext("Birth date"), _birth_date(applied)),
        (gettext("Place of birth"), applied.birth_place),
        (gettext("Declared"), _declared(applied)),
        (gettext("Organisations declared"), _organizations(applied.declared_orgs)),
        (gettext("Organisations on the page"), _organizations(applied.orgs)),
        (gettext("Stated, not proven"), applied.stated_on.isoformat() if applied.stated_on else ""),
        (gettext("Who applies"), word(APPLICANTS, applied.relation)),
        (gettext("Document"), word(LOOKS, applied.look)),
        (gettext("Needed"), _needed(row, applied, day)),
        (gettext("Proof"), word(PROOFS, "with" if applied.with_proof else "without")),
        (gettext("Writing on the page"), word(SCRIPTS, applied.script)),
        (gettext("Corrects the certificate"), applied.replaces),
    ]
    return [(label, value) for label, value in rows if value]


def state_rows(row: Application) -> Rows:
    """Say how far declaration and link are in the log."""
    return [
        (gettext("Declaration"), _declaration(row)),
        (gettext("Link to the legal name"), _link(row)),
    ]


def check_words(check: IdentityCheck) -> str:
    """Say an identity check that was recorded, in short."""
    parts: list[str] = [check.code]
    if check.document:
        parts.append(word(DOCUMENTS, check.document))
    if check.day:
        parts.append(check.day.isoformat())
    return " · ".join(parts)


def preview_of(
    opened: OpenedApplication, check: IdentityCheck, day: date, *, picture: bool = False
) -> Preview | None:
    """Put what the paper will say into words, as far as it is known today.

    None where the installation has no trust bundle that can be read. Raises paper's errors.
    """
    try:
        found = draft(opened, check, day=day)
    except (TrustError, OSError):
        return None
    script = opened.applied.script
    shown = _picture(found.claims, script) if picture else ""
    return Preview(face(found.claims, script), HTML_LANGUAGE[script], found.proven, shown)


def waits_words(row: Application) -> str:
    """Say what keeps a prepared application from being signed; "" if nothing does."""
    return word(WAITS_FOR, waits_for(row)) if waits_for(row) else ""


def _picture(claims: Claims, script: Script) -> str:
    """Set the page, marked as a sample. The typesetter is loaded here: most pages never need it."""
    from tuidang.registry.certificates.paper.paper import make_sample_picture

    content = base64.b64encode(make_sample_picture(claims, script))
    return f"data:image/png;base64,{content.decode('ascii')}"


def _legal_name(applied: Applied) -> str:
    return f"{shown_name(applied.legal_name)} ({applied.legal_name})"


def _birth_date(applied: Applied) -> str:
    day = applied.birth_date.isoformat()
    if applied.show_birth_date:
        return day
    return gettext("%(day)s, not on the page") % {"day": day}


def _declared(applied: Applied) -> str:
    how = gettext(CLASSES[applied.klass])
    return f"{how}: {applied.declared_name}" if applied.declared_name else how


def _organizations(byte: int) -> str:
    return said_organizations(organization_words(byte)) if byte else gettext("none")


def _needed(row: Application, applied: Applied, day: date) -> str:
    words = gettext(URGENCIES[row.urgency])
    if applied.needed_by is None:
        return words
    facts = {"words": words, "day": applied.needed_by.isoformat()}
    return gettext("%(words)s; interview or flight on %(day)s") % facts


def _declaration(row: Application) -> str:
    facts = {"day": row.declaration.day.isoformat()}
    if row.declaration.state == row.declaration.State.RECEIVED:
        return gettext("received on %(day)s; not reviewed yet") % facts
    if not is_accepted(row.declaration):
        return gettext("received on %(day)s; not accepted") % facts
    if row.declaration.received:
        return gettext("received on %(day)s; its receipt is in the log") % facts
    return gettext("received on %(day)s; its receipt goes out with the next publication") % facts


def _link(row: Application) -> str:
    if row.link is None:
        return gettext("is asked for once the identity check is recorded")
    if row.link.index is None:
        return gettext("goes out with the next publication")
    return gettext("is in the log")
