# SPDX-License-Identifier: Apache-2.0
"""Whom to trust: the log's key and its cosigners', from a file that the user chose.

Three kinds of file are read: lines with a vkey each (the log's first), `trust.json`, and
`trust.note`. It must never look for a key next to the log that is to be judged.

Sources: `certificates.md` section 3; `transparency-log.md` section 6.
"""

import json
from dataclasses import dataclass

from tuidang.pure.merkle.canonical import from_utf8
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.notes import open_note
from tuidang.pure.merkle.signatures import COSIGNATURE, ED25519, Verifier
from tuidang.verify.errors import TrustError

_P = 2**255 - 19
# The y of every point whose order divides 8: under such a key one signature fits many messages.
_SMALL_ORDER = {
    0,
    1,
    _P - 1,
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
}


@dataclass(frozen=True, slots=True)
class Trust:
    """The key of a log, which names its origin, and those of its cosigners."""

    log: Verifier
    cosigners: tuple[Verifier, ...] = ()

    @property
    def needed(self) -> tuple[Verifier, ...]:
        """The keys without which no checkpoint passes: the log's and, if known, its clock's."""
        clock = f"{self.log.name}/clock"
        return (self.log, *(each for each in self.cosigners if each.name in (clock, self.log.name)))


def parse_trust(data: bytes) -> Trust:
    """Return the trusted keys in a file; TrustError unless every one of them is usable."""
    try:
        text = from_utf8(data)
        vkeys = _bundle_vkeys(text) if text.startswith("{") else _plain_vkeys(text)
        trust = Trust(
            _key(vkeys[0], ED25519), tuple(_key(each, COSIGNATURE) for each in vkeys[1:] if each)
        )
        if text.startswith("{") and "\n\n" in text:
            open_note(data, [trust.log])
    except (FormatError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise TrustError(f"no keys to trust: {error}") from error
    return trust


def _plain_vkeys(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def _bundle_vkeys(text: str) -> list[str]:
    bundle = json.loads(text.partition("\n\n")[0])
    witnesses = [each["vkey"] for each in bundle["witnesses"]]
    return [bundle["log_vkey"], bundle["clock_vkey"], *witnesses]


def _key(vkey: str, kind: int) -> Verifier:
    verifier = Verifier.parse(vkey)
    y = int.from_bytes(verifier.public_key, "little") % 2**255
    if verifier.kind != kind or y >= _P or y in _SMALL_ORDER:
        raise TrustError("not a key of the expected kind, or one of small order")
    return verifier
