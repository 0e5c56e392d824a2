# SPDX-License-Identifier: AGPL-3.0-or-later
"""The face QR: small enough for paper, and read from photos by readers that others wrote."""

from itertools import cycle, islice

import numpy as np
import pytest
import segno
from PIL import Image
from segno import consts

from tests.fuzzing import NIGHTLY
from tests.pure.credential.photos import photo, read_by_zbar, read_by_zxing
from tests.pure.credential.samples import HOST, KEY, LONGEST, SAMPLES, USUAL
from tuidang.pure.credential.cose import sign
from tuidang.pure.credential.face_code import to_url
from tuidang.pure.credential.qr import MAX_VERSION, Qr, QrError, qr

URLS = {name: to_url(sign(claims, KEY), HOST) for name, claims in SAMPLES.items()}
PHOTOS = 100 if NIGHTLY else 8


def picture(symbol: Qr, pixels: int = 4) -> Image.Image:
    """Return a symbol as a printer would have it, with its quiet zone."""
    dark = np.pad(np.array(symbol.rows), 4)
    return Image.fromarray(np.kron(np.where(dark, 0, 255), np.ones((pixels, pixels))).astype("u1"))


@pytest.mark.parametrize("name", URLS)
def test_every_sample_is_read_by_both_readers(name: str) -> None:
    """What is written is read back, letter for letter, by zxing-cpp and by zbar."""
    image = picture(qr(URLS[name]))
    assert read_by_zxing(image) == URLS[name]
    assert read_by_zbar([image]) == [URLS[name]]


def test_sizes() -> None:
    """An ordinary certificate is version 13, the longest that is likely no more than 16."""
    assert qr(URLS["usual"]).version <= 13
    assert len(LONGEST.latin_name) == 39
    assert qr(URLS["longest"]).version <= MAX_VERSION == 16
    for url in URLS.values():
        symbol = qr(url)
        assert {len(row) for row in symbol.rows} == {len(symbol.rows)} == {17 + 4 * symbol.version}


@pytest.mark.parametrize("name", URLS)
def test_the_digits_are_a_segment_of_their_own(name: str) -> None:
    """The symbol is as small as one whose two segments were written by hand."""
    head, mark, digits = URLS[name].partition("#")
    segments = [(head + mark, consts.MODE_BYTE, "ascii"), (digits, consts.MODE_NUMERIC)]
    # It takes a list of segments, which its stubs do not say.
    by_hand = segno.make(segments, error="m", micro=False, boost_error=False)  # type: ignore[arg-type]
    assert qr(URLS[name]).version == by_hand.version
    in_one = segno.make(URLS[name], error="m", mode="byte", micro=False, boost_error=False)
    assert int(in_one.version) > qr(URLS[name]).version


@pytest.mark.parametrize("digits", [1100, 3900, 9000])
def test_what_does_not_fit_is_refused(digits: int) -> None:
    """A code that would need more than 16-M is an error, never a symbol too fine to read."""
    with pytest.raises(QrError):
        qr(f"https://{HOST}/#1{'7' * digits}")


def test_phone_photos() -> None:
    """At 3 pixels a module, tilted, blurred, noisy and badly lit, both readers read every one."""
    urls = list(islice(cycle([URLS["usual"], URLS["longest"]]), PHOTOS))
    images = [photo(qr(url), seed) for seed, url in enumerate(urls)]
    assert [read_by_zxing(image) for image in images] == urls
    assert read_by_zbar(images) == urls


def test_a_photo_is_a_hard_sample() -> None:
    """A photo differs from the print: a third of its pixels is neither dark nor light."""
    pixels = np.asarray(photo(qr(to_url(sign(USUAL, KEY), HOST)), 1)).astype(float)
    low, high = np.percentile(pixels, [5, 95])
    between = (pixels > low + 0.25 * (high - low)) & (pixels < high - 0.25 * (high - low))
    assert between.mean() > 1 / 3
    assert high < 235
