# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be refused here. Errors carry a stable code and harmless facts.

An error must never hold a name, a birth date, a number, a second word or a code; words for
people are the web's and the commands'.
"""

from collections.abc import Iterable

from tuidang.registry.certificates.wishes import WishProblem


class CertificateError(Exception):
    """Something about a certificate was refused; `code` says what, in snake case."""

    code = "certificate_error"

    def __init__(self) -> None:
        super().__init__(self.code)


class NotCertifiable(CertificateError):
    """No person of this declaration can be certified with this code.

    `why` is one of NOT_CERTIFIABLE. For a list the road is a declaration of one's own, which
    says that it is not to be counted again.
    """

    code = "not_certifiable"

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


# A list has one code, which cannot certify its persons; `person`: no person has this number;
# `uncounted`: recorded for another reason than being counted already.
NOT_CERTIFIABLE = ("list", "person", "rejected", "withdrawn", "erased", "uncounted")


class WishesRefused(CertificateError):
    """What was applied for cannot stand on a certificate; `problems` says where and why."""

    code = "wishes_refused"

    def __init__(self, problems: Iterable[WishProblem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


class AppliedAlready(CertificateError):
    """For one of these persons an application is open already."""

    code = "applied_already"


class LinkedToAnotherName(CertificateError):
    """Person `number` is linked to another legal name or birth date, for good.

    The road is a new declaration, which is not counted again.
    """

    code = "linked_to_another_name"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class WordUnfit(CertificateError):
    """The second word is too short or too long, or gives the receipt code away."""

    code = "word_unfit"


class WrongWord(CertificateError):
    """The second word opens no certificate of this mailbox."""

    code = "wrong_word"


class NothingToFetch(CertificateError):
    """There is no certificate in the mailbox."""

    code = "nothing_to_fetch"


class PickupUnknown(CertificateError):
    """Nobody here has this pick-up code: it is another one, or its time has passed."""

    code = "pickup_unknown"


class PickedUpAlready(CertificateError):
    """The pick-up code worked once, and has been used."""

    code = "picked_up_already"


class ApplicationDecided(CertificateError):
    """The application is in a state in which this cannot be done."""

    code = "application_decided"

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class ApplicationGone(CertificateError):
    """There is no such application, or what it held is deleted."""

    code = "application_gone"


class TextUnfit(CertificateError):
    """A question or a reply has from 1 to 2,000 characters, and no receipt code in it."""

    code = "text_unfit"


class TooManyReplies(CertificateError):
    """More replies than anyone reads wait with this application."""

    code = "too_many_replies"


class CheckUnfit(CertificateError):
    """An identity check that this application cannot have: S is for oneself, R for others."""

    code = "check_unfit"


class ApplicationBroken(CertificateError):
    """What was sealed does not open the declaration's commitment, or its holder did not sign."""

    code = "application_broken"


class LinkedBefore(CertificateError):
    """The log holds another link of this person, or is about to."""

    code = "linked_before"


class SignerIsPreparer(CertificateError):
    """Whoever recorded the identity check cannot sign too."""

    code = "signer_is_preparer"


class DeclarationNotAccepted(CertificateError):
    """The declaration is not accepted, or not any more."""

    code = "declaration_not_accepted"


class NotDatedYet(CertificateError):
    """The log does not prove the days yet: the next publication has to come first."""

    code = "not_dated_yet"


class DoesNotFit(CertificateError):
    """What the certificate would say is more than fits into the code on its face."""

    code = "does_not_fit"


class OwnCheckFailed(CertificateError):
    """The finished certificate does not pass the verifier's check; nothing was issued.

    `reason` is the verifier's code.
    """

    code = "own_check_failed"

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class NumberUnknown(CertificateError):
    """No certificate has this number."""

    code = "number_unknown"


class NotValidAnyMore(CertificateError):
    """The certificate is revoked or superseded already."""

    code = "not_valid_any_more"


class IssuerKeysUnusable(CertificateError):
    """A file of the keys that issue is missing or damaged; `name` says which."""

    code = "issuer_keys_unusable"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __str__(self) -> str:
        return (
            f"{self.name} in the keys folder is missing or damaged. Put it back from your offline "
            "copy of the keys; `tuidang install` makes keys only where there are none."
        )
