# SPDX-License-Identifier: AGPL-3.0-or-later
"""The word lists of the receipt codes, and the script that chose the Chinese one."""

import hashlib
import importlib.util
from itertools import product
from pathlib import Path
from types import ModuleType

import opencc
import pytest
from pypinyin import lazy_pinyin

from tuidang.pure import words

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.unmeasured


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Load scripts/make_words.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("make_words", ROOT / "scripts/make_words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(script: ModuleType) -> str:
    """Make the list anew, once for all tests: it takes some seconds."""
    text = script.make()
    assert isinstance(text, str)
    return text


def test_the_chinese_list_is_what_the_script_makes(made: str) -> None:
    """Anyone can make the shipped Chinese list again, byte for byte, from its source."""
    shipped = (ROOT / "tuidang/pure/words/chinese.txt").read_bytes()
    assert made.encode() == shipped


def test_the_english_list_is_bip39() -> None:
    """The English words are the BIP39 list, in its order, unchanged."""
    text = "".join(f"{word}\n" for word in words.english())
    assert (
        hashlib.sha256(text.encode()).hexdigest()
        == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
    )


def test_every_symbol_has_one_word_in_each_list() -> None:
    """2,048 different words stand in each list and script, Chinese ones of two characters."""
    simplified, traditional = zip(*words.chinese(), strict=True)
    for spelled in (words.english(), simplified, traditional):
        assert len(spelled) == len(set(spelled)) == words.SIZE
    assert all(len(word) == 2 for word in simplified + traditional)


def test_chinese_words_differ_by_ear(script: ModuleType) -> None:
    """No two Chinese words sound alike, even where accents fold sounds and tones are lost."""
    heard = {script.sound(simplified) for simplified, _ in words.chinese()}
    assert len(heard) == words.SIZE


def test_what_accents_confuse_is_folded(script: ModuleType) -> None:
    """Words that only differ by zh/z, ch/c, sh/s, n/l, h/f or -ng/-n count as the same sound."""
    for one, other in [
        ("知道", "资道"),
        ("吃了", "刺了"),
        ("诗人", "丝人"),
        ("南方", "兰方"),
        ("花生", "发生"),
        ("红色", "风色"),
        ("灰尘", "飞尘"),
        ("黄河", "房河"),
        ("陈林", "程零"),
    ]:
        assert script.sound(one) == script.sound(other)
    assert script.sound("苹果") != script.sound("葡萄")


def test_no_form_belongs_to_two_words() -> None:
    """However the scripts are mixed, inside a word too, a word means one symbol."""
    owners: dict[str, int] = {}
    for number, (simplified, traditional) in enumerate(words.chinese()):
        for characters in product(*zip(simplified, traditional, strict=True)):
            assert owners.setdefault("".join(characters), number) == number


@pytest.mark.parametrize(("there", "back"), [("s2t", "t2s"), ("s2tw", "tw2s"), ("s2hk", "hk2s")])
def test_scripts_convert_both_ways(there: str, back: str) -> None:
    """OpenCC turns each simplified word into its traditional one and back, in every region."""
    to_traditional, to_simplified = opencc.OpenCC(there), opencc.OpenCC(back)
    for simplified, traditional in words.chinese():
        assert to_traditional.convert(simplified) == traditional
        assert to_simplified.convert(traditional) == simplified


def test_nothing_left_out_slipped_in(script: ModuleType) -> None:
    """No word of the list has a character, is a word or sounds like one that is left out."""
    taste = script.read_taste(ROOT / "scripts")
    shipped = [simplified for simplified, _ in words.chinese()]
    assert taste.bad_characters.isdisjoint("".join(shipped))
    assert taste.bad_words.isdisjoint(shipped)
    assert taste.bad_sounds.isdisjoint("".join(lazy_pinyin(word)) for word in shipped)
