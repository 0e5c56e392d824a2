# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's own words for codes; those that the public pages use too stand in `web.shared`.

A code without words here is a fault that a test finds; a page never shows a bare code.
"""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from tuidang.registry.declarations.models import Person, Recall
from tuidang.web.office.certificate_words import CERTIFICATE_REFUSALS
from tuidang.web.shared.choices import NOT_COUNTED as EVERY_NOT_COUNTED
from tuidang.web.shared.messages import WORDS as SHARED

CHANNELS: Mapping[str, str] = {
    "web": gettext_noop("web"),
    "onion": gettext_noop("onion service"),
    "hotline": gettext_noop("hotline"),
    "desk": gettext_noop("desk"),
    "letter": gettext_noop("letter"),
    "list": gettext_noop("list"),
    "envelope": gettext_noop("sealed envelope"),
    "import": gettext_noop("import"),
}
SHOW: Mapping[str, str] = {
    "text": gettext_noop("Wishes the text to be shown."),
    "text_and_name": gettext_noop("Wishes text and name to be shown."),
}
REJECTIONS: Mapping[str, str] = {
    "not_a_declaration": gettext_noop("not a declaration"),
    "not_voluntary": gettext_noop("not of their own will"),
    "unreadable": gettext_noop("cannot be read"),
    "test": gettext_noop("a test"),
    "invented": gettext_noop("invented"),
    "abuse": gettext_noop("abuse"),
}
# What a volunteer may say of one person; what follows from the whole declaration is not chosen.
NOT_COUNTED: Mapping[str, str] = {
    code: EVERY_NOT_COUNTED[code] for code in Person.NotCounted.values
}
# Why a published person shall count no longer; that they withdraw, only declarants say.
RECALLS: Mapping[str, str] = {
    code: EVERY_NOT_COUNTED[code] for code in Recall.Reason.values if code != "withdrawn"
}
VERBS: Mapping[str, str] = {
    "accept": gettext_noop("Accepted"),
    "return": gettext_noop("Returned with a question"),
    "reject": gettext_noop("Rejected"),
}
# Each rule of pure.intake.flags: short, for the yellow mark, and as a sentence.
FLAGS: Mapping[str, str] = {
    "contact": gettext_noop("contact details in the text"),
    "place_shown": gettext_noop("school, employer or town, to be shown"),
    "name_shown": gettext_noop("name to be shown"),
    "many_unnamed": gettext_noop("more than 20 without a name"),
    "declared_before": gettext_noop("declared before"),
    "counted_before": gettext_noop("says: counted already"),
    "unasked_by_collector": gettext_noop("could not be asked, by a collector"),
    "repeated_name": gettext_noop("same name twice"),
    "sentence_name": gettext_noop("name like a sentence"),
    "several_names": gettext_noop("perhaps several names"),
    "test_word": gettext_noop("name like a test"),
    "test_statement": gettext_noop("text like a test"),
    "stated_long_ago": gettext_noop("stated date long ago"),
}
RULES: Mapping[str, str] = {
    "contact": gettext_noop(
        "The statement holds a telephone or identity number, an address or a messenger name."
    ),
    "place_shown": gettext_noop(
        "The statement is to be shown and names a school, an employer or a town."
    ),
    "name_shown": gettext_noop("A name is to be shown to everybody."),
    "many_unnamed": gettext_noop("More than 20 people have no name."),
    "declared_before": gettext_noop(
        "An earlier receipt was given, so that somebody may be counted already."
    ),
    "counted_before": gettext_noop(
        "The declarant says that they are counted already, and asks not to be counted again."
    ),
    "unasked_by_collector": gettext_noop("A collector declares somebody who could not be asked."),
    "repeated_name": gettext_noop("The same name stands in the declaration twice."),
    "sentence_name": gettext_noop("A name looks like a sentence or a slogan."),
    "several_names": gettext_noop("One name may be the names of several people."),
    "test_word": gettext_noop("A name looks like somebody trying the form."),
    "test_statement": gettext_noop("The statement looks like somebody trying the form."),
    "stated_long_ago": gettext_noop("The stated date lies before the founding of the state."),
}
LEFT: Mapping[str, str] = {
    "flagged": gettext_noop("flagged"),
    "needs_two": gettext_noop("need a second volunteer"),
    "claimed": gettext_noop("open at another volunteer"),
    "changed": gettext_noop("decided or withdrawn meanwhile"),
    "closed": gettext_noop("sealed to a month that you cannot open"),
}
# What only the office can refuse; the registry's own codes have their words in `web.shared`.
REFUSALS: Mapping[str, str] = {
    "nothing_ticked": gettext_noop("Please tick at least one declaration."),
    "no_reason": gettext_noop("Please choose a reason."),
    "stored_declaration_unreadable": gettext_noop(
        "What was sealed is damaged. Please tell the operator."
    ),
}
ALL_REFUSALS: Mapping[str, str] = {**SHARED, **REFUSALS, **CERTIFICATE_REFUSALS}


def refusal(code: str) -> str:
    """Say why something was refused. Raises KeyError for a code without words."""
    return gettext(ALL_REFUSALS[code])


def options(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give codes and words for a choice, in the active language."""
    return [(code, gettext(said)) for code, said in words.items()]
