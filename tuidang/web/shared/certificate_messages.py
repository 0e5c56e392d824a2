# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words for everything that can be wrong with an application, a certificate, or a pick-up code."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

NOT_CERTIFIABLE: Mapping[str, str] = {
    "not_certifiable_list": gettext_noop(
        "This code is that of a list. A list has one code, which cannot certify its people one "
        "by one. The road is a new declaration of one’s own: tick there that you are counted "
        "already."
    ),
    "not_certifiable_person": gettext_noop("There is no such person in this declaration."),
    "not_certifiable_rejected": gettext_noop(
        "The declaration was not accepted, so there can be no certificate for it."
    ),
    "not_certifiable_withdrawn": gettext_noop(
        "The declaration was withdrawn, so there can be no certificate for it."
    ),
    "not_certifiable_erased": gettext_noop(
        "Packet and proofs were erased, so nobody can make a certificate for this declaration."
    ),
    "not_certifiable_uncounted": gettext_noop(
        "This person is recorded and not counted, for a reason for which there is no certificate. "
        "The receipt page says which."
    ),
}
WISHES: Mapping[str, str] = {
    "birth_date_range": gettext_noop("The birth date lies before 1900 or in the future."),
    "minor_alone": gettext_noop("For somebody under 18 a parent applies: choose that above."),
    "chinese_name_form": gettext_noop(
        "Please write one name here, in Chinese characters and without a remark."
    ),
    "birth_place_form": gettext_noop("Please write a place of at most 60 characters."),
    "unprintable": gettext_noop(
        "No font of ours has these characters, so they cannot be printed: %(characters)s. Please "
        "write a variant that your document allows, or leave the field empty."
    ),
    "orgs_not_declared": gettext_noop(
        "An organisation is ticked that the declaration does not name for this person."
    ),
    "alias_none": gettext_noop("No alias was declared for this person, so none can be shown."),
    "stated_range": gettext_noop("This day lies in the future, or before anything to be left."),
    "replaces_form": gettext_noop("This is no number of a certificate: it has 12 characters."),
    "replaces_unknown": gettext_noop("This person has no valid certificate with this number."),
    "choice_unknown": gettext_noop("Please choose one of the answers that are offered."),
    "does_not_fit": gettext_noop(
        "Together this is more than fits into the code on the paper. Please shorten the place of "
        "birth, or leave it or the alias away."
    ),
}
APPLYING: Mapping[str, str] = {
    "nobody_ticked": gettext_noop("Please tick for whom the certificate is."),
    "day_past": gettext_noop("This day is over."),
    "urgency_too_late": gettext_noop(
        "The day of the interview is sooner than what is chosen here."
    ),
    "unread": gettext_noop("Please read this part, and tick that you have."),
    "words_differ": gettext_noop("The two are not the same. Please type the second word twice."),
    "not_certifiable": gettext_noop("There can be no certificate for this declaration."),
    "wishes_refused": gettext_noop("This cannot stand on a certificate."),
    "applied_already": gettext_noop(
        "An application for the same person waits already. Nothing was sent a second time."
    ),
    "linked_to_another_name": gettext_noop(
        "This declaration is linked to another legal name or birth date, for good. With another "
        "name the road is a new declaration: tick there that you are counted already."
    ),
    "word_unfit": gettext_noop(
        "Please choose a second word of at least 4 characters that has nothing to do with the "
        "receipt code."
    ),
    "text_unfit": gettext_noop(
        "Please write from 1 to 2,000 characters, and no receipt code among them."
    ),
    "too_many_replies": gettext_noop("The office has many replies of yours to read already."),
    "application_decided": gettext_noop("This application is decided already."),
    "application_gone": gettext_noop("This application is not there any more."),
}
FETCHING: Mapping[str, str] = {
    "wrong_word": gettext_noop("With this second word nothing opens. Try again as you like."),
    "nothing_to_fetch": gettext_noop("There is no certificate in this mailbox."),
    "pickup_unreadable": gettext_noop(
        "This cannot be read as a pick-up code: it has nine words, or nine groups of four digits."
    ),
    "pickup_check_failed": gettext_noop(
        "There is a slip in the pick-up code: a word or group is wrong, or two are swapped."
    ),
    "pickup_unknown": gettext_noop("Nothing waits here under this pick-up code."),
    "picked_up_already": gettext_noop(
        "This pick-up code was used already; it works once. If it was not you, tell whoever "
        "gave it to you."
    ),
}
ISSUING: Mapping[str, str] = {
    "certificate_error": gettext_noop("This cannot be done with the certificate."),
    "check_unfit": gettext_noop("This identity check does not fit the application."),
    "application_broken": gettext_noop(
        "What was sealed does not belong to the declaration, or its holder did not sign it."
    ),
    "linked_before": gettext_noop("The log holds a link of this person to another legal name."),
    "signer_is_preparer": gettext_noop(
        "Whoever recorded the identity check cannot sign as well. Another volunteer has to."
    ),
    "declaration_not_accepted": gettext_noop("The declaration is not accepted."),
    "not_dated_yet": gettext_noop(
        "The log does not prove the days yet. Please wait for the next publication."
    ),
    "own_check_failed": gettext_noop(
        "The finished certificate did not pass our own check, so nothing was issued. Please tell "
        "the operator."
    ),
    "number_unknown": gettext_noop("No certificate has this number."),
    "not_valid_any_more": gettext_noop("This certificate is revoked or superseded already."),
    "issuer_keys_unusable": gettext_noop(
        "The keys that sign certificates are missing or cannot be used."
    ),
}
CERTIFICATES: Mapping[str, str] = {
    **NOT_CERTIFIABLE,
    **WISHES,
    **APPLYING,
    **FETCHING,
    **ISSUING,
}
