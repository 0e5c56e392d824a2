# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of strangers: what is opened, what is not, and at what cost."""

import io
import random
import time
from datetime import date

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.verify.certificate.cases import bundles
from tests.verify.certificate.code_cases import GENUINE, as_png, picture, symbol
from tests.verify.certificate.made import VERIFY_HOST
from tuidang.pure.credential.face_code import to_url
from tuidang.verify.certificate import picture_process
from tuidang.verify.certificate.check import check_bytes
from tuidang.verify.certificate.picture_process import read_apart
from tuidang.verify.certificate.pictures import PictureError, is_picture, read_picture
from tuidang.verify.certificate.trust import read_bundle


def refusal(data: bytes) -> str:
    """Return the reason for which a picture is refused."""
    with pytest.raises(PictureError) as caught:
        read_picture(data)
    return caught.value.code


def pattern_of_finders(side: int) -> bytes:
    """Return a small file that is full of corners of codes, on which a reader works long."""
    corner = Image.new("L", (9, 9), 255)
    draw = ImageDraw.Draw(corner)
    for inset, shade in ((1, 0), (2, 255), (3, 0)):
        draw.rectangle([inset, inset, 8 - inset, 8 - inset], fill=shade)
    row = Image.new("L", (side, 9), 255)
    image = Image.new("L", (side, side), 255)
    for x in range(0, side - 9, 9):
        row.paste(corner, (x, 0))
    for y in range(0, side - 9, 9):
        image.paste(row, (0, y))
    return as_png(image)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    """Colours, greys, palettes and transparent ground make no difference."""
    plain = symbol(to_url(GENUINE, VERIFY_HOST)).convert(mode)
    if mode == "RGBA":
        plain.putalpha(Image.eval(plain.convert("L"), lambda shade: 255 - shade))
    assert read_picture(as_png(plain)) == GENUINE


def test_a_turned_dark_or_small_code_is_read() -> None:
    """Sideways, upside down, in dim light, and at two pixels a module."""
    with Image.open(io.BytesIO(picture([GENUINE]))) as opened:
        whole = opened.convert("L")
    dim = whole.point([60 + shade // 4 for shade in range(256)])
    small = symbol(to_url(GENUINE, VERIFY_HOST), module=2)
    for each in (whole.rotate(90), whole.rotate(180), dim, small):
        assert read_picture(as_png(each)) == GENUINE


def test_a_code_that_is_not_sharp_or_not_whole_is_told() -> None:
    """A code is seen and cannot be read: that is said otherwise than that there is none."""
    code = symbol(to_url(GENUINE, VERIFY_HOST), module=6)
    noise = Image.frombytes("L", code.size, random.Random(7).randbytes(code.width * code.height))
    middle = Image.new("L", code.size, 0)
    edge = code.width // 4
    ImageDraw.Draw(middle).rectangle([edge, edge, 3 * edge, 3 * edge], fill=255)
    spoilt = Image.composite(noise.filter(ImageFilter.BoxBlur(3)), code, middle)
    assert refusal(as_png(spoilt)) == "code_unclear"


@pytest.mark.parametrize(
    "start", [b"\0\0\0\x18ftypheic", b"RIFF\0\0\0\0WEBPVP8 ", b"II*\0", b"MM\0*", b"GIF89a"]
)
def test_other_kinds_of_pictures_are_known_and_not_opened(start: bytes) -> None:
    """A photo in another format is said to be that, and not to be no picture."""
    assert is_picture(start)
    assert refusal(start + bytes(100)) == "picture_unreadable"


def test_a_picture_is_read_in_a_process_that_knows_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other process gives the same answers, and gets an empty environment."""
    given: dict[str, object] = {}
    started = picture_process.subprocess.run

    def watched(*words: object, **facts: object) -> object:
        given.update(facts)
        return started(*words, **facts)  # type: ignore[call-overload]

    monkeypatch.setattr(picture_process.subprocess, "run", watched)
    assert read_apart(picture([GENUINE])) == GENUINE
    assert given["env"] == {}
    with pytest.raises(PictureError) as caught:
        read_apart(as_png(Image.new("L", (300, 300), 255)))
    assert caught.value.code == "no_code"


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    """40 KB that keep a reader busy for a minute cost a server no more than it allows."""
    data = pattern_of_finders(4000)
    assert len(data) < 100_000
    begun = time.monotonic()
    bundle = read_bundle(bundles(date(2026, 7, 14))["main"])
    verdict = check_bytes(
        data, bundle, today=bundle.issued, read_picture=lambda data: read_apart(data, seconds=1)
    )
    assert time.monotonic() - begun < 10
    assert (verdict.outcome, verdict.reason) == ("unreadable", "picture_unreadable")
