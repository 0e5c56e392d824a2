# SPDX-License-Identifier: AGPL-3.0-or-later
"""The code on the face, as an address, a number and `TD1:` text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.pure.credential.refused import COSE, DECIMAL, REFUSED_CODES
from tests.pure.credential.samples import HOST
from tests.pure.mutations import as_text, mutated
from tuidang.pure.credential.face_code import (
    CodeError,
    decode_base45,
    encode_base45,
    read_code,
    to_decimal,
    to_text,
    to_url,
)

# RFC 9285 sections 4.3 and 4.4.
BASE45 = [
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
]


@given(st.binary(max_size=1600))
def test_codes_round_trip(data: bytes) -> None:
    """Any bytes survive as an address, a number and a text, leading zeros and all."""
    url = to_url(data, HOST)
    assert url == f"https://{HOST}/#{to_decimal(data)}"
    for text in (url, to_decimal(data), to_text(data), f"  {url}\r\n"):
        assert read_code(text) == data


def test_the_host_is_not_looked_at() -> None:
    """The same certificate is read whatever address a paper gives, for that proves nothing."""
    for address in (f"https://forged.invalid/#{DECIMAL}", f"HTTPS://X.INVALID/a?b#{DECIMAL}"):
        assert read_code(address) == COSE


def test_text_without_its_lead_byte() -> None:
    """After `TD1:`, which says the version itself, the bare COSE bytes are read too."""
    assert read_code("TD1:" + encode_base45(COSE)) == COSE


@pytest.mark.parametrize(("name", "text", "code"), REFUSED_CODES)
def test_other_texts_are_refused(name: str, text: str, code: str) -> None:
    """What is no code is refused by name, and not repeated."""
    with pytest.raises(CodeError) as refusal:
        read_code(text)
    assert refusal.value.code == code, name
    assert DECIMAL[:20] not in str(refusal.value)


@pytest.mark.parametrize(
    "host", ["", "a b", "x.invalid/", "x.invalid#", "-x", "Ä", "x" * 300, "x\n"]
)
def test_other_hosts_are_refused(host: str) -> None:
    """An address is made for a plain host name alone."""
    with pytest.raises(CodeError) as refusal:
        to_url(COSE, host)
    assert refusal.value.code == "host"


def test_no_code_is_longer_than_can_be_read() -> None:
    """What would have more digits than are read is not written."""
    with pytest.raises(CodeError) as refusal:
        to_decimal(bytes(2000))
    assert refusal.value.code == "code_too_long"


@pytest.mark.parametrize(("data", "text"), BASE45)
def test_published_base45(data: bytes, text: str) -> None:
    """The examples of RFC 9285 are written and read."""
    assert encode_base45(data) == text
    assert decode_base45(text) == data


@fuzzed
@given(mutated(COSE, DECIMAL.encode(), to_text(COSE).encode(), to_url(COSE, HOST).encode()))
def test_anything_at_all(data: bytes) -> None:
    """What is read is the same bytes again from its number; the rest is refused as a code."""
    try:
        found = read_code(as_text(data))
    except CodeError:
        return
    assert read_code(to_decimal(found)) == found


@fuzzed
@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:aé", max_size=30))
def test_any_base45(text: str) -> None:
    """What is read as base45 is written the same."""
    try:
        found = decode_base45(text)
    except CodeError:
        return
    assert encode_base45(found) == text
