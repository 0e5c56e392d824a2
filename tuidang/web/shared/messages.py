# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words for every error code, in the active language.

Errors carry codes and data; here alone they become sentences for people. A test holds that
no code is without words in any of the three languages.
"""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from tuidang.web.shared.certificate_messages import CERTIFICATES
from tuidang.web.shared.intake_messages import INTAKE

RECEIPTS: Mapping[str, str] = {
    "unreadable": gettext_noop(
        "This cannot be read as a receipt code: it has nine words, or nine groups of four digits."
    ),
    "check_failed": gettext_noop(
        "There is a slip in the receipt code: a word or group is wrong, or two are swapped."
    ),
    "receipt_unknown": gettext_noop(
        "This is a whole receipt code, but no declaration belongs to it here."
    ),
    "earlier_receipt_unknown": gettext_noop(
        "This is a whole receipt code, but no declaration belongs to it here."
    ),
    "receipt_refused": gettext_noop("This is no receipt code."),
    "period_refused": gettext_noop("These are not two dates."),
    "ticket_lapsed": gettext_noop("The page was open for too long. Please enter the code again."),
    "withdrawal_unconfirmed": gettext_noop("To withdraw, please tick the box first."),
    "erasure_unconfirmed": gettext_noop("To erase, please tick the box first."),
}
DECLARATIONS: Mapping[str, str] = {
    "declaration_error": gettext_noop("This cannot be done with the declaration."),
    "declaration_refused": gettext_noop("The declaration has not been recorded."),
    "list_refused": gettext_noop("The list has not been recorded."),
    "key_reused": gettext_noop(
        "This form was sent before with other contents. To declare something else as well, "
        "please open the form anew."
    ),
    "already_received": gettext_noop(
        "This form was received some days ago. Its receipt code cannot be shown again."
    ),
    "list_repeated": gettext_noop("A list with the same people is waiting already."),
    "day_key_lost": gettext_noop("Nothing has been recorded. Please try again later."),
    "state_refused": gettext_noop("The declaration is in a state in which this cannot be done."),
    "not_withdrawable": gettext_noop("This declaration can no longer be withdrawn."),
    "no_question_open": gettext_noop("There is no question that waits for an answer."),
    "already_published": gettext_noop("An entry of this declaration is published already."),
    "withdrawal_waiting": gettext_noop("The declarant has asked to withdraw."),
    "second_person_needed": gettext_noop("A second volunteer has to accept this declaration."),
    "persons_differ": gettext_noop(
        "The sealed declaration holds another number of people than its record."
    ),
    "sealed_gone": gettext_noop("The sealed text has been deleted."),
    "mailbox_erased": gettext_noop("The declarant has erased the mailbox: nothing can be sent."),
    "question_first": gettext_noop(
        "A question waits for your answer. Please answer it or withdraw before you erase."
    ),
    "entry_unknown": gettext_noop("No published entry of a declaration here has this number."),
    "recall_asked": gettext_noop("Somebody has asked for this correction already."),
    "recall_gone": gettext_noop("This was taken back or confirmed at the same moment."),
    "recall_by_declarant": gettext_noop("The declarant withdrew; a volunteer cannot undo that."),
}
VAULT: Mapping[str, str] = {
    "vault": gettext_noop("Something that is sealed could not be handled."),
    "unopenable": gettext_noop("This cannot be opened: it is damaged, or the key does not fit."),
    "no_recipient": gettext_noop("Nothing has been recorded. Please try again later."),
    "no_members": gettext_noop("There is no volunteer who could open what is sealed."),
    "wrong_passphrase": gettext_noop("The passphrase does not fit."),
    "session_locked": gettext_noop("Please sign in again."),
    "month_closed": gettext_noop("A month that is over gets no new key."),
    "month_open": gettext_noop("The key of a running month cannot be destroyed."),
    "no_such_ring_key": gettext_noop("The key of this month does not exist or was destroyed."),
}
ACCOUNTS: Mapping[str, str] = {
    "account": gettext_noop("This cannot be done with the account."),
    "sign_in_refused": gettext_noop("The user name, the passphrase or the code is wrong."),
    "username_unfit": gettext_noop(
        "A user name has 2 to 40 letters, digits, dots, hyphens or underscores."
    ),
    "username_taken": gettext_noop("Another volunteer has this user name."),
    "last_volunteer": gettext_noop("The last active volunteer has to stay."),
    "audit_broken": gettext_noop("Audit rows of a published day were changed."),
}
REVIEW: Mapping[str, str] = {
    "review_error": gettext_noop("This decision was refused."),
    "nothing_there": gettext_noop("This declaration or decision is not there any more."),
    "claimed_by_other": gettext_noop("Another volunteer has this declaration open."),
    "not_a_cluster": gettext_noop(
        "These declarations are not near one another in text. Please look at each of them."
    ),
    "no_rule_ran": gettext_noop("No rule ran, so nothing can be accepted as a batch."),
    "undo_lapsed": gettext_noop("This can no longer be undone."),
    "question_unfit": gettext_noop("A question has from 1 to 2,000 characters."),
}
LOG: Mapping[str, str] = {
    "leaf_published": gettext_noop("A published entry stays; it can only be corrected."),
    "publisher_busy": gettext_noop("The log is being published at this moment."),
    "clock_behind": gettext_noop("The clock of this machine is behind the last published day."),
    "log_ahead": gettext_noop("The published log is ahead of the database."),
    "log_behind": gettext_noop("The log folder has lost what was published."),
    "log_contradicted": gettext_noop("The published log and the database contradict each other."),
    "checkpoint_unreadable": gettext_noop("The published checkpoint is not signed by this log."),
    "log_damaged": gettext_noop("A file of the log is damaged."),
    "log_file_missing": gettext_noop("A file of the log is missing."),
    "log_file_differs": gettext_noop("A file of the log that never changes has changed."),
    "log_keys_unusable": gettext_noop("The keys of the log are missing or belong to another one."),
    "plan_overtaken": gettext_noop("Something was taken back meanwhile. Please publish again."),
    "not_published": gettext_noop("This is not in the published log yet."),
    "corrected_already": gettext_noop("This entry has been corrected already."),
    "correction_published": gettext_noop("The correction is published; it cannot be taken back."),
    "linked_already": gettext_noop("This person is linked to a legal name already, for good."),
    "link_published": gettext_noop("The link is published; it cannot be taken back."),
    "legacy_file_done": gettext_noop("All people of this file are in the log already."),
    "legacy_file_unfinished": gettext_noop("Another file of earlier records is unfinished."),
    "legacy_file_changed": gettext_noop("The file changed while it was read."),
    "legacy_lines_unknown": gettext_noop("The log holds earlier records that are unknown here."),
    "legacy_unknown": gettext_noop("It is not known from which file earlier records came."),
    "lock_missing": gettext_noop("The log has begun, but its lock store is missing."),
    "lock_behind": gettext_noop("The lock store is older than the published log."),
    "lock_moved": gettext_noop("Another publisher has signed a checkpoint at this moment."),
    "lock_unusable": gettext_noop("The lock store cannot be read or written."),
    "staging_lost": gettext_noop("The files of a signed batch are lost. Please tell the operator."),
    "store_unreachable": gettext_noop("The storage of the log cannot be reached."),
    "quorum_missed": gettext_noop("The published log waits for cosignatures of witnesses."),
    "policy_unusable": gettext_noop("The policy file of the log cannot be followed."),
    "timestamps_unusable": gettext_noop("The setting for timestamp services cannot be followed."),
    "disk_short": gettext_noop("There is too little room on the disk to publish."),
}
WORDS: Mapping[str, str] = {
    **INTAKE,
    **RECEIPTS,
    **DECLARATIONS,
    **VAULT,
    **ACCOUNTS,
    **REVIEW,
    **LOG,
    **CERTIFICATES,
}


def words(code: str) -> str:
    """Say an error code in the active language. Raises KeyError for one without words."""
    return gettext(WORDS[code])


def problem_words(code: str, facts: Mapping[str, int | str] | None = None) -> str:
    """Say what is wrong in the active language, with its limits and counts put in."""
    return words(code) % _Facts(facts or {})


class _Facts(dict[str, int | str]):
    """Facts of a problem; one that is missing must not keep the rest from being said."""

    def __missing__(self, name: str) -> str:
        return "…"
