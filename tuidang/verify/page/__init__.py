# SPDX-License-Identifier: Apache-2.0
"""The verifying page: one HTML file that checks certificates in a browser and asks nobody.

What is served is a fixed part, which depends on the sources and on whose log is believed, and
behind a marker the trust bundle, which changes from day to day. The hash of the fixed part goes
into the log. Nothing here may put anything else into the page, or depend on who asks for it.

Source: `certificates.md` section 4.
"""

import hashlib
import json
import re
from pathlib import Path

BUILT = Path(__file__).with_name("built") / "verify.html"
# What follows is not covered by the page's hash; the line itself belongs to what follows.
MARKER = b"<!-- The page's hash covers everything before this line. -->\n"
_PLACE = b"@INSTALLATION@"
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


class PageMissing(FileNotFoundError):
    """The page has not been built: scripts/page.sh does it, and needs npm's packages."""

    def __init__(self) -> None:
        super().__init__("the verifying page has not been built: run scripts/page.sh")


class NotForAPage(ValueError):
    """A trust bundle holds what would end its place in the page."""


def fixed_page(origin: str, log_vkey: str) -> bytes:
    """Return the part of the page that its hash covers, for the log with this origin and key.

    Raises PageMissing.
    """
    try:
        built = BUILT.read_bytes()
    except FileNotFoundError:
        raise PageMissing from None
    before, _, after = built.partition(_PLACE)
    named = {"origin": origin, "log_vkey": log_vkey}
    # The size stands in the page, so it has a fixed width: ten digits and spaces.
    head = json.dumps(named)[:-1].replace("<", "\\u003c").encode() + b', "size": '
    size = len(before) + len(head) + 11 + len(after)
    return b"".join([before, head, f"{size:10}".encode(), b"}", after])


def page_digest(origin: str, log_vkey: str) -> bytes:
    """Return the SHA-256 of the fixed part; raises PageMissing."""
    return hashlib.sha256(fixed_page(origin, log_vkey)).digest()


def whole_page(origin: str, log_vkey: str, trust_note: bytes | None) -> bytes:
    """Return the page with a trust bundle behind it, or with none.

    Raises PageMissing, and NotForAPage for a bundle with a `<`, which no honest one needs.
    """
    fixed = fixed_page(origin, log_vkey)
    if trust_note is None:
        return fixed + MARKER
    if b"<" in trust_note:
        raise NotForAPage("a trust bundle that cannot stand in a page")
    return b"".join(
        [fixed, MARKER, b'<script type="text/plain" id="trust">', trust_note, b"</script>\n"]
    )


def security_policy(page: bytes) -> str:
    """Return the content security policy that the page names, for the header."""
    found = _POLICY.search(page[:4096])
    if found is None:
        raise ValueError("a page without a security policy")
    return found[1].decode()
