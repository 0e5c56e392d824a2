# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applying for a certificate, as people in the stories do. Everybody here is a sample."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.web.public.browsing import Page, page_of, send
from tuidang.pure.receipt import Code

PATH = "/en/certificate/"
WORD = "sample word"


def come(client: Client, code: Code, path: str = PATH) -> HttpResponse:
    """Enter the receipt code."""
    return send(client, path, {"code": code.digits()})


def ticket_in(response: HttpResponse) -> str:
    """Return the ticket that a page carries."""
    page = page_of(response)
    found = [
        values["value"]
        for tag, values in page.tags
        if tag == "input" and values.get("name") == "ticket"
    ]
    return found[0] or ""


def form(client: Client, code: Code, *persons: int, path: str = PATH) -> dict[str, Any]:
    """Go to the form for these persons and return its fields untouched."""
    sent = {"ticket": ticket_in(come(client, code, path)), "do": "form"}
    shown = send(client, path, {**sent, "person": [str(each) for each in persons or (1,)]})
    assert shown.status_code == 200, page_of(shown).text
    return dict(page_of(shown).fields)


def filled(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Fill in one person and what holds for all; an empty value leaves a field empty."""
    place = f"c{number}"
    usual = {
        f"{place}-surname": "Sample",
        f"{place}-given": "One Person",
        f"{place}-chinese": "样本甲",
        f"{place}-birth": "1990-01-02",
        "word": WORD,
        "word2": WORD,
        "read": "yes",
    }
    return {**usual, **{name.replace("_", "-"): value for name, value in changes.items()}}


def preview(client: Client, fields: dict[str, Any], path: str = PATH) -> HttpResponse:
    """Press "Preview"."""
    return send(client, path, {**fields, "do": "preview"})


def apply(client: Client, fields: dict[str, Any], path: str = PATH) -> HttpResponse:
    """Press "Preview", then "Send the application" with what the preview carries."""
    previewed = preview(client, fields, path)
    assert previewed.status_code == 200, page_of(previewed).text
    return send(client, path, {**page_of(previewed).fields, "do": "send"})


def forms_of(page: Page) -> list[dict[str, str]]:
    """Return the fields of each form of a page that are sent unseen."""
    found: list[dict[str, str]] = []
    for tag, values in page.tags:
        if tag == "form":
            found.append({})
        if tag == "input" and values.get("type") == "hidden" and found:
            found[-1][values.get("name") or ""] = values.get("value") or ""
    return found
