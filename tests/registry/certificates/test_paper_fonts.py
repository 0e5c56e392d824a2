# SPDX-License-Identifier: AGPL-3.0-or-later
"""Characters that the paper cannot show are known before, and the typesetter agrees."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typst

from tuidang.registry.certificates.paper import fonts
from tuidang.registry.certificates.paper.cmap import FontUnreadable, read_ranges
from tuidang.registry.certificates.paper.errors import FontsMissing
from tuidang.registry.certificates.paper.fonts import FOLDERS, Font, look_alikes, missing_characters

Typeset = Callable[[str], object]

# From parts of Unicode with no shape in the fonts: unassigned, Tibetan, extension G, private.
UNDRAWN = ["\U0003abcd", "\u0f66", "\U00030004", "\U000323ab", "\ue000", "\x07", "\U0002a6d7"]
# Printed, but as nothing or as another shape than the one that was asked for.
SHAPELESS = ["\u200b", "\ufeff", "\u00ad", "\u2028", "\U000e0100", "\u3164", "\u2007", "\u2800"]
# Printed as a letter and a mark, as several letters, or turned: a checker reads something else.
MELTED = ["\u0130", "\u0301", "\u20dd", "\ufb01", "\uff9f", "\u05d0"]


@pytest.fixture(scope="module")
def typeset(tmp_path_factory: pytest.TempPathFactory) -> Typeset:
    """Return what sets a text with the paper's fonts and no others, as strictly as the paper."""
    source = tmp_path_factory.mktemp("fonts") / "text.typ"
    source.write_text(
        '#set document(title: "sample", date: datetime(year: 2026, month: 1, day: 1))\n'
        '#set text(font: ("Noto Serif CJK SC", "HanaMinA", "HanaMinB"), fallback: false)\n'
        "#sys.inputs.text\n"
    )
    compiler = typst.Compiler(
        str(source), ignore_system_fonts=True, font_paths=[str(f) for f in FOLDERS]
    )
    return lambda text: compiler.compile(
        format="pdf", pdf_standards=["a-3a"], sys_inputs={"text": text}, timestamp=0
    )


def every_character(codec: str) -> str:
    """Return all characters of a codec but controls."""

    def has(code: int) -> bool:
        try:
            chr(code).encode(codec)
        except UnicodeEncodeError:
            return False
        return True

    return "".join(chr(code) for code in range(0x20, 0x30000) if code != 0x7F and has(code))


def test_all_of_gbk_and_big5_is_drawn(typeset: Typeset) -> None:
    """Every character of GBK and of Big5 has a shape, by our table and by the typesetter."""
    text = "".join(sorted({*every_character("gbk"), *every_character("big5")}))
    assert len(text) > 21_800
    assert missing_characters(text) == []
    typeset(text)


@pytest.mark.parametrize("name", ["𠮷田", "𤭢", "𠀋", "䶮", "𫖮"])
def test_names_outside_the_basic_plane_are_drawn(typeset: Typeset, name: str) -> None:
    """A name with a rare character is drawn, by our table and by the typesetter."""
    assert missing_characters(name) == []
    typeset(name)


@pytest.mark.parametrize("character", UNDRAWN)
def test_what_no_font_has_is_reported(typeset: Typeset, character: str) -> None:
    """What the typesetter would refuse is reported before, and alone."""
    assert missing_characters(f"张{character}三{character}") == [character]
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        typeset(character)


@pytest.mark.parametrize("character", [*SHAPELESS, *MELTED])
def test_what_has_no_shape_is_reported(character: str) -> None:
    """What would be printed as nothing, or as a variant nobody asked for, is reported."""
    assert missing_characters(f"葛{character}") == [character]


@pytest.mark.parametrize("character", ["⼀", "⽅", "⻑", "\u2011", "\u00a0", "\uf90a"])
def test_what_is_drawn_as_a_usual_character_is_reported(character: str) -> None:
    """A radical, a special hyphen or a compatibility form is reported: the paper shows another."""
    assert missing_characters(f"葛{character}") == [character]


@pytest.mark.parametrize("usual", ["一方长金-·• ", "兀", "\ufa0c", "﹣～（）", "①Ⅷ〇"])
def test_what_people_type_is_not_reported(usual: str) -> None:
    """What GBK or Big5 has is never reported, even where two characters have one shape."""
    assert missing_characters(usual) == []


def test_two_characters_with_one_shape_are_noticed() -> None:
    """Both forms of 兀 in one text are reported, either alone is not."""
    assert look_alikes("\u5140子") == look_alikes("\ufa0c子") == []
    assert look_alikes("\u5140子\ufa0c") == ["\u5140", "\ufa0c"]


def test_every_region_and_weight_has_the_same_characters() -> None:
    """One table answers for the shapes of both regions and for bold."""
    noto = FOLDERS[0]
    files = [noto / "NotoSerifCJK-Regular.ttc", noto / "NotoSerifCJK-Bold.ttc"]
    drawn = [
        {code for first, last, _ in read_ranges(file, number) for code in range(first, last + 1)}
        for file in files
        for number in (2, 3)
    ]
    assert drawn[1:] == [drawn[0]] * 3


def test_a_font_that_is_missing_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a font is not installed, the words name its file and its Debian package."""
    gone = Font("HanaMinB", Path("/nowhere/HanaMinB.ttf"), "fonts-hanazono")
    monkeypatch.setattr(fonts, "FONTS", (*fonts.FONTS[:3], gone))
    (words,) = fonts.missing_fonts()
    assert "/nowhere/HanaMinB.ttf" in words
    assert "fonts-hanazono" in words
    with pytest.raises(FontsMissing, match="fonts-hanazono"):
        fonts.check_fonts()


def test_nothing_is_missing_here() -> None:
    """The fonts of the paper are installed where the tests run."""
    assert fonts.missing_fonts() == []


@pytest.mark.parametrize("data", [b"", b"ttcf", b"\0" * 64, b"OTTO" + b"\0\1" + b"\xff" * 40])
def test_a_file_that_is_no_font_is_refused(tmp_path: Path, data: bytes) -> None:
    """A file that is no font raises FontUnreadable, whatever it holds."""
    file = tmp_path / "sample.otf"
    file.write_bytes(data)
    with pytest.raises(FontUnreadable):
        read_ranges(file)
