# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checking certificates for people without JavaScript: a file or a code comes in, words go out.

It is the offline check, run here once. Nothing that was sent is kept, written to a file or
logged, and the answer is for that one request. It must never say more than the check did.

Source: `certificates.md` section 4.
"""

from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from tuidang.verify.certificate.check import TEXT, check_bytes, refusal
from tuidang.verify.certificate.picture_process import read_apart
from tuidang.verify.certificate.trust import Bundle, read_bundle
from tuidang.verify.certificate.verdict import Verdict
from tuidang.verify.errors import TrustError
from tuidang.web.public import clock
from tuidang.web.public.answers import answer, rendered
from tuidang.web.public.form_reading import FormRefused
from tuidang.web.public.refusals import only, refuse
from tuidang.web.public.said_verdict import said_verdict
from tuidang.web.public.slow_answers import TooManyAtOnce, place_in

PAGE = "verify/"
MULTIPART = "multipart/form-data"
_ENVELOPE = 10_000  # bytes of a form around the file
MOST_PICTURES = 2  # read at once by one process, each in a process of its own
_pictures = BoundedSemaphore(MOST_PICTURES)


@only("GET", "HEAD", "POST")
def file(request: HttpRequest, language: str) -> HttpResponse:
    """Check a certificate that was sent as a file, or as the text of its code."""
    if request.method != "POST":
        return HttpResponseRedirect(f"/{language}/{PAGE}")
    bundle = installed_bundle()
    if bundle is None:
        return refuse(request, 503)
    try:
        data = _sent(request)
    except FormRefused as refused:
        if refused.status != 413:
            return refuse(request, refused.status)
        return show(request, language, refusal("file_too_large", bundle, TEXT), bundle)
    today = clock.now().date()
    try:
        verdict = check_bytes(data, bundle, today=today, read_picture=_read_picture)
    except TooManyAtOnce:
        return refuse(request, 503)
    return show(request, language, verdict, bundle)


def show(request: HttpRequest, language: str, verdict: Verdict, bundle: Bundle) -> HttpResponse:
    """Answer with a verdict in the words of the offline check."""
    said = said_verdict(verdict, bundle, language)
    return answer(request, rendered("verdict", language, PAGE, said=said))


def installed_bundle() -> Bundle | None:
    """Return this registry's own trust bundle, or None while there is none that can be used."""
    path = Path(settings.TRUST_FOLDER) / "trust.note"
    try:
        facts = path.stat()
        return _read(path, facts.st_mtime_ns, facts.st_size)
    except (OSError, TrustError):
        return None


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int) -> Bundle:
    """Read a bundle once for each time that it is written."""
    return read_bundle(path.read_bytes())


def _read_picture(data: bytes) -> bytes:
    with place_in(_pictures):
        return read_apart(data)


class _InMemory(MemoryFileUploadHandler):
    """Holds a file of any size in memory: the other handlers would write it to the disk."""

    def handle_raw_input(self, *_args: object, **_kwargs: object) -> None:
        """Take the file, whose size has been looked at."""
        self.activated = True


def _sent(request: HttpRequest) -> bytes:
    """Return the file of a form, or else its text. Raises FormRefused."""
    if request.content_type != MULTIPART:
        raise FormRefused(415)
    length = request.headers.get("Content-Length", "")
    said = int(length) if length.isascii() and length.isdigit() else 0
    if said > settings.CERTIFICATE_UPLOAD_SIZE + _ENVELOPE:
        raise FormRefused(413)
    request.upload_handlers = [_InMemory(request)]
    try:
        uploaded, typed = request.FILES.get("file"), request.POST.get("code", "")
    except RequestDataTooBig:
        raise FormRefused(413) from None
    except (MultiPartParserError, UnreadablePostError, SuspiciousOperation):
        raise FormRefused(400) from None
    data = b"" if uploaded is None else uploaded.read()
    if len(data) > settings.CERTIFICATE_UPLOAD_SIZE:
        raise FormRefused(413)
    return data or typed.encode("utf-8", "surrogatepass")
