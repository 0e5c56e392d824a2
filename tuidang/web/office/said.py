# SPDX-License-Identifier: AGPL-3.0-or-later
"""One sentence from a deed to the next page: what was done, or why not. Never what was declared."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict, cast

from django.http import HttpRequest

from tuidang.pure.intake.problems import IntakeError
from tuidang.registry.declarations.errors import DeclarationError
from tuidang.registry.review.errors import ReviewError
from tuidang.registry.transparency.errors import TransparencyError
from tuidang.registry.vault.errors import VaultError
from tuidang.web.office.words import refusal

KEY = "said"


class NothingTicked(ReviewError):
    """Something was to be done with the ticked ones, and none was ticked."""

    code = "nothing_ticked"


REFUSED = (ReviewError, DeclarationError, TransparencyError, VaultError)


class Said(TypedDict):
    """Words for the top of the next page; `bad` if something was refused."""

    words: str
    bad: bool


def say(request: HttpRequest, words: str, *, bad: bool = False) -> None:
    """Keep a sentence for the next page."""
    request.session[KEY] = Said(words=words, bad=bad)


def take_said(request: HttpRequest) -> Said | None:
    """Return the sentence once."""
    return cast("Said | None", request.session.pop(KEY, None))


@contextmanager
def carrying(request: HttpRequest, *, done: str = "") -> Iterator[None]:
    """Turn what the registry refuses into a sentence on the next page; say `done` otherwise."""
    try:
        yield
    except REFUSED as error:
        say(request, refusal(error.code), bad=True)
    except IntakeError as error:
        say(request, refusal(error.problems[0].code), bad=True)
    else:
        if done:
            say(request, done)
