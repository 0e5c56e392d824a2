# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a JSON body strictly: UTF-8, one value, no key twice, no NaN.

What two programs could read in two ways is refused. Nothing here repeats what was sent.
"""

import json
from typing import Any

from django.http import HttpRequest

from tuidang.web.public.form_reading import FormRefused, read_body

JSON = "application/json"


def read_json(request: HttpRequest) -> Any:
    """Return the decoded body. Raises FormRefused (400, 413, 415)."""
    if request.content_type != JSON:
        raise FormRefused(415)
    try:
        return _DECODER.decode(read_body(request).decode("utf-8"))
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a number without end, too deep
        raise FormRefused(400) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key stands twice")
    return values


def _no_constant(_name: str) -> Any:
    raise ValueError("JSON has no such number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
