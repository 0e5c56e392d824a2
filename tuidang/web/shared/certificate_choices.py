# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words for what can be chosen when a certificate is applied for, and for what became of it."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

APPLICATION_STATES: Mapping[str, str] = {
    "waiting": gettext_noop("It waits for a volunteer who records the identity check."),
    "prepared": gettext_noop("Checked. It waits for the log, and for a second volunteer to sign."),
    "issued": gettext_noop("Issued."),
    "refused": gettext_noop("Not issued."),
    "withdrawn": gettext_noop("You have withdrawn this application."),
}
CERTIFICATE_ENDS: Mapping[str, str] = {
    "revoked": gettext_noop("Issued, and revoked since: whoever checks it reads that."),
    "superseded": gettext_noop("Issued, and superseded since by a newer certificate."),
}
APPLICATION_REFUSALS: Mapping[str, str] = {
    "not_the_person": gettext_noop("It could not be seen that the certificate is for this person."),
    "name_differs": gettext_noop("The name differs from the document that was looked at."),
    "not_accepted": gettext_noop("The declaration itself was not accepted."),
    "linked_before": gettext_noop("The declaration is linked to another legal name."),
    "unreadable": gettext_noop("What was applied for could not be understood."),
    "abuse": gettext_noop("It was sent to disturb."),
}
URGENCIES: Mapping[int, str] = {
    1: gettext_noop("within a week"),
    2: gettext_noop("within a month"),
    3: gettext_noop("later, or no date"),
}
APPLICANTS: Mapping[str, str] = {
    "self": gettext_noop("This person: I apply for myself"),
    "relative": gettext_noop("A relative of theirs; for a child under 18, a parent"),
    "friend": gettext_noop("A friend of theirs"),
}
LOOKS: Mapping[str, str] = {
    "none": gettext_noop("No document; the page then says “self-stated, no document examined”"),
    "desk": gettext_noop("A volunteer looks at a document at one of the desks"),
    "call": gettext_noop("A volunteer looks at a document in a call that is booked with a code"),
}
SCRIPTS: Mapping[str, str] = {
    "Hans": gettext_noop("Simplified characters and English"),
    "Hant": gettext_noop("Traditional characters and English"),
}
PROOFS: Mapping[str, str] = {
    "with": gettext_noop("With the proof: the dates can be checked by anyone, without us"),
    "without": gettext_noop("Without: the dates are our statement; a thief can prove less"),
}
