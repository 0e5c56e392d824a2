# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a sent form strictly: bytes that are no UTF-8 are refused, not replaced.

A name in which a broken byte was quietly exchanged for another sign would be recorded as a
name that nobody has. Nothing sent is ever written to a file, as uploads would be.
"""

from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from tuidang.web.public.form_fields import Typed

FORM = "application/x-www-form-urlencoded"


class FormRefused(Exception):
    """A sent form that cannot be read; `status` says how (400, 413, 415)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_form(request: HttpRequest) -> Typed:
    """Return the fields of a sent form, each with its values in order. Raises FormRefused."""
    if request.content_type != FORM:
        raise FormRefused(415)
    fields: dict[str, list[str]] = {}
    for name, value in _pairs(read_body(request)):
        fields.setdefault(name, []).append(value)
    return fields


def read_body(request: HttpRequest) -> bytes:
    """Return the bytes that were sent. Raises FormRefused where they are too many or broken off."""
    try:
        return request.body
    except RequestDataTooBig:
        raise FormRefused(413) from None
    except UnreadablePostError:
        raise FormRefused(400) from None


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        )
    except ValueError:  # no ASCII, no UTF-8 behind the percent signs, or too many fields
        raise FormRefused(400) from None
