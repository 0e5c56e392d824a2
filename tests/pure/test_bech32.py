# SPDX-License-Identifier: Apache-2.0
"""Bech32, against the strings that BIP 173 publishes."""

import pytest

from tuidang.pure import bech32

PUBLISHED = [
    ("a", "", "a12uel5l"),
    (
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio",
        "",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    ),
    (
        "abcdef",
        "00443214c74254b635cf84653a56d7c675be77df",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    ),
    ("1", "00" * 51, "11" + "q" * 82 + "c8247j"),
    (
        "split",
        "c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    ),
    ("?", "", "?1ezyfcl"),
]


@pytest.mark.parametrize(("prefix", "data", "text"), PUBLISHED)
def test_published_strings(prefix: str, data: str, text: str) -> None:
    """Every valid string of BIP 173 is what its prefix and bytes encode to."""
    assert bech32.encode(prefix, bytes.fromhex(data)) == text


@pytest.mark.parametrize("prefix", ["", "a" * 84, "Age", "a b", "\x7f", "é"])
def test_impossible_prefixes_are_refused(prefix: str) -> None:
    """A prefix that bech32 does not allow raises instead of giving an unreadable key."""
    with pytest.raises(ValueError, match="prefix"):
        bech32.encode(prefix, b"")
