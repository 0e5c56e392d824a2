# SPDX-License-Identifier: AGPL-3.0-or-later
"""Make the 2,048 Chinese words of the receipt codes from jieba's dictionary.

    python scripts/make_words.py > tuidang/pure/words/chinese.txt

The result is the same on every run with the versions of jieba, pypinyin and opencc in
requirements/test.txt; a test compares it byte for byte. It is kept for that test and for
readers who ask where the words come from. It must never be used to change a list that
receipts already speak. How words are chosen is told in docs/words.md.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import opencc
from pypinyin import lazy_pinyin

SIZE = 2048
COMMON_CHARACTERS = 3500
LEAST_USE = 200
LEAST_USE_OF_A_VIVID_WORD = 40
MOST_WORDS_WITH_ONE_CHARACTER = 14
# A character counts as having one reading when at least this share of its uses agrees.
SAME_READING = 0.98

# Parts of speech as jieba marks them: nouns, adjectives, times, places; never names of
# persons, places or bodies (nr, ns, nt).
KINDS = frozenset({"n", "a", "an", "t", "s", "z", "b"})

# Things one can see, taste or hold come first: they are easier to say, write and remember.
VIVID = frozenset(
    "花草树木林叶枝果桃李梅兰竹菊荷莲松柏杨柳桂枫樱梨杏橘橙柚瓜豆麦稻米茶糖蜜饼糕汤粥面包菜葱姜蒜椒笋菇薯藕芽种籽"
    "山水河湖海溪泉池瀑浪波岛岸滩沙石岩峰谷云雨雪霜雾风虹电晴月光霞晨早晚春夏秋冬季天空"
    "鸟鱼虾蟹猫兔马牛羊鹿熊虎狮象猴鹰燕雀鹤鹅蝶蜂蚁蝉蛙鲸豚贝房屋门窗桌椅柜灯碗盘杯壶瓶锅勺筷盆桶篮筐箱伞帽鞋袜衣裙衫"
    "围巾手枕毯帘镜梳笔纸书本图画琴鼓笛歌舞曲诗词字棋球车船舟桥路街站橙黄绿青蓝紫白粉棕色"
    "甜香鲜脆软柔暖清新亮明静安宁丽爱温和善良快活泼聪健康乐朋友邻老师同学孩"
)

_SAME_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "h": "f"}
_AFTER_F = {"ui": "ei", "un": "en", "o": "u", "ong": "eng"}


@dataclass(frozen=True)
class Word:
    """One line of jieba's dictionary: two characters, how often they are met, what they are."""

    text: str
    use: int
    kind: str


@dataclass(frozen=True)
class LeftOut:
    """What no receipt may say: characters, words, and the sounds of words."""

    characters: frozenset[str]
    words: frozenset[str]
    sounds: frozenset[str]

    def has(self, word: str) -> bool:
        """Say whether a word is left out, by itself, by a character or by its sound."""
        return (
            not self.characters.isdisjoint(word)
            or word in self.words
            or "".join(lazy_pinyin(word)) in self.sounds
        )


def jieba_words() -> list[Word]:
    """Read jieba's dictionary without importing jieba, whose import warns."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise SystemExit("jieba is not installed")
    lines = Path(spec.origin).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ") for line in lines)
    return [Word(text, int(use), kind) for text, use, kind in rows]


def left_out(lines: Iterable[str]) -> LeftOut:
    """Read the reasoned list of what is left out (its own heading tells the format)."""
    items: set[str] = set()
    sounds: set[str] = set()
    for line in lines:
        if not line.startswith("#") and ":" in line:
            reason, _, rest = line.partition(":")
            items.update(rest.split())
            if reason.endswith("by ear"):
                sounds.update("".join(lazy_pinyin(word)) for word in rest.split())
    characters = frozenset(item for item in items if len(item) == 1)
    return LeftOut(characters, frozenset(items - characters), frozenset(sounds))


def common_characters(dictionary: Iterable[Word]) -> frozenset[str]:
    """Return the characters met most often over all words."""
    use: Counter[str] = Counter()
    for word in dictionary:
        for character in word.text:
            use[character] += word.use
    return frozenset(character for character, _ in use.most_common(COMMON_CHARACTERS))


def characters_of_one_reading(words: Iterable[Word]) -> frozenset[str]:
    """Return the characters that are read alike in nearly all their uses, tones aside."""
    readings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        for character, syllable in zip(word.text, lazy_pinyin(word.text), strict=True):
            readings[character][syllable] += word.use
    return frozenset(
        character
        for character, counts in readings.items()
        if counts.most_common(1)[0][1] >= SAME_READING * counts.total()
    )


def one_to_one_forms(characters: Iterable[str]) -> dict[str, str]:
    """Map simplified characters to traditional ones where each has exactly the other.

    Characters that stand for several traditional ones (发, 里), or are written differently
    in Taiwan and Hong Kong, are left out, so nobody can choose the wrong form.
    """
    every = [chr(point) for point in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    origins: defaultdict[str, set[str]] = defaultdict(set)
    for form, simplified in zip(every, _convert("t2s", every), strict=True):
        origins[simplified].add(form)
    simplified = sorted(characters)
    ways = [_convert(way, simplified) for way in ("s2t", "s2tw", "s2hk")]
    return {
        form: first
        for form, first, *others in zip(simplified, *ways, strict=True)
        if set(others) == {first} and origins[form] - {form} <= {first} and first in origins[form]
    }


def _convert(way: str, characters: list[str]) -> list[str]:
    return opencc.OpenCC(way).convert("\n".join(characters)).split("\n")


def sound(word: str) -> str:
    """Fold what accents confuse: zh/z, ch/c, sh/s, n/l, h/f, -ng/-n, and all tones."""
    return "".join(_fold(syllable) for syllable in lazy_pinyin(word))


def _fold(syllable: str) -> str:
    initial, final = re.fullmatch("([zcs]h|[^aeiouv]?)(.+)", syllable).groups()  # type: ignore[union-attr]
    folded = _SAME_INITIAL.get(initial, initial)
    if folded == "f":
        # hua is heard as fa, hui as fei, hong as feng.
        final = _AFTER_F.get(final, re.sub("^u(?=[ao])", "", final))
    return folded + re.sub("ng$", "n", final)


def candidates(dictionary: list[Word], out: LeftOut) -> Iterator[Word]:
    """Yield the words that may be chosen, the best first."""
    two = [w for w in dictionary if len(w.text) == 2 and re.fullmatch("[一-鿿]{2}", w.text)]
    good = common_characters(dictionary) & characters_of_one_reading(two)
    forms = one_to_one_forms(good - out.characters)
    words = [w for w in two if w.kind in KINDS and forms.keys() >= set(w.text)]
    ranked = sorted(words, key=lambda w: (VIVID.isdisjoint(w.text), -w.use, w.text))
    for word in ranked:
        least = LEAST_USE if VIVID.isdisjoint(word.text) else LEAST_USE_OF_A_VIVID_WORD
        if word.use >= least and not out.has(word.text):
            yield word


def choose(words: Iterable[Word]) -> list[str]:
    """Take words in their order while they sound unlike all others, until there are enough."""
    chosen: dict[str, str] = {}
    with_character: Counter[str] = Counter()
    for word in words:
        heard = sound(word.text)
        crowded = any(with_character[c] >= MOST_WORDS_WITH_ONE_CHARACTER for c in word.text)
        if heard in chosen or crowded or word.text[0] == word.text[1]:
            continue
        chosen[heard] = word.text
        with_character.update(word.text)
        if len(chosen) == SIZE:
            return [chosen[heard] for heard in sorted(chosen)]
    raise SystemExit(f"only {len(chosen)} words are left; leave out less")


def traditional(words: list[str], forms: Mapping[str, str]) -> list[str]:
    """Write each word in traditional characters."""
    return ["".join(forms[character] for character in word) for word in words]


def make() -> str:
    """Return the whole word file."""
    reasons = Path(__file__).with_name("words_left_out.txt").read_text(encoding="utf-8")
    dictionary = jieba_words()
    words = choose(candidates(dictionary, left_out(reasons.splitlines())))
    forms = one_to_one_forms({character for word in words for character in word})
    pairs = zip(words, traditional(words, forms), strict=True)
    return HEADER + "".join(f"{simplified} {other}\n" for simplified, other in pairs)


HEADER = """\
# 2,048 Chinese words for receipt codes: simplified, traditional; in the order of their sound.
# Made by scripts/make_words.py from the dictionary of jieba 0.42.1, copyright (c) 2013 Sun
# Junyi, MIT licence (docs/words.md). The order never changes.
"""


if __name__ == "__main__":
    sys.stdout.write(make())
