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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import opencc
from pypinyin import lazy_pinyin

SIZE = 2048
COMMON_CHARACTERS = 3500
# How often jieba has met a word, by its vivid characters: two of them explain themselves.
LEAST_USE = {2: 20, 1: 50}
MOST_WORDS_WITH_ONE_CHARACTER = 44
# A character counts as having one reading when at least this share of its uses agrees.
SAME_READING = 0.98
# Words that are met less often would only cost time.
LEAST_USE_TO_SHOW_A_READING = 10

# Parts of speech as jieba marks them: nouns, adjectives, times, places; never names of
# persons, places or bodies (nr, ns, nt).
KINDS = frozenset({"n", "a", "an", "t", "s", "z", "b"})

HEADER = """\
# 2,048 Chinese words for receipt codes: simplified, traditional; in the order of their sound.
# Made by scripts/make_words.py from the dictionary of jieba 0.42.1, copyright (c) 2013 Sun
# Junyi, MIT licence (docs/words.md). The order never changes.
"""

_SAME_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "h": "f"}
_AFTER_F = {"ui": "ei", "un": "en", "uo": "u", "o": "u", "ong": "eng"}


@dataclass(frozen=True)
class Word:
    """One line of jieba's dictionary: a word, how often it was met, what part of speech it is."""

    text: str
    use: int
    kind: str


@dataclass(frozen=True)
class Taste:
    """What was decided by reading: what is let in and what no receipt may say."""

    vivid: frozenset[str]
    verbs: frozenset[str]
    bad_characters: frozenset[str]
    bad_words: frozenset[str]
    bad_sounds: frozenset[str]

    def vividness(self, word: Word) -> int:
        """Count the characters of a word that one can see, hear, taste or hold."""
        return sum(character in self.vivid for character in word.text)

    def allows(self, word: Word) -> bool:
        """Say whether a receipt may speak this word."""
        return (
            (word.kind in KINDS or word.text in self.verbs)
            and word.use >= LEAST_USE.get(self.vividness(word), sys.maxsize)
            and self.bad_characters.isdisjoint(word.text)
            and word.text not in self.bad_words
            and "".join(lazy_pinyin(word.text)) not in self.bad_sounds
        )


def read_taste(folder: Path) -> Taste:
    """Read the two reasoned lists that lie beside this script."""
    let_in = list(_reasons(folder / "words_let_in.txt"))
    out = list(_reasons(folder / "words_left_out.txt"))
    seen = [item for reason, item in out if not reason.endswith("by ear")]
    heard = [item for reason, item in out if reason.endswith("by ear")]
    return Taste(
        vivid=frozenset(item for reason, item in let_in if reason.startswith("vivid")),
        verbs=frozenset(item for reason, item in let_in if reason == "verbs"),
        bad_characters=frozenset(item for item in seen if len(item) == 1),
        bad_words=frozenset(item for item in seen if len(item) > 1),
        bad_sounds=frozenset("".join(lazy_pinyin(item)) for item in heard),
    )


def _reasons(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            reason, _, items = line.partition(":")
            yield from ((reason, item) for item in items.split())


def jieba_words() -> list[Word]:
    """Read jieba's dictionary without importing jieba, whose import warns."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise SystemExit("jieba is not installed")
    lines = Path(spec.origin).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ") for line in lines)
    return [Word(text, int(use), kind) for text, use, kind in rows]


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
    for word in (word for word in words if word.use >= LEAST_USE_TO_SHOW_A_READING):
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


def _convert(way: str, lines: list[str]) -> list[str]:
    return opencc.OpenCC(way).convert("\n".join(lines)).split("\n")


def in_both_scripts(words: Iterable[str]) -> dict[str, str]:
    """Map words to their traditional form where every way of conversion agrees on it."""
    every = list(words)
    forms = one_to_one_forms(set("".join(every)))
    simplified = [word for word in every if forms.keys() >= set(word)]
    traditional = ["".join(forms[character] for character in word) for word in simplified]
    there = [_convert(way, simplified) for way in ("s2t", "s2tw", "s2hk")]
    back = [_convert(way, traditional) for way in ("t2s", "tw2s", "hk2s")]
    rows = zip(
        simplified, traditional, zip(*there, strict=True), zip(*back, strict=True), strict=True
    )
    return {one: other for one, other, to, fro in rows if {other} == {*to} and {one} == {*fro}}


def sound(word: str) -> str:
    """Fold what accents confuse: zh/z, ch/c, sh/s, n/l, h/f, -ng/-n, and all tones."""
    return "".join(_fold(syllable) for syllable in lazy_pinyin(word))


def _fold(syllable: str) -> str:
    _, initial, final = re.split("^([zcs]h|[^aeiouv]?)", syllable, maxsplit=1)
    folded = _SAME_INITIAL.get(initial, initial)
    if folded == "f":
        # hua is heard as fa, hui as fei, hong as feng.
        final = _AFTER_F.get(final, re.sub("^u(?=[ao])", "", final))
    return folded + re.sub("ng$", "n", final)


def candidates(dictionary: list[Word], taste: Taste) -> list[Word]:
    """Return the words that may be chosen, the best first."""
    two = [w for w in dictionary if re.fullmatch("[一-鿿]{2}", w.text) and w.text[0] != w.text[1]]
    good = common_characters(dictionary) & characters_of_one_reading(two)
    fit = [word for word in two if good.issuperset(word.text) and taste.allows(word)]
    return sorted(fit, key=lambda word: (-word.use * 3 ** taste.vividness(word), word.text))


def choose(words: Iterable[Word]) -> list[str]:
    """Take words in their order while they sound unlike all others, until there are enough."""
    chosen: dict[str, str] = {}
    with_character: Counter[str] = Counter()
    for word in words:
        heard = sound(word.text)
        crowded = any(with_character[c] >= MOST_WORDS_WITH_ONE_CHARACTER for c in word.text)
        if heard in chosen or crowded:
            continue
        chosen[heard] = word.text
        with_character.update(word.text)
        if len(chosen) == SIZE:
            return [chosen[heard] for heard in sorted(chosen)]
    raise SystemExit(f"only {len(chosen)} words are left; leave out less")


def make() -> str:
    """Return the whole word file."""
    words = candidates(jieba_words(), read_taste(Path(__file__).parent))
    pairs = in_both_scripts(word.text for word in words)
    chosen = choose(word for word in words if word.text in pairs)
    return HEADER + "".join(f"{word} {pairs[word]}\n" for word in chosen)


if __name__ == "__main__":
    sys.stdout.write(make())
