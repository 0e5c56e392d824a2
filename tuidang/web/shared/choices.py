# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words for the choices of a declaration and for what became of it.

The codes are those of the interface and of the records; the words are for people. One code
has one set of words on every page.
"""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

ORGANIZATIONS: Mapping[str, str] = {
    "party": gettext_noop("Communist Party"),
    "league": gettext_noop("Youth League"),
    "pioneers": gettext_noop("Young Pioneers"),
    "unspecified": gettext_noop("All, not specified"),
}
KINDS: Mapping[str, str] = {
    "alias": gettext_noop("an alias"),
    "real": gettext_noop("the real name"),
}
SPEAKERS: Mapping[str, str] = {
    "self": gettext_noop("Myself"),
    "relative": gettext_noop("A relative of theirs"),
    "friend": gettext_noop("A friend of theirs"),
    "collector": gettext_noop("Someone who collects declarations"),
}
CONSENTS: Mapping[str, str] = {
    "asked": gettext_noop("They asked me to"),
    "agreed": gettext_noop("They know and agree"),
    "unasked": gettext_noop("They could not be asked (recorded, not counted)"),
}
CLASSES: Mapping[int, str] = {
    0: gettext_noop("Declared by themselves, under their own name"),
    1: gettext_noop("Declared by themselves, under an alias"),
    2: gettext_noop("Reported by others, with a name"),
    3: gettext_noop("Reported by others, without a name"),
    7: gettext_noop("Not told, to protect small groups"),
}
DECLARATION_STATES: Mapping[str, str] = {
    "received": gettext_noop("Received. It waits for a volunteer."),
    "accepted": gettext_noop("Accepted."),
    "returned": gettext_noop("A volunteer has a question."),
    "rejected": gettext_noop("Not accepted."),
    "withdrawn": gettext_noop("Withdrawn."),
}
PERSON_STATES: Mapping[str, str] = {
    "received": gettext_noop("received"),
    "counted": gettext_noop("accepted; the entry waits to be published"),
    "logged": gettext_noop("counted and published"),
    "correcting": gettext_noop("published; the weekly publication takes it out of the count"),
    "corrected": gettext_noop("published, and taken out of the count by a correction"),
    "not_counted": gettext_noop("not counted"),
}
NOT_COUNTED: Mapping[str, str] = {
    "repeat": gettext_noop("declared before"),
    "deceased": gettext_noop("deceased"),
    "unasked": gettext_noop("could not be asked"),
    "test": gettext_noop("a test"),
    "not_voluntary": gettext_noop("not of their own will"),
    "rejected": gettext_noop("the declaration was not accepted"),
    "withdrawn": gettext_noop("the declaration was withdrawn"),
}
REJECTIONS: Mapping[str, str] = {
    "test": gettext_noop("It was taken for a test."),
    "not_voluntary": gettext_noop("It does not seem to be of the declarant’s own will."),
    "not_a_declaration": gettext_noop("It does not declare anything."),
    "unreadable": gettext_noop("It could not be understood."),
    "invented": gettext_noop("It seems to be invented."),
    "abuse": gettext_noop("It was sent to disturb."),
}
MANNERS: Mapping[str, str] = {
    "single": gettext_noop("one by one"),
    "cluster": gettext_noop("in groups of similar declarations"),
    "batch": gettext_noop("in a batch, where no rule pointed anything out"),
}


def word(choices: Mapping[str, str], code: str) -> str:
    """Say a code in the active language; one without words comes back as it is."""
    return gettext(choices[code]) if code in choices else code


def options(choices: Mapping[str, str], *, leave_out: str = "") -> list[tuple[str, str]]:
    """Give the pairs of code and words for a form's field, in the active language."""
    return [(code, gettext(words)) for code, words in choices.items() if code != leave_out]


def said_organizations(codes: tuple[str, ...]) -> str:
    """Say a set of organisations in one line."""
    return gettext(", ").join(word(ORGANIZATIONS, code) for code in codes)
