# SPDX-License-Identifier: AGPL-3.0-or-later
"""Errors of the API as problem documents (RFC 9457). They must never hold a value that was sent."""

import json
from collections.abc import Mapping, Sequence

from django.http import HttpResponse

PROBLEM_JSON = "application/problem+json"


def problem_document(
    status: int,
    code: str,
    title: str,
    *,
    detail: str = "",
    errors: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    """Write one. `code` is stable; `errors` are `{path, code, message}`, for 422."""
    document: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
    }
    if detail:
        document["detail"] = detail
    if errors:
        document["errors"] = list(errors)
    body = json.dumps(document, ensure_ascii=False).encode()
    return HttpResponse(body, content_type=PROBLEM_JSON, status=status)
