# SPDX-License-Identifier: AGPL-3.0-or-later
"""One sentence from a deed to the next page: what was done, or why not. Never what was declared."""

from typing import TypedDict, cast, get_args
from uuid import UUID

from django.http import HttpRequest

from tuidang.pure.intake.stored import StoredError
from tuidang.registry.certificates.errors import CertificateError
from tuidang.registry.certificates.paper.errors import PaperError
from tuidang.registry.declarations.errors import DeclarationError
from tuidang.registry.review.errors import ReviewError
from tuidang.registry.transparency.errors import TransparencyError
from tuidang.registry.vault.errors import VaultError
from tuidang.web.office.words import refusal

KEY = "said"
Refused = (
    ReviewError
    | DeclarationError
    | TransparencyError
    | VaultError
    | StoredError
    | CertificateError
    | PaperError
)
REFUSED = get_args(Refused)


class NothingTicked(ReviewError):
    """Something was to be done with the ticked ones, and none was ticked."""

    code = "nothing_ticked"


class NoReason(ReviewError):
    """A rejection needs a reason from the list."""

    code = "no_reason"


class Said(TypedDict):
    """Words for the top of the next page; `bad` if something was refused.

    `undo` is the id of a decision that can be taken back from there, "" for none.
    """

    words: str
    bad: bool
    undo: str


def say(request: HttpRequest, words: str, *, undo: UUID | None = None) -> None:
    """Keep a sentence for the next page, perhaps with a decision to take back."""
    request.session[KEY] = Said(words=words, bad=False, undo=str(undo or ""))


def say_refused(request: HttpRequest, error: Refused, *, done: str = "") -> None:
    """Keep the reason of a refusal for the next page, after what was done before it."""
    words = " ".join(filter(None, (done, refusal(error.code))))
    request.session[KEY] = Said(words=words, bad=True, undo="")


def take_said(request: HttpRequest) -> Said | None:
    """Return the sentence once."""
    return cast("Said | None", request.session.pop(KEY, None))
