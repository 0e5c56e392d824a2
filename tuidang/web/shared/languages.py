# SPDX-License-Identifier: AGPL-3.0-or-later
"""The three languages: from an address, from a browser's wish, and in which a page is marked.

The language is never remembered: no cookie, no session. It stands in the address.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

# As in addresses, and what HTML and a declaration call it (BCP 47).
LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}
NAMES = {"zh-hans": "简体中文", "zh-hant": "繁體中文", "en": "English"}
DEFAULT = "en"

_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
# A header longer than this is no honest wish.
_LONGEST_WISH = 500


def negotiate(accept_language: str) -> str:
    """Choose a language for an Accept-Language header (RFC 9110, section 12.5.4).

    Taiwan, Hong Kong and Macau read traditional characters, all other Chinese simplified
    ones; whoever wishes for something else gets English.
    """
    wishes = parse_accept_lang_header(accept_language[:_LONGEST_WISH].lower())
    for wish, weight in wishes:
        if weight <= 0:
            continue
        if wish.startswith(_TRADITIONAL):
            return "zh-hant"
        if wish == "zh" or wish.startswith("zh-"):
            return "zh-hans"
        if wish == "en" or wish.startswith("en-"):
            return "en"
    return DEFAULT


def language_of(request: HttpRequest) -> str:
    """Give the language of an address, or what its reader wishes where it has none."""
    first = request.path_info.lstrip("/").partition("/")[0]
    return first if first in LANGUAGES else negotiate(request.headers.get("Accept-Language", ""))


class Language:
    """Middleware that answers each request in its own language, errors too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language for as long as the answer takes."""
        with translation.override(language_of(request)):
            return self._get_response(request)
