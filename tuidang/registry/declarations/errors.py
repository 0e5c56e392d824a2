# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be refused here. Errors carry a stable code and harmless facts.

An error must never hold a name, a text, a receipt code or an idempotency key; words for
people are the web's and the commands'.
"""


class DeclarationError(Exception):
    """Something about a declaration was refused; `code` says what, in snake case."""

    code = "declaration_error"

    def __init__(self) -> None:
        super().__init__(self.code)


class KeyReused(DeclarationError):
    """The idempotency key came before, within two days, with another body."""

    code = "key_reused"


class AlreadyReceived(DeclarationError):
    """The idempotency key came before, and the day key that gave its code is destroyed."""

    code = "already_received"


class ListRepeated(DeclarationError):
    """A list with the same persons is waiting for review already."""

    code = "list_repeated"


class DayKeyLost(DeclarationError):
    """A day key cannot be kept in memory: its folder or file is not as it should be."""

    code = "day_key_lost"


class StateRefused(DeclarationError):
    """The declaration is in a state in which this cannot be done."""

    code = "state_refused"

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class NotWithdrawable(StateRefused):
    """The declaration is rejected, or withdrawn already."""

    code = "not_withdrawable"


class NoQuestionOpen(StateRefused):
    """There is no question that waits for an answer."""

    code = "no_question_open"


class AlreadyPublished(StateRefused):
    """A leaf of the declaration stands in the public log, which nothing takes back."""

    code = "already_published"


class WithdrawalWaiting(StateRefused):
    """The declarant has asked to withdraw, so nothing else is decided."""

    code = "withdrawal_waiting"


class SecondPersonNeeded(StateRefused):
    """More unnamed persons than one volunteer may accept: another one has to."""

    code = "second_person_needed"


class PersonsDiffer(DeclarationError):
    """The sealed declaration holds another number of persons than it has commitments."""

    code = "persons_differ"


class SealedGone(DeclarationError):
    """The sealed text is deleted: withdrawn, or its time has passed."""

    code = "sealed_gone"


class EarlierReceiptUnknown(DeclarationError):
    """The earlier receipt code reads well, but nobody here has it."""

    code = "earlier_receipt_unknown"
    path = "earlier_receipt"


class MailboxErased(StateRefused):
    """The declarant has erased the mailbox, so that nothing can be sent to them."""

    code = "mailbox_erased"


class QuestionFirst(StateRefused):
    """A question waits in the mailbox; erased, it could not be answered any more."""

    code = "question_first"


class EntryUnknown(DeclarationError):
    """No person of a declaration has this entry in the published log."""

    code = "entry_unknown"


class RecallAsked(DeclarationError):
    """That this person shall count no longer has been asked for already."""

    code = "recall_asked"


class RecallGone(DeclarationError):
    """This was taken back, or confirmed, at the same moment."""

    code = "recall_gone"


class RecallByDeclarant(DeclarationError):
    """The declarant withdrew; no volunteer takes that back."""

    code = "recall_by_declarant"
