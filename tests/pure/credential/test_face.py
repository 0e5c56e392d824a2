# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the paper says: the words of the spec, both languages, nothing that claims too much."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from tests.pure.credential.samples import (
    FOLLOWS,
    LONGEST,
    SAMPLES,
    SMALLEST,
    USUAL,
    WITHOUT_BIRTH_DATE,
    any_claims,
)
from tuidang.pure.credential.claims import (
    DOCUMENTS,
    Claims,
    DeclaredAs,
    IdentityCheck,
    NoLaterThan,
)
from tuidang.pure.credential.face import Face, Script, date_sentence, face, shown_name
from tuidang.pure.credential.face_words import ENGLISH, HANS, HANT, MONTHS
from tuidang.pure.naming import HAN

SCRIPTS: tuple[Script, ...] = ("Hans", "Hant")
# Certificates spec, section 1, word for word.
DOES_NOT_SHOW = (
    "This does not show who its bearer is; compare an identity document. It does not show that a "
    "membership existed, was voluntary, or ended, or when participation stopped. It is not a "
    "government document and not legal advice."
)
WORDS_OF_VERSION_1 = "d3351f2611f43ed73f1a623e4eff92ead385c51cdd63390496f039282c002330"
# Characters of one script that the other does not have; a sentence that was only converted, or
# not written, would show.
ONLY_HANS = "证书护阅读关书记录开离后与终见说签发据项担级"
ONLY_HANT = "證護閱讀關書記錄開離後與終見說簽發據項擔級"
SEEN = "A volunteer saw an identity card on 3 November 2026. This is not an expert’s examination."
SEAL_LIKE = ("seal", "official", "hereby", "certify", "recogni", "government of", "republic")
SEAL_LIKE_ZH = ("特此", "公章", "官方", "证书", "證書", "中华人民共和国", "中華")


def said(found: Face) -> str:
    """Return all English of a page."""
    rows = [f"{row.label_en}: {row.value_en}" for row in found.rows]
    return "\n".join([*rows, *(each.en for each in found.sentences)])


def said_zh(found: Face) -> str:
    """Return all Chinese of a page."""
    rows = [f"{row.label_zh}：{row.value_zh}" for row in found.rows]
    return "\n".join([*rows, *(each.zh for each in found.sentences)])


def row(claims: Claims, label: str, script: Script = "Hans") -> tuple[str, str]:
    """Return the values of one row, Chinese and English."""
    (found,) = [each for each in face(claims, script).rows if each.label_en == label]
    return found.value_zh, found.value_en


def test_the_three_languages_say_the_same_things() -> None:
    """Each phrase exists in each of the three, with the same places to fill in."""
    assert ENGLISH.keys() == HANS.keys() == HANT.keys()
    for key, words in ENGLISH.items():
        places = sorted(re.findall(r"{\w+}", words))
        for other in (HANS[key], HANT[key]):
            assert sorted(re.findall(r"{\w+}", other)) == places, key


def test_each_script_is_its_own() -> None:
    """No traditional character stands in the simplified words, and none the other way round."""
    assert not set("".join(HANS.values())) & (set(ONLY_HANT) - set(ONLY_HANS))
    assert not set("".join(HANT.values())) & (set(ONLY_HANS) - set(ONLY_HANT))
    assert [key for key in HANS if HANS[key] == HANT[key]] == [
        key for key in HANS if key in EQUAL_IN_BOTH
    ]


EQUAL_IN_BOTH = {
    "label.latin_name", "label.chinese_name", "label.birth_date", "label.birth_place",
    "label.branch", "org.between", "declared.0", "declared.1",
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_certificate_says_what_it_does_not_show(script: Script) -> None:
    """The sentence of the spec stands on every paper, in English word for word."""
    for claims in SAMPLES.values():
        assert DOES_NOT_SHOW in [each.en for each in face(claims, script).notes]
    (chinese,) = [each.zh for each in face(USUAL, script).notes if each.en == DOES_NOT_SHOW]
    assert len(re.findall("本[证證]明", chinese)) == 3
    assert chinese.count("。") == 3


@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_looks_like_a_state(script: Script) -> None:
    """No word of a seal, an office or a certificate of state stands on the paper."""
    for claims in SAMPLES.values():
        page = face(claims, script)
        assert not [word for word in SEAL_LIKE if word in said(page).lower()]
        assert not [word for word in SEAL_LIKE_ZH if word in said_zh(page)]


def test_a_bound_name_has_the_earlier_date() -> None:
    """Where the binding opens the paper says this name, no later than the day of R."""
    for script, chinese in (
        ("Hans", "声明已记录在案：此姓名，不晚于2026年11月1日。"),
        ("Hant", "聲明已記錄在案：此姓名，不晚於2026年11月1日。"),
    ):
        # A plain str here, which the type calls for one of two.
        found = date_sentence(USUAL, script)  # type: ignore[arg-type]
        assert found.en == "Declaration on record: this name, no later than 1 November 2026."
        assert found.zh == chinese
    assert "20 November" not in said(face(USUAL, "Hans"))


def test_a_name_that_is_not_bound_has_both_dates() -> None:
    """Otherwise it says the day of the link for the name, and the other day for another name."""
    found = date_sentence(replace(USUAL, bound=False), "Hans")
    assert found.en == (
        "Declaration on record: this name, no later than 20 November 2026; a declaration under "
        "another name, no later than 1 November 2026; not shown to be the same person’s."
    )
    assert found.zh == (
        "声明已记录在案：此姓名，不晚于2026年11月20日；另一名字下的一份声明，"
        "不晚于2026年11月1日；未证明两者属于同一人。"
    )


def test_without_witnesses_the_paper_says_so() -> None:
    """A date that only our own clock gives is marked, each of the two for itself."""
    found = date_sentence(WITHOUT_BIRTH_DATE, "Hant")
    assert found.en.count("(by the registry’s own clock)") == 2
    assert found.zh.count("（依登記處自己的時鐘）") == 2
    mixed = replace(USUAL, bound=False, linked=NoLaterThan(date(2026, 11, 20), witnessed=False))
    assert date_sentence(mixed, "Hans").en.count("own clock") == 1


def test_a_proof_that_follows_is_no_date() -> None:
    """A paper from one visit shows no date at all, and says that the proof follows."""
    page = face(FOLLOWS, "Hans")
    assert page.dates[0].en == "Declaration on record. The date proof follows."
    assert page.dates[0].zh.endswith("日期证明随后补发。")
    assert "no later than" not in said(page)


def test_a_stated_date_is_marked_wherever_it_stands() -> None:
    """What the declaration says of its date is stated, not proven."""
    assert row(LONGEST, "Date stated") == (
        "2004年12月31日（所称，未经证实）",
        "31 December 2004 (stated, not proven)",
    )
    assert "Date stated" not in [each.label_en for each in face(USUAL, "Hans").rows]


@pytest.mark.parametrize(
    ("check", "english"),
    [
        (IdentityCheck("S"), "Self-stated. No document was examined."),
        (
            IdentityCheck("R"),
            "Stated by another person on this person’s behalf. Not confirmed by the person.",
        ),
        (
            IdentityCheck("V", "id_card", date(2026, 11, 3)),
            SEEN,
        ),
        (IdentityCheck("P"), "Two persons vouch for who this person is."),
        (
            IdentityCheck("P", day=date(2026, 11, 3)),
            "Two persons vouched on 3 November 2026 for who this person is.",
        ),
    ],
)
def test_the_check_is_told_in_words(check: IdentityCheck, english: str) -> None:
    """How far the registry looked is said plainly, and never as a level of something."""
    chinese, found = row(replace(USUAL, check=check), "Identity check")
    assert found == english
    assert re.fullmatch(f"[{HAN}，。0-9]+", chinese)
    assert not re.search(r"\b(IAL|eIDAS|level|verified)\b", found)


def test_every_document_has_words() -> None:
    """Each document of the closed list is named in all three languages, each differently."""
    for script in SCRIPTS:
        checks = [IdentityCheck("V", each, date(2026, 11, 3)) for each in DOCUMENTS]
        rows = {row(replace(USUAL, check=check), "Identity check", script) for check in checks}
        assert len(rows) == len(DOCUMENTS)


@pytest.mark.parametrize("orgs", range(8))
def test_organisations(orgs: int) -> None:
    """Those that are named are named in full; 0 says only that the paper names none."""
    chinese, english = row(replace(USUAL, orgs=orgs), "Organisations named")
    names = (
        "Communist Party of China",
        "Communist Youth League of China",
        "Young Pioneers of China",
    )
    assert [name in english for name in names] == [bool(orgs & bit) for bit in (1, 2, 4)]
    assert chinese.count("中国") == orgs.bit_count()
    if orgs == 0:
        assert (chinese, english) == ("本证明书未列明组织", "none named on this certificate")


def test_declared_as() -> None:
    """An alias is told only if the holder wants it, and a lost code wherever one was lost."""
    assert row(USUAL, "Declared")[1] == "under the person’s own name"
    assert row(WITHOUT_BIRTH_DATE, "Declared")[1] == "under an alias"
    assert row(FOLLOWS, "Declared")[1] == "by another person, on this person’s behalf"
    named = replace(USUAL, declared_as=DeclaredAs(1, "山{alias}", recovered=True))
    assert row(named, "Declared") == (
        "以化名：“山{alias}”；未凭回执码，经另行核实恢复",
        "under an alias: “山{alias}”; recovered without the receipt code",
    )


def test_without_birth_date_there_is_no_look_up() -> None:
    """The paper itself says what leaving the birth date off costs."""
    assert "cannot be looked up" in row(WITHOUT_BIRTH_DATE, "Date of birth")[1]
    assert "cannot be looked up" in face(WITHOUT_BIRTH_DATE, "Hans").plain[1].en
    assert face(USUAL, "Hans").plain[1].en.startswith("It can be looked up by its number")


def test_where_the_proof_is() -> None:
    """Each paper says of itself whether its file proves the dates."""
    attached, none = face(USUAL, "Hans").notes[2].en, face(WITHOUT_BIRTH_DATE, "Hans").notes[2].en
    follows = face(FOLLOWS, "Hans").notes[2].en
    assert "carries the proof of the dates" in attached
    assert "carries no proof of the dates" in none
    assert "will replace this one" in follows


def test_names_are_shown_as_people_write_them() -> None:
    """A canonical name has a comma for its two fillers and a space for one."""
    assert shown_name("ZHANG<<SAN") == "ZHANG, SAN"
    assert shown_name("OU<YANG<<SAN<FENG") == "OU YANG, SAN FENG"
    assert shown_name("MADONNA") == "MADONNA"


def test_what_is_left_out_leaves_no_row() -> None:
    """A claim that is not made has neither a label nor an empty value."""
    labels = [each.label_en for each in face(SMALLEST, "Hant").rows]
    assert labels == [
        "Number", "Name", "Date of birth", "Organisations named", "Declared", "Identity check",
        "Issued on", "Issuer",
    ]  # fmt: skip


@given(any_claims())
def test_any_certificate_has_a_face(claims: Claims) -> None:
    """All that is claimed can be said, in both scripts, with the same English beside either."""
    hans, hant = face(claims, "Hans"), face(claims, "Hant")
    assert said(hans) == said(hant)
    assert all(each.value_zh and each.value_en for each in hans.rows + hant.rows)
    assert len(hans.dates) == 1
    assert claims.latin_name.replace("<<", ", ").replace("<", " ") in said(hans)
    assert ("no later than" in hans.dates[0].en) == (claims.received is not None)


def test_the_words_of_version_1_stay_as_they_are() -> None:
    """Paper that was issued is compared with these words for as long as it is shown to anybody:
    other words need another version of the claims, not another digest here."""
    words = json.dumps([ENGLISH, HANS, HANT, MONTHS], sort_keys=True)
    assert hashlib.sha256(words.encode()).hexdigest() == WORDS_OF_VERSION_1
