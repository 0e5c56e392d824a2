# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filling the form in, as people in the stories do. Everybody here is a sample."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.web.public.browsing import Page, page_of, send

PATH = "/zh-hans/declare/"


def fresh(client: Client, path: str = PATH) -> dict[str, Any]:
    """Open the form and return its fields as they would be sent untouched."""
    source = client.get(path).content.decode()
    key = source.partition('name="key" value="')[2].partition('"')[0]
    assert len(key) == 22
    return {**_fields(source.replace(key, "")), "key": [key]}


@cache
def _fields(source: str) -> dict[str, list[str]]:
    # An empty form is always the same but for its key, and reading it takes longer than sending it.
    return Page(source).fields


def myself(name: str = "样本甲", *organizations: str) -> dict[str, Any]:
    """Fill in oneself, under an alias."""
    return {"p1-name": name, "p1-orgs": list(organizations or ["league", "pioneers"])}


def relative(number: int, name: str, organization: str, consent: str = "agreed") -> dict[str, Any]:
    """Fill in a relative in one of the further rows."""
    place = f"p{number}"
    return {
        f"{place}-name": name,
        f"{place}-orgs": [organization],
        f"{place}-by": "relative",
        f"{place}-consent": consent,
    }


def others(count: int, consent: str = "agreed") -> dict[str, Any]:
    """Fill in people without names."""
    return {
        "others-count": str(count),
        "others-orgs": ["unspecified"],
        "others-by": "relative",
        "others-consent": consent,
    }


def preview(client: Client, fields: dict[str, Any], path: str = PATH) -> HttpResponse:
    """Press "Preview"."""
    return send(client, path, {**fields, "do": "preview"})


def declare(client: Client, fields: dict[str, Any], path: str = PATH) -> HttpResponse:
    """Press "Preview", then "Declare" on the page that comes, with what that page carries."""
    previewed = preview(client, fields, path)
    assert previewed.status_code == 200, page_of(previewed).text
    return send(client, path, {**page_of(previewed).fields, "confirm": "yes"})


def problems_of(page: Page) -> list[str]:
    """Return what the summary of a refused form says, one line each."""
    items = page.source.partition('id="problems"')[2].partition("</ul>")[0].split("<li>")[1:]
    return [Page(item).text for item in items]
