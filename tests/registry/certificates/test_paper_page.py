# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on the page, how it looks, and that it is always one page.

The pictures are left in out/certificates/ to be looked at.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.architecture.house import ROOT
from tests.registry.certificates.paper_samples import (
    HOST,
    LONG,
    PLAIN,
    SAMPLES,
    Sample,
    run,
    signed,
    unsigned,
)
from tuidang.pure.credential.claims import Claims, DeclaredAs
from tuidang.pure.credential.face import Script, face
from tuidang.pure.credential.face_code import to_url
from tuidang.pure.credential.qr import QrError, qr
from tuidang.registry.certificates.paper.errors import (
    CharactersAlike,
    CharactersMissing,
    NotTypeset,
    PageFull,
)
from tuidang.registry.certificates.paper.paper import (
    make_pdf,
    make_plain,
    make_png,
    make_sample,
    make_sample_picture,
)
from tuidang.registry.certificates.paper.sheet import pieces, sheet_with_code, svg
from tuidang.registry.certificates.paper.typesetter import set_pdf

PICTURES = ROOT / "out" / "certificates"
MOST = 200_000  # bytes
SIMPLIFIED, TRADITIONAL = SAMPLES[:2]
DRAWN = (SAMPLES[0], SAMPLES[3], SAMPLES[5])  # those that poppler draws too, which takes its time


@pytest.fixture(scope="module", autouse=True)
def _pictures() -> None:
    """Make the folder of the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)


def words_of(pdf: bytes, folder: Path) -> str:
    """Return the text of a page as pdftotext reads it, without any space."""
    file = folder / "page.pdf"
    file.write_bytes(pdf)
    return "".join(run("pdftotext", "-raw", file, "-").split())


def shot(pdf: bytes, name: str) -> Path:
    """Return the picture of a page as poppler draws it, 150 dots an inch."""
    file = PICTURES / f"{name}.pdf"
    file.write_bytes(pdf)
    run("pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", file, PICTURES / name)
    return PICTURES / f"{name}.png"


def without_space(text: str) -> str:
    """Return a text without any white space."""
    return "".join(text.split())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_page_says_what_the_face_says(sample: Sample, tmp_path: Path) -> None:
    """Each word of the face is on the page, and the page has no other word."""
    said = face(sample.claims, sample.script)
    rows = [(r.label_zh, r.value_zh, r.label_en, r.value_en) for r in said.rows]
    sentences = [s for each in said.sentences for s in (each.zh, each.en)]
    found = words_of(signed(sample), tmp_path)
    for words in (*(word for row in rows for word in row), *sentences):
        assert without_space(words) in found
    letters = sum(len(without_space(word)) for row in rows for word in row)
    assert len(found) == letters + sum(map(len, map(without_space, sentences)))


@pytest.mark.parametrize("sample", DRAWN, ids=lambda sample: sample.name)
def test_zxing_and_zbar_read_the_code_from_the_page(sample: Sample) -> None:
    """Both readers find the address, digit by digit, on the page as poppler draws it."""
    page = shot(signed(sample), sample.name)
    attached = PICTURES / "certificate.cose"
    run("pdfdetach", "-savefile", attached.name, "-o", attached, page.with_suffix(".pdf"))
    url = to_url(attached.read_bytes(), HOST)
    with Image.open(page) as picture:
        assert [found.text for found in zxingcpp.read_barcodes(picture)] == [url]
    assert run("zbarimg", "--quiet", "--raw", page).strip() == url


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_page_and_picture_are_small(sample: Sample) -> None:
    """PDF and picture, 150 dots an inch, have at most 200 KB; the picture's code is read."""
    cose = sample.cose()
    picture = picture_of(sample, cose)
    with Image.open(BytesIO(picture)) as image:
        assert image.size == (1240, 1754)
        (found,) = zxingcpp.read_barcodes(image)
    assert found.text == to_url(cose, HOST)
    assert max(len(picture), len(signed(sample))) <= MOST


def picture_of(sample: Sample, cose: bytes) -> bytes:
    """Return the picture of a sample, and leave it where it can be looked at."""
    picture = make_png(cose, sample.claims, sample.script, verify_host=HOST)
    (PICTURES / f"{sample.name}-picture.png").write_bytes(picture)
    return picture


def test_a_module_of_the_code_is_large_enough() -> None:
    """A module measures at least 0.45 mm, with four modules of white on each side."""
    cose = SIMPLIFIED.cose()
    code = sheet_with_code(PLAIN, "Hans", cose, HOST)["code"]
    modules = len(qr(to_url(cose, HOST)).rows)
    assert code["side"] / 72 * 25.4 / (modules + 8) >= 0.45
    assert f'viewBox="0 0 {modules + 8} {modules + 8}"' in code["svg"]


def test_the_drawing_of_a_code_is_the_code() -> None:
    """The path fills exactly the dark modules, moved by the quiet zone."""
    symbol = qr(to_url(SIMPLIFIED.cose(), HOST))
    dark: set[tuple[int, int]] = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg(symbol)):
        dark |= {(int(x) - 4 + step, int(y) - 4) for step in range(int(width))}
    rows = enumerate(symbol.rows)
    assert dark == {(x, y) for y, row in rows for x, is_dark in enumerate(row) if is_dark}


@pytest.mark.parametrize(("sample", "region"), [(SIMPLIFIED, "sc"), (TRADITIONAL, "tc")])
def test_each_script_has_the_shapes_of_its_region(
    sample: Sample, region: str, tmp_path: Path
) -> None:
    """Simplified paper embeds the mainland's shapes, traditional paper Taiwan's, and no others."""
    file = tmp_path / "page.pdf"
    file.write_bytes(unsigned(sample))
    fonts = re.findall(
        r"^[A-Z]{6}\+(\S+) .*?(yes|no) (yes|no) (yes|no)", run("pdffonts", file), re.M
    )
    drawn = {name for name, *_ in fonts if "CJK" in name}
    assert drawn == {
        f"NotoSerifCJK{region}-Regular-Identity-H", f"NotoSerifCJK{region}-Bold-Identity-H"
    }  # fmt: skip
    assert {tuple(rest) for _, *rest in fonts} == {
        ("yes", "yes", "yes")
    }  # embedded, subset, mapped


def test_regional_shapes_differ() -> None:
    """骨, 直, 次, 令 and 過 look otherwise in the two scripts, in the very same certificate."""
    simplified = Sample("regions-Hans", replace(PLAIN, chinese_name="骨直次令過"), "Hans")
    traditional = replace(simplified, name="regions-Hant", script="Hant")
    cose = simplified.cose()
    names = []
    for sample in (simplified, traditional):
        with Image.open(BytesIO(picture_of(sample, cose))) as picture:
            names.append(picture.crop((205, 268, 420, 306)).tobytes())
    assert names[0] != names[1]


def test_plain_paper_has_no_electronics_and_says_so(tmp_path: Path) -> None:
    """Plain paper has the number and how to look it up, no code and nothing attached."""
    pdf = make_plain(PLAIN, "Hans")
    found = words_of(pdf, tmp_path)
    assert "carriesnoelectronicproof" in found
    assert without_space(face(PLAIN, "Hans").plain[1].zh) in found
    assert "scanthiscode" not in found
    assert "0 embedded files" in run("pdfdetach", "-list", tmp_path / "page.pdf")
    with Image.open(shot(pdf, "plain")) as picture:
        assert zxingcpp.read_barcodes(picture) == []


@pytest.mark.parametrize(("script", "word"), [("Hans", "样本"), ("Hant", "樣本")])
def test_a_sample_is_marked(script: Script, word: str, tmp_path: Path) -> None:
    """A page that shows how the paper will look has 样本 SAMPLE across it."""
    pdf = make_sample(LONG, script)
    found = words_of(pdf, tmp_path)
    assert word in found
    assert "SAMPLE" in found
    picture = make_sample_picture(LONG, script)
    (PICTURES / f"sample-{script}.png").write_bytes(picture)
    with Image.open(BytesIO(picture)) as image:
        assert zxingcpp.read_barcodes(image) == []


def fullest(letter: str, claims: Claims) -> Sample:
    """Return the certificate with the longest texts whose code can still be printed."""
    for length in count(60, -1):
        text = (letter * 60)[:length].strip()
        declared = DeclaredAs(2, text, recovered=True)
        full = replace(claims, birth_place=text, branch=text, declared_as=declared)
        sample = Sample("fullest", full, "Hant")
        try:
            qr(to_url(sample.cose(), HOST))
        except QrError:
            continue
        return sample
    raise AssertionError


@pytest.mark.parametrize("letter", ["W", "骨", "iii "])
def test_whatever_the_code_can_hold_is_one_page(letter: str, tmp_path: Path) -> None:
    """The longest texts that fit into the code fit on one page, whole, in smaller type."""
    sample = fullest(letter, replace(LONG, commitments=None))
    pdf = unsigned(sample)
    said = face(sample.claims, sample.script)
    found = words_of(pdf, tmp_path)
    assert all(without_space(row.value_en) in found for row in said.rows)
    assert "Pages: 1" in re.sub(" +", " ", run("pdfinfo", tmp_path / "page.pdf"))


def test_what_is_too_much_for_a_page_is_refused() -> None:
    """A page that would be two is not made."""
    page = sheet_with_code(PLAIN, "Hans", SIMPLIFIED.cose(), HOST)
    with pytest.raises(PageFull):
        set_pdf(page | {"notes": page["notes"] * 12})


def test_a_name_without_a_shape_is_never_printed() -> None:
    """A certificate with a character that no font has is refused, and the error says no name."""
    claims = replace(PLAIN, chinese_name="张\U00030004")
    cose = Sample("unprintable", claims, "Hans").cose()
    with pytest.raises(CharactersMissing) as caught:
        make_pdf(cose, None, claims, "Hans", verify_host=HOST)
    assert caught.value.data == {"count": 1}
    assert "张" not in str(caught.value)


def test_a_page_that_could_not_be_read_back_is_refused() -> None:
    """Two characters with one shape on a page are refused: no reader could tell them apart."""
    claims = replace(PLAIN, chinese_name="\u5140\ufa0c")
    with pytest.raises(CharactersAlike) as caught:
        make_plain(claims, "Hans")
    assert caught.value.data == {"count": 2}


def test_a_place_is_read_back_as_it_was_typed(tmp_path: Path) -> None:
    """Full-width digits, letters and commas, as people type them, stay what they are."""
    claims = replace(PLAIN, birth_place="样本市，Ａ区１２号：Sample's “place”")
    page = make_plain(claims, "Hans")
    words = without_space(claims.birth_place or "")
    assert words_of(page, tmp_path).count(words) == 2


def test_an_error_of_the_typesetter_quotes_nothing() -> None:
    """Where the typesetter itself stops, its words, which quote the page, do not get out."""
    with pytest.raises(NotTypeset) as caught:
        set_pdf({"title": "张三"})
    assert caught.value.__cause__ is None
    assert "张" not in str(caught.value)


def test_the_same_certificate_gives_the_same_bytes() -> None:
    """Typesetting a page again, after others, gives the same file and the same picture."""
    cose, other = SIMPLIFIED.cose(), TRADITIONAL
    first = make_pdf(cose, b"sample\n", PLAIN, "Hans", verify_host=HOST)
    picture = make_png(cose, PLAIN, "Hans", verify_host=HOST)
    make_pdf(other.cose(), None, other.claims, "Hant", verify_host=HOST)
    assert make_pdf(cose, b"sample\n", PLAIN, "Hans", verify_host=HOST) == first
    assert make_png(cose, PLAIN, "Hans", verify_host=HOST) == picture


def test_two_threads_may_print_at_once() -> None:
    """Pages that are made at the same time are the pages that are made one by one."""
    names = [f"ZHANG<<SAMPLE{chr(65 + i)}" for i in range(6)]
    samples = [Sample(name, replace(PLAIN, latin_name=name), "Hans") for name in names]
    pages = [(sample.cose(), sample.claims) for sample in samples]

    def make(page: tuple[bytes, Claims]) -> bytes:
        return make_pdf(page[0], None, page[1], "Hans", verify_host=HOST)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(make, pages)) == list(map(make, pages))


@given(st.text("骨A年月日0129 ,.-<W", max_size=80))
@settings(max_examples=200)
def test_cutting_into_pieces_loses_nothing(text: str) -> None:
    """The pieces of a text are the text, and no piece that must not break is longer than a line."""
    cut = pieces(text)
    assert "".join(piece for _, piece in cut) == text
    assert all(len(piece) <= 24 for kind, piece in cut if kind != "text")


def test_a_day_is_one_piece() -> None:
    """A day in Chinese or English stays on one line; what stands around it may break."""
    assert pieces("不晚于2026年11月1日。") == [
        ("text", "不晚于"), ("day", "2026年11月1日"), ("text", "。"),
    ]  # fmt: skip
    assert pieces("than 1 May 2026.") == [("text", "than "), ("word", "1 May 2026"), ("text", ".")]


def test_the_file_says_nothing_about_its_making(tmp_path: Path) -> None:
    """The metadata is the title, the typesetter, and midnight of the day of issue."""
    file = tmp_path / "page.pdf"
    file.write_bytes(signed(SIMPLIFIED))
    said = dict(line.split(":", 1) for line in run("pdfinfo", "-isodates", file).splitlines())
    days = {said[key].strip() for key in ("CreationDate", "ModDate")}
    assert said["Title"].strip() == "Certificate of a recorded declaration · 声明记录证明书"
    assert re.fullmatch(r"Typst [\d.]+", said["Creator"].strip())
    assert days == {f"{date(2026, 11, 22)}T00:00:00Z"}
    assert not {"Author", "Producer", "Subject", "Keywords"} & set(said)
