# SPDX-License-Identifier: Apache-2.0
"""The receipt code: its check symbol, its spellings, and the keys that come from it."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import assume, given
from hypothesis import strategies as st

from tuidang.pure import words
from tuidang.pure.receipt import (
    Code,
    CodeError,
    DeclarantKeys,
    contains_code,
    mailbox_identity,
    mailbox_recipient,
    parse_code,
)

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "leaf.json").read_text())
CODE = Code(bytes.fromhex(VECTOR["receipt"]["random_88_bits"]))
ORIGIN = VECTOR["origin"]

codes = st.binary(min_size=11, max_size=11).map(Code)
gaps = st.text(" \t\r\n,.;:/|-–—_·、，。；：|　*+()（）\u200b\u00ad", max_size=4)
SPELLINGS = {
    "digits": Code.digits,
    "english": Code.english,
    "simplified": Code.chinese,
    "traditional": lambda code: code.chinese(traditional=True),
}
spellings = st.sampled_from(sorted(SPELLINGS)).map(SPELLINGS.__getitem__)
FULL_WIDTH = str.maketrans(
    {c: chr(ord(c) + 0xFEE0) for c in "0123456789abcdefghijklmnopqrstuvwxyz"}
)

PROSE = [
    "This is a sample statement. It says nothing about anyone and is here to be read by a test. ",
    "这是一份样本声明，不涉及任何人，只供测试使用。今天天气很好，我们去公园散步，看见许多花草树木。",
    "這是一份樣本聲明，不涉及任何人，只供測試使用。今天天氣很好，我們去公園散步，看見許多花草樹木。",
    "样本：1949、1950、1957、1966、1976、1989、1999、2004、2012、2024 年；电话样本 0000-0000。",
]


def failure(text: str) -> str:
    """Return the code of the error that reading a text raises."""
    with pytest.raises(CodeError) as caught:
        parse_code(text)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert str(caught.value) == caught.value.code
    return caught.value.code


# The check symbol. The field's arithmetic is linear: the difference between two spellings that
# both pass would itself pass. So it is enough that no wrong difference passes on its own.


def passes(symbols: list[int]) -> bool:
    """Say whether nine symbols are a code."""
    try:
        Code.from_symbols(symbols)
    except CodeError:
        return False
    return True


def test_the_published_code() -> None:
    """The code of the vector has its symbols, its check symbol and its digits."""
    assert list(CODE.symbols) == VECTOR["receipt"]["symbols_0_to_2047"]
    assert CODE.digits() == VECTOR["receipt"]["digits"]


def test_one_wrong_symbol_never_passes() -> None:
    """Any one symbol, wrong by any difference at any place, is noticed."""
    for place in range(9):
        for difference in range(1, 2048):
            assert not passes([difference if at == place else 0 for at in range(9)])


@pytest.mark.unmeasured
def test_two_swapped_symbols_never_pass() -> None:
    """Any two different symbols that change places are noticed, the check symbol included."""
    for pair in combinations(range(9), 2):
        for difference in range(1, 2048):
            assert not passes([difference if at in pair else 0 for at in range(9)])


@given(codes, st.integers(0, 8), st.integers(0, 8), st.integers(0, 2047))
def test_slips_in_real_codes_are_noticed(code: Code, one: int, other: int, wrong: int) -> None:
    """A wrong or swapped symbol in any real code is reported as check_failed when read."""
    symbols = list(code.symbols)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    if one == other:
        symbols[one] = wrong
    assume(tuple(symbols) != code.symbols)
    assert failure(" ".join(f"{symbol + 1:04}" for symbol in symbols)) == "check_failed"
    assert failure(" ".join(words.english()[symbol] for symbol in symbols)) == "check_failed"
    assert failure("".join(words.chinese()[symbol][0] for symbol in symbols)) == "check_failed"


@given(codes)
def test_symbols_and_bytes_are_the_same_code(code: Code) -> None:
    """A code survives the way through its symbols."""
    assert Code.from_symbols(code.symbols) == code


# Reading.


@given(codes, spellings, st.lists(gaps, min_size=10, max_size=10))
def test_any_separators(code: Code, spell: Callable[[Code], str], between: list[str]) -> None:
    """Each spelling is read with anything between the symbols that is no letter or digit."""
    groups = spell(code).split(" ")
    text = between[0] + "".join(
        f"{group} {gap}" for group, gap in zip(groups, between[1:], strict=True)
    )
    assert parse_code(text) == code
    assert contains_code(f"样本 sample {text} sample 样本")


@given(codes)
def test_no_separators(code: Code) -> None:
    """Digits and Chinese words are read without any gap, since their width is fixed."""
    for spell in (Code.digits, Code.chinese):
        text = spell(code).replace(" ", "")
        assert parse_code(text) == code
        assert contains_code(text)


@given(codes, st.integers(1, 12))
def test_digits_cut_anywhere(code: Code, width: int) -> None:
    """Digits are read however they are grouped and wrapped."""
    digits = code.digits().replace(" ", "")
    assert parse_code("\n".join(re.findall(f".{{1,{width}}}", digits))) == code


@given(codes)
def test_leading_zeros_may_be_missing(code: Code) -> None:
    """Nine numbers that stand apart are read without their leading zeros."""
    assert parse_code(" ".join(str(symbol + 1) for symbol in code.symbols)) == code


@given(codes)
def test_a_code_without_leading_zeros_is_found(code: Code) -> None:
    """A statement with such a code is noticed, but for the few codes with a one-digit symbol."""
    assume(min(code.symbols) >= 9)
    assert contains_code("样本 " + ", ".join(str(symbol + 1) for symbol in code.symbols))


@given(codes)
def test_case_and_width(code: Code) -> None:
    """Capitals and full-width letters and digits are read like plain ones."""
    for text in (
        code.english().upper(),
        code.english().title(),
        code.english().translate(FULL_WIDTH),
        code.digits().translate(FULL_WIDTH),
    ):
        assert parse_code(text) == code
        assert contains_code(text)


@given(codes, st.lists(st.booleans(), min_size=18, max_size=18))
def test_scripts_may_be_mixed(code: Code, choice: list[bool]) -> None:
    """Simplified and traditional characters may be mixed, inside one word too."""
    scripts = (code.chinese(), code.chinese(traditional=True))
    both = zip(*(spelled.replace(" ", "") for spelled in scripts), strict=True)
    text = "".join(pair[traditional] for pair, traditional in zip(both, choice, strict=True))
    assert parse_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        CODE.digits().rsplit(" ", 1)[0],
        CODE.digits() + " 1",
        CODE.digits().replace("0137", "2049"),
        CODE.digits().replace("0137", "0000"),
        " ".join(["00137", *CODE.digits().split()[1:]]),
        CODE.english().rsplit(" ", 1)[0],
        CODE.english() + " baby",
        CODE.english().replace("baby", "babby"),
        CODE.english().replace("baby", "bab\u0443"),
        CODE.english().replace(" ", ""),
        CODE.chinese()[:-1],
        CODE.chinese() + " 春光",
        CODE.chinese() + " " + CODE.digits(),
        CODE.chinese().split()[0] + " " + " ".join(CODE.digits().split()[1:]),
        "\ud800",
        "१" * 36,
        CODE.digits() + " " * 1_000,
    ],
)
def test_what_is_no_code(text: str) -> None:
    """Too few, too many, unknown or foreign symbols, or two spellings at once, are unreadable."""
    assert failure(text) == "unreadable"


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed, reading gives a code or a CodeError, and never repeats the text."""
    try:
        said = repr(parse_code(text))
    except CodeError as error:
        said = str(error)
    assert said in {"Code(…)", "unreadable", "check_failed"}


def test_a_code_shows_nothing() -> None:
    """Neither a code nor its keys appear in a repr, a str or a format."""
    for shown in (repr(CODE), str(CODE), f"{CODE}", repr(DeclarantKeys(CODE, ORIGIN))):
        for secret in (*CODE.digits().split(), *CODE.english().split(), CODE.random.hex()):
            assert secret not in shown


@pytest.mark.parametrize("random", [b"", bytes(10), bytes(12)])
def test_a_code_has_eleven_bytes(random: bytes) -> None:
    """Anything but 11 bytes is a mistake of the caller."""
    with pytest.raises(ValueError, match="11"):
        Code(random)


@pytest.mark.parametrize("symbols", [[0] * 8, [0] * 10, [2048, *[0] * 8], [-1, *[0] * 8]])
def test_symbols_are_nine_numbers_of_eleven_bits(symbols: list[int]) -> None:
    """Symbols of another number or size are unreadable, not a code by chance."""
    with pytest.raises(CodeError) as caught:
        Code.from_symbols(symbols)
    assert caught.value.code == "unreadable"


# Finding a code in a statement.


@given(codes, spellings)
def test_remarks_between_symbols_hide_nothing(code: Code, spell: Callable[[Code], str]) -> None:
    """A numbered or annotated code is found, whatever the other spellings say in between."""
    groups = spell(code).split(" ")
    remark = "()" if groups[0].isdigit() else "1."
    assert contains_code(f"样本 {remark} " + f" {remark} ".join(groups))


@given(codes, st.integers(0, 8), st.integers(1, 2047))
def test_a_code_whose_check_fails_is_no_code(code: Code, place: int, difference: int) -> None:
    """Nine symbols that do not agree pass as ordinary text."""
    symbols = list(code.symbols)
    symbols[place] = symbols[place] ^ difference
    assert not contains_code(" ".join(words.english()[symbol] for symbol in symbols))


@pytest.mark.parametrize("prose", PROSE)
def test_prose_holds_no_code(prose: str) -> None:
    """Ordinary text, lists of years and numbers are not taken for a code."""
    assert not contains_code(prose * (5_000 // len(prose)))


@given(codes, st.integers(0, 9), st.integers(0, 9))
def test_a_code_is_found_among_other_symbols(code: Code, before: int, after: int) -> None:
    """A code that stands in a longer row of listed words is found where it starts."""
    row = ["abandon", "zoo"] * 9
    text = " ".join([*row[:before], code.english(), *row[:after]])
    assert contains_code(text)


@pytest.mark.parametrize(
    "text",
    ["0003" * 1_250, "1" * 5_000, "12 " * 1_666, "白菜" * 2_500, "\ufdfa" * 5_000, PROSE[0] * 54],
    ids=["groups", "digits", "numbers", "words", "ligatures", "prose"],
)
def test_looking_is_fast(text: str) -> None:
    """The longest statement costs a few milliseconds, also one that was made to cost more."""
    contains_code(CODE.digits())
    taken = []
    for _ in range(7):
        start = time.process_time()
        contains_code(text)
        taken.append(time.process_time() - start)
    # About 4 ms; the limit leaves room for a busy machine that measures coverage as well.
    assert min(taken) < 0.05


# Keys.


def test_the_published_keys() -> None:
    """Every key of the vector comes out byte for byte."""
    keys = DeclarantKeys(CODE, ORIGIN)
    hkdf = VECTOR["hkdf"]
    assert keys.lookup.hex() == hkdf["lookup"]
    assert keys.mailbox_secret.hex() == hkdf["mailbox_x25519_secret"]
    assert keys.holder_seed(1).hex() == hkdf["holder_seed_person_1"]
    assert keys.holder_public(1).hex() == VECTOR["holder_public"]
    assert keys.identity_key(1).hex() == hkdf["identity_key_person_1"]


@given(codes, st.text(max_size=40), st.integers(1, 0xFFFF))
def test_keys_are_hkdf(code: Code, origin: str, person: int) -> None:
    """Our two steps of HKDF give what the cryptography library gives."""
    keys = DeclarantKeys(code, origin)
    number = person.to_bytes(2, "big")
    for info, derived in [
        (b"tuidang/lookup/v1", keys.lookup),
        (b"tuidang/mailbox/v1", keys.mailbox_secret),
        (b"tuidang/holder/v1" + number, keys.holder_seed(person)),
        (b"tuidang/identity/v1" + number, keys.identity_key(person)),
    ]:
        assert derived == HKDF(SHA256(), 32, origin.encode(), info).derive(code.random)


def test_keys_differ() -> None:
    """Each purpose, person and origin has a key of its own."""
    derived = [
        key
        for keys in (DeclarantKeys(CODE, ORIGIN), DeclarantKeys(CODE, "example.net/sample"))
        for person in (1, 2)
        for key in (
            keys.lookup,
            keys.mailbox_secret,
            keys.holder_seed(person),
            keys.identity_key(person),
        )
    ]
    assert len(set(derived)) == 2 * (2 + 4)


@pytest.mark.parametrize("person", [-1, 0, 0x10000])
def test_persons_are_numbered_from_one(person: int) -> None:
    """A person number that two bytes cannot hold, or zero, raises."""
    keys = DeclarantKeys(CODE, ORIGIN)
    for derive in (keys.holder_seed, keys.holder_public, keys.identity_key):
        with pytest.raises(ValueError, match="numbered"):
            derive(person)


@given(st.binary(min_size=32, max_size=32))
def test_mailbox_keys_are_age_keys(secret: bytes) -> None:
    """Age reads our identity as its own and gives the same recipient, for any 32 bytes."""
    identity = pyrage.x25519.Identity.from_str(mailbox_identity(secret))
    assert str(identity.to_public()) == mailbox_recipient(secret)


def test_the_mailbox_opens_what_was_sealed_to_it() -> None:
    """What age seals to the recipient, age opens with the identity."""
    secret = DeclarantKeys(CODE, ORIGIN).mailbox_secret
    recipient = pyrage.x25519.Recipient.from_str(mailbox_recipient(secret))
    identity = pyrage.x25519.Identity.from_str(mailbox_identity(secret))
    assert pyrage.decrypt(pyrage.encrypt(b"sample", [recipient]), [identity]) == b"sample"


@pytest.mark.parametrize("write", [mailbox_identity, mailbox_recipient])
@pytest.mark.parametrize("length", [0, 31, 33])
def test_mailbox_secrets_have_32_bytes(write: Callable[[bytes], str], length: int) -> None:
    """A secret of another length raises instead of giving a key nobody can open."""
    with pytest.raises(ValueError, match="32"):
        write(bytes(length))


@pytest.mark.skipif(shutil.which("age-keygen") is None, reason="the age tool is not installed")
def test_the_standard_tool_agrees() -> None:
    """The standard age-keygen derives our recipient from our identity."""
    secret = DeclarantKeys(CODE, ORIGIN).mailbox_secret
    done = subprocess.run(
        ["age-keygen", "-y"],
        input=mailbox_identity(secret) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == mailbox_recipient(secret)
