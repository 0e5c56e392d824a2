# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of verdicts: complete, in each language, and honest."""

from datetime import date

import opencc
import pytest

from tests.verify.certificate.made import ALIAS, OWN
from tests.verify.certificate.sample_bundle import claims_of
from tuidang.pure.credential.face import face
from tuidang.verify.certificate.page_text import is_page_of, page_text
from tuidang.verify.certificate.said import headline
from tuidang.verify.certificate.verdict import LANGUAGES, OUTCOMES, REASONS, Verdict, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_has_words_and_no_word_is_left_over(language: str) -> None:
    """Titles, findings and advice are there for each outcome, reason and group, and no others."""
    said = LANGUAGES[language]
    assert said.TITLES.keys() == set(OUTCOMES)
    assert said.FOUND.keys() == REASONS.keys()
    assert said.ADVICE.keys() == {each.advice for each in REASONS.values()}
    for reason in REASONS:
        found = words(reason, language)
        assert all((found.title, found.found, found.means, found.do))


def test_no_two_reasons_say_the_same() -> None:
    """An officer who reads the finding aloud names the reason."""
    for said in LANGUAGES.values():
        assert len(set(said.FOUND.values())) == len(REASONS)


def test_each_script_keeps_to_itself() -> None:
    """No traditional character in the simplified words, and no simplified one in the others."""
    to_simplified, to_traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    both = set("台里后面只并了布于制回合占")  # good in both, whatever a converter thinks
    for language, converter in (("zh-Hans", to_simplified), ("zh-Hant", to_traditional)):
        for reason in REASONS:
            found = words(reason, language)
            for sentence in (found.title, found.found, found.means, found.do):
                changed = zip(sentence, converter.convert(sentence), strict=True)
                assert {one for one, other in changed if one != other} <= both, sentence


def test_the_headline_says_as_of_when() -> None:
    """A valid certificate under an old bundle is valid as of that day, and says so."""
    old = Verdict("valid", "dates_stated", date(2026, 1, 2), "text", fresh=False)
    assert headline(old, "Hans") == "VALID as of 2026-01-02 · 有效 (dates_stated)"
    altered = Verdict("altered", "signature", date(2026, 1, 2), "text")
    assert headline(altered, "Hant") == "ALTERED · 已遭更動 (signature)"


def test_a_page_shows_its_claims_in_one_script_and_no_others() -> None:
    """The words of a page in either script fit; one character more, less or other does not."""
    claims = claims_of(OWN)
    for script in ("Hans", "Hant"):
        text = page_text(face(claims, script))  # type: ignore[arg-type]
        spread = "\n ".join(text)
        assert is_page_of(text, claims)
        assert is_page_of(spread, claims)
        for changed in (text[:-1], f"{text}.", text.replace("1980", "1990"), text[::-1], ""):
            assert not is_page_of(changed, claims)
    assert not is_page_of(page_text(face(claims, "Hans")), claims_of(ALIAS))
