# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tickets: a receipt code or a second word that a page carries for a few minutes, unshown.

So that nobody types a code twice, and no code that was typed is ever put back into a page.
The key comes from the day key, which lives in memory alone and is destroyed after two days;
a ticket opens only for its purpose and its minutes.
"""

import base64
import binascii
import hmac
import secrets
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tuidang.pure.receipt import Code
from tuidang.registry.declarations import day_keys

RECEIPT_MINUTES = 15
FORM_MINUTES = 120

_DOMAIN = b"tuidang/ticket/v1\n"
_WORD = "second word"
_NONCE_BYTES = 12
_MINUTE_BYTES = 5


class TicketRefused(Exception):
    """A ticket that has lapsed, or is none."""

    code = "ticket_lapsed"


def issue(code: Code, purpose: str, *, now: datetime, minutes: int) -> str:
    """Seal a code into a ticket, good for so many minutes from `now` (UTC)."""
    return _issue(code.random, purpose, now=now, minutes=minutes)


def redeem(ticket: str, purpose: str, *, now: datetime) -> Code:
    """Open a ticket. Raises TicketRefused."""
    return Code(_redeem(ticket, purpose, now=now))


def issue_word(word: str, *, now: datetime, minutes: int) -> str:
    """Seal a second word into a ticket."""
    return _issue(word.encode(), _WORD, now=now, minutes=minutes)


def redeem_word(ticket: str, *, now: datetime) -> str:
    """Open the ticket of a second word. Raises TicketRefused."""
    return _redeem(ticket, _WORD, now=now).decode()


def _issue(content: bytes, purpose: str, *, now: datetime, minutes: int) -> str:
    last = int(now.timestamp()) // 60 + minutes
    nonce = secrets.token_bytes(_NONCE_BYTES)
    key = _key(day_keys.key_of(now.date()))
    sealed = key.encrypt(nonce, last.to_bytes(_MINUTE_BYTES) + content, purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def _redeem(ticket: str, purpose: str, *, now: datetime) -> bytes:
    try:
        raw = base64.b64decode(ticket, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise TicketRefused from None
    if base64.urlsafe_b64encode(raw).decode() != ticket:
        raise TicketRefused  # the last character has bits that decoding leaves out
    today = now.date()
    for day_key in (day_keys.kept(today), day_keys.kept(today - timedelta(days=1))):
        opened = _open(_key(day_key), raw, purpose) if day_key else None
        if opened and int.from_bytes(opened[:_MINUTE_BYTES]) >= int(now.timestamp()) // 60:
            return opened[_MINUTE_BYTES:]
    raise TicketRefused


def _open(key: ChaCha20Poly1305, raw: bytes, purpose: str) -> bytes | None:
    try:
        return key.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError):
        return None


def _key(day_key: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hmac.digest(day_key, _DOMAIN, "sha256"))
