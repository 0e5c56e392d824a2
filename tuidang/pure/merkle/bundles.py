# SPDX-License-Identifier: Apache-2.0
"""Entry bundles: up to 256 entries in one file, each after its length.

Frames bytes only. It must never look into an entry; `pure.ledger.entries` does that.

Source: tlog-tiles, in `transparency-log.md` section 5.
"""

from collections.abc import Sequence

from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.tiles import TILE_WIDTH

MAX_ENTRY_SIZE = 0xFFFF


class BundleError(FormatError):
    """A bundle is cut off, too long, or holds another number of entries."""


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bundle of 1 to 256 entries of 0 to 65,535 bytes; BundleError otherwise."""
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise BundleError("bundle_count", "a bundle holds 1 to 256 entries")
    lengths = set(map(len, entries))  # few, so that each is written out once
    if max(lengths) > MAX_ENTRY_SIZE:
        raise BundleError("entry_too_long", "an entry is longer than 65,535 bytes")
    prefixes = {length: length.to_bytes(2, "big") for length in lengths}
    return b"".join([prefixes[len(entry)] + entry for entry in entries])


def decode_bundle(data: bytes, expected: int | None = None) -> list[bytes]:
    """Return the entries of a bundle, which are `expected` in number if that is given.

    Raises BundleError for a cut-off bundle and for another number of entries.
    """
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > end or at > end:
            raise BundleError("bundle_cut_off", "the bundle ends inside an entry")
        entries.append(data[start:at])
    if len(entries) != expected and (expected is not None or not 1 <= len(entries) <= TILE_WIDTH):
        raise BundleError("bundle_count", "the bundle holds another number of entries")
    return entries
