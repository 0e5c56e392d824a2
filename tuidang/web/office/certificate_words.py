# SPDX-License-Identifier: AGPL-3.0-or-later
"""The certificate office's own words for codes, and the refusals that it alone makes.

A code without words here is a fault that a test finds; a page never shows a bare code.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from tuidang.registry.certificates.errors import CertificateError


class CheckNotChosen(CertificateError):
    """An identity check was to be recorded, and none was chosen."""

    code = "check_not_chosen"


class DocumentNotChosen(CertificateError):
    """A document was seen, and it was not said of which kind."""

    code = "document_not_chosen"


class CheckDayUnreadable(CertificateError):
    """A document was seen, and it was not said on which day."""

    code = "check_day_unreadable"


class RevocationUnconfirmed(CertificateError):
    """Revoking cannot be taken back, and the tick was missing."""

    code = "revocation_unconfirmed"


class NoApplicationTicked(CertificateError):
    """Something was to be signed with the ticked ones, and none was ticked."""

    code = "no_application_ticked"


CHECKS: Mapping[str, str] = {
    "S": gettext_noop("S · Self-stated. Nobody looked at a document."),
    "R": gettext_noop(
        "R · Stated by another on the person’s behalf. Nobody looked at a document, and the "
        "person can confirm it later."
    ),
    "V": gettext_noop(
        "V · You saw a document of this person, at a desk or in a call, and the name and the "
        "birth date in it are those above."
    ),
    "P": gettext_noop("P · Two people who know this person vouched for them to you."),
}
DOCUMENTS: Mapping[str, str] = {
    "passport": gettext_noop("passport"),
    "id_card": gettext_noop("identity card"),
    "travel_document": gettext_noop("travel document"),
    "residence_permit": gettext_noop("residence permit"),
    "driving_licence": gettext_noop("driving licence"),
    "household_register": gettext_noop("household register"),
    "other": gettext_noop("another kind of document"),
}
REFUSALS: Mapping[str, str] = {
    "not_the_person": gettext_noop("not seen to be this person"),
    "name_differs": gettext_noop("the name differs from the document"),
    "not_accepted": gettext_noop("the declaration itself is not accepted"),
    "linked_before": gettext_noop("linked to another legal name"),
    "unreadable": gettext_noop("cannot be read"),
    "abuse": gettext_noop("abuse"),
}
REVOCATIONS: Mapping[str, str] = {
    "corrected": gettext_noop("replaced by a corrected one"),
    "holder_asked": gettext_noop("the holder asked for it"),
    "identity_wrong": gettext_noop("it names the wrong person"),
    "not_voluntary": gettext_noop("the declaration was not of their own will"),
    "declaration_withdrawn": gettext_noop("the declaration was withdrawn"),
    "issued_in_error": gettext_noop("issued in error"),
    "key_compromised": gettext_noop("the key that signed it fell into wrong hands"),
}
STATES: Mapping[int, str] = {
    0: gettext_noop("valid"),
    1: gettext_noop("revoked"),
    3: gettext_noop("superseded"),
}
FLAGGED: Mapping[str, str] = {
    "declaration_withdrawn": gettext_noop("The declarant withdrew the declaration."),
    "not_voluntary": gettext_noop("The declaration turned out not to be of their own will."),
    "test": gettext_noop("The declaration turned out to be a test."),
    "unasked": gettext_noop("The person had not been asked."),
}
WAITS_FOR: Mapping[str, str] = {
    "acceptance": gettext_noop("waits until the declaration is accepted"),
    "log": gettext_noop("waits for the next publication of the log"),
}
# What only this office can refuse, and what the paper can; the rest has words in `web.shared`.
CERTIFICATE_REFUSALS: Mapping[str, str] = {
    "check_not_chosen": gettext_noop("Please choose how the identity was checked."),
    "document_not_chosen": gettext_noop("Please choose the kind of document that you saw."),
    "check_day_unreadable": gettext_noop("Please say on which day you saw the document."),
    "revocation_unconfirmed": gettext_noop("To revoke, please tick the box first."),
    "no_application_ticked": gettext_noop("Please tick at least one application."),
    "fonts_missing": gettext_noop(
        "The fonts of the paper are not installed. Please tell the operator."
    ),
    "characters_missing": gettext_noop("No font of the paper has one of the characters."),
    "characters_alike": gettext_noop(
        "Two different characters would look the same on the paper, so it could not be checked."
    ),
    "page_full": gettext_noop("What the certificate says does not fit on one page."),
    "not_typeset": gettext_noop("The page could not be set. Please tell the operator."),
    "not_our_paper": gettext_noop("The page could not be signed. Please tell the operator."),
    "signature_too_large": gettext_noop("The page could not be signed. Please tell the operator."),
}
