# SPDX-License-Identifier: AGPL-3.0-or-later
"""A browser without JavaScript, as far as forms go: read the fields of a page, send them on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

Fields = dict[str, list[str]]
FORM = "application/x-www-form-urlencoded"
_UNSEEN = {"style", "title", "option"}


@dataclass
class Page(HTMLParser):
    """What stands in a page: the fields of its last form as they would be sent, and its words."""

    source: str
    fields: Fields = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _select: str = ""
    _textarea: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and what a field holds."""
        values = dict(attrs)
        self.tags.append((tag, values))
        name = values.get("name") or ""
        if tag == "form":
            self.fields = {}
        if tag == "input" and name:
            checkable = values.get("type") in {"checkbox", "radio"}
            if not checkable or "checked" in values:
                self.fields.setdefault(name, []).append(values.get("value") or "")
        if tag == "select":
            self._select = name
        if tag == "option" and (self._select not in self.fields or "selected" in values):
            self.fields[self._select] = [values.get("value") or ""]
        if tag == "textarea":
            self._textarea = name
            self.fields[name] = [""]
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a tag."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "textarea":
            # HTML drops one line break right after the opening tag.
            self.fields[self._textarea] = [self.fields[self._textarea][0].removeprefix("\n")]
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        """Note words, or what is typed in a textarea."""
        if self._textarea:
            self.fields[self._textarea][0] += data
        elif not _UNSEEN & set(self._open):
            self.words.append(data)

    @property
    def text(self) -> str:
        """Everything that a reader sees, but for what stands in fields."""
        return " ".join(" ".join(self.words).split())


def page_of(response: HttpResponse) -> Page:
    """Read an answer as a page."""
    return Page(response.content.decode())


def send(client: Client, path: str, fields: Mapping[str, Any], **headers: str) -> HttpResponse:
    """Send fields as a browser's form does."""
    body = urlencode(fields, doseq=True)
    return client.post(path, body, content_type=FORM, headers=headers)  # type: ignore[return-value]


def code_in(response: HttpResponse) -> str:
    """Return the receipt code that the page shows first."""
    source = response.content.decode()
    listed = source.partition('id="code">')[2].partition("</ol>")[0]
    return " ".join(item.partition("</li>")[0] for item in listed.split("<li>")[1:])
