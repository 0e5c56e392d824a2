# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the holder of a code does with applications and certificates: reply, withdraw, fetch, erase.

Files leave by POST, for one answer, under names that say nothing of whose they are. A second
word is never shown, and a pick-up code is shown once.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext

from tuidang.pure.receipt import Code
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.actions import Delivery
from tuidang.registry.certificates.errors import ApplicationGone, CertificateError, NothingToFetch
from tuidang.web.public import tickets
from tuidang.web.public.answers import answer, ready_answer, rendered
from tuidang.web.public.certificate_files import file_answer, shown_files
from tuidang.web.public.certificate_state import PAGE, PURPOSE, show_state
from tuidang.web.public.codes import pickup_page, spellings
from tuidang.web.public.form_fields import holds_code
from tuidang.web.public.refusals import refuse
from tuidang.web.public.visits import Visit
from tuidang.web.shared.messages import words


@dataclass(frozen=True, repr=False)
class _Opened:
    """What a second word opened, and the word, for one answer."""

    word: str
    deliveries: list[Delivery]


class DailyFew:
    """Counts for one day, in memory alone, how often something was done for a declaration.

    A pick-up takes half a megabyte, and nothing stored tells whose it is.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._day: date | None = None
        self._done: Counter[UUID] = Counter()

    def allow(self, day: date, declaration_id: UUID) -> bool:
        """Count once more; say whether that is still among the few of the day."""
        if day != self._day:
            self._day, self._done = day, Counter()
        self._done[declaration_id] += 1
        return self._done[declaration_id] <= self._most


_pickups = DailyFew(20)


def reply(visit: Visit) -> HttpResponse:
    """Write to the certificate office."""
    text = visit.one("text")
    try:
        actions.reply(visit.declaration, _application(visit), text, day=visit.now.date())
    except CertificateError as error:
        held = "" if holds_code(text) else text
        return show_state(visit, problem=words(error.code), typed=held, status=422)
    return show_state(visit, done=gettext("Your reply is sealed and sent."))


def withdraw(visit: Visit) -> HttpResponse:
    """Withdraw an application that waits."""
    if visit.one("sure") != "yes":
        return show_state(visit, problem=words("withdrawal_unconfirmed"), status=422)
    try:
        actions.withdraw_application(visit.declaration, _application(visit), day=visit.now.date())
    except CertificateError as error:
        return show_state(visit, problem=words(error.code), status=409)
    return show_state(visit, done=gettext("The application is withdrawn."))


def open_files(visit: Visit) -> HttpResponse:
    """Show what the second word opens, to be fetched file by file."""
    try:
        return _show_files(visit, _opened(visit))
    except CertificateError as error:
        return show_state(visit, problem=words(error.code), status=_status(error))


def send_file(visit: Visit) -> HttpResponse:
    """Hand one file out."""
    try:
        delivery = _chosen(visit, _opened(visit))
    except CertificateError as error:
        return show_state(visit, problem=words(error.code), status=_status(error))
    found = file_answer(delivery, visit.one("file"))
    return refuse(visit.request, 404) if found is None else found


def erase(visit: Visit) -> HttpResponse:
    """Take a certificate out of the mailbox; it stays valid."""
    if visit.one("sure") != "yes":
        try:
            return _show_files(visit, _opened(visit), problem=words("erasure_unconfirmed"))
        except CertificateError as error:
            return show_state(visit, problem=words(error.code), status=_status(error))
    try:
        actions.ask_erasure_of_certificate(visit.declaration, _piece(visit), day=visit.now.date())
    except CertificateError as error:
        return show_state(visit, problem=words(error.code), status=_status(error))
    done = gettext("The certificate is erased here. It stays valid for whoever has it.")
    return show_state(visit, done=done)


def make_pickup(visit: Visit) -> HttpResponse:
    """Make a code with which somebody else fetches a certificate, once; show it once."""
    if not _pickups.allow(visit.now.date(), visit.declaration.pk):
        return refuse(visit.request, 503)
    try:
        code = _new_pickup(visit, _opened(visit).word)
    except CertificateError as error:
        return show_state(visit, problem=words(error.code), status=_status(error))
    return ready_answer(
        visit.request, pickup_page(visit.language), *spellings(code, visit.language)
    )


def _new_pickup(visit: Visit, word: str) -> Code:
    return actions.make_pickup(
        visit.declaration, visit.code, word, _piece(visit), day=visit.now.date()
    )


def _opened(visit: Visit) -> _Opened:
    """Open the mailbox with the second word, typed or carried here. Raises CertificateError."""
    word = visit.one("word")
    if not word and visit.one("word-ticket"):
        try:
            word = tickets.redeem_word(visit.one("word-ticket"), now=visit.now)
        except tickets.TicketRefused:
            word = ""
    return _Opened(word, actions.fetch(visit.declaration, visit.code, word))


def _chosen(visit: Visit, opened: _Opened) -> Delivery:
    piece = _piece(visit)
    found = [each for each in opened.deliveries if each.piece == piece]
    if not found:
        raise NothingToFetch
    return found[0]


def _show_files(visit: Visit, opened: _Opened, *, problem: str = "") -> HttpResponse:
    minutes = tickets.RECEIPT_MINUTES
    values = {
        "ticket": tickets.issue(visit.code, PURPOSE, now=visit.now, minutes=minutes),
        "word_ticket": tickets.issue_word(opened.word, now=visit.now, minutes=minutes),
        "minutes": minutes,
        "certificates": [shown_files(each) for each in opened.deliveries],
        "problem": problem,
    }
    page = rendered("certificate_files", visit.language, PAGE, **values)
    return answer(visit.request, page, status=422 if problem else 200)


def _application(visit: Visit) -> UUID:
    try:
        return UUID(visit.one("application"))
    except ValueError:
        raise ApplicationGone from None


def _piece(visit: Visit) -> UUID:
    try:
        return UUID(visit.one("piece"))
    except ValueError:
        raise NothingToFetch from None


def _status(error: CertificateError) -> int:
    return 404 if isinstance(error, NothingToFetch) else 422
