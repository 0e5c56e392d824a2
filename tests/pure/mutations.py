# SPDX-License-Identifier: AGPL-3.0-or-later
"""Samples of a format with a few things wrong: what a parser meets between noise and the truth."""

from hypothesis import strategies as st

# What tells one number, line or hash from another in the formats of the log.
TOKENS = (b"", b"\n", b"\n\n", b" ", b"+", b"0", b"-1", b"x", b"/", b".p/", b"=", b"\x00", b"\xff",
          b"\xe2\x80\x94 ", b"\r", b"9007199254740992", b"9223372036854775807",
          b"9223372036854775808", b"18446744073709551615", b"18446744073709551616",
          "٣".encode(), b"\xed\xa0\x80")  # fmt: skip
Edit = tuple[int, int, bytes]


def mutated(*samples: bytes) -> st.SearchStrategy[bytes]:
    """Return samples with up to four slices cut out, each replaced by a token, a part of the
    same sample or nothing; sometimes none, sometimes plain noise."""
    places = st.integers(0, max(len(sample) for sample in samples))
    edit = st.tuples(places, st.integers(0, 40), st.sampled_from(TOKENS) | st.binary(max_size=4))
    broken = st.tuples(st.sampled_from(samples), st.lists(edit, max_size=4)).map(_edited)
    spliced = st.tuples(st.sampled_from(samples), places, places, places).map(_spliced)
    return broken | spliced | st.binary(max_size=120)


def as_text(data: bytes) -> str:
    """Return bytes as text, where no text can have them as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def _edited(drawn: tuple[bytes, list[Edit]]) -> bytes:
    sample, edits = drawn
    for at, length, instead in edits:
        sample = sample[:at] + instead + sample[at + length :]
    return sample


def _spliced(drawn: tuple[bytes, int, int, int]) -> bytes:
    """Say a part of the sample twice, somewhere else."""
    sample, at, start, end = drawn
    return sample[:at] + sample[min(start, end) : max(start, end)] + sample[at:]
