# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every word of every door in three languages, and every table in the glossary."""

import re
from collections import defaultdict
from collections.abc import Iterator

import opencc
import pytest
from babel.messages.catalog import Message
from django.apps import apps
from django.utils import translation

from tests.architecture.house import ROOT, registry_layers
from tests.web.public.test_words import error_codes, strings
from tests.web.public.used_words import LOCALES, read_catalogue, used_words
from tuidang.pure.intake.flags import RULES
from tuidang.pure.intake.problems import PROBLEM_CODES
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.review.models import Decision
from tuidang.web.office import words as office
from tuidang.web.office.said import REFUSED
from tuidang.web.shared import languages

DOORS = sorted(path.parent.name for path in ROOT.glob("tuidang/web/*/apps.py"))
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
_TAG = re.compile(r"<[^>]+>")
# Good in both scripts, although a converter has another idea for lone characters.
BOTH = set("台里后面只并了布于制回合")
each_catalogue = pytest.mark.parametrize(
    ("door", "locale"), [(door, locale) for door in DOORS for locale in LOCALES]
)


def messages(door: str, locale: str) -> Iterator[tuple[str, str, Message]]:
    """Yield msgid and plural msgid (the same where there is none) of what a catalogue holds."""
    for message in read_catalogue(door, locale):
        if message.id:
            one, many = message.id if isinstance(message.id, tuple) else (message.id,) * 2
            yield one, many, message


def test_the_doors_are_all_there() -> None:
    """The list of doors is read from the folders, and is not empty."""
    assert {"office", "public", "shared"} <= set(DOORS)


@each_catalogue
def test_every_word_in_use_is_translated(door: str, locale: str) -> None:
    """Each word of code and templates is translated, for good, and no unused one is kept."""
    known = {one: message for one, _, message in messages(door, locale)}
    used = {word[0] if isinstance(word, tuple) else word for _, _, word in used_words(door)}
    assert used == known.keys()
    assert [one for one, message in known.items() if not all(strings(message))] == []
    assert [one for one, message in known.items() if message.fuzzy] == []


@each_catalogue
def test_a_translation_keeps_placeholders_and_tags(door: str, locale: str) -> None:
    """What is put into a sentence, and its links, stand in the translation as often."""
    for _, many, message in messages(door, locale):
        for translated in strings(message):
            for pattern in (_PLACEHOLDER, _TAG):
                found, wanted = pattern.findall(translated), pattern.findall(many)
                assert sorted(found) == sorted(wanted), many


@pytest.mark.parametrize("locale", LOCALES)
def test_one_sentence_has_one_translation(locale: str) -> None:
    """The catalogues of all doors become one, so that they must not contradict each other."""
    found = defaultdict(set)
    for door in DOORS:
        for one, _, message in messages(door, locale):
            found[one].update(strings(message))
    assert {one: said for one, said in found.items() if len(said) > 1} == {}


@pytest.mark.parametrize("door", DOORS)
def test_each_script_keeps_to_itself(door: str) -> None:
    """No traditional character stands in the simplified catalogue, nor the other way round."""
    to_simplified, to_traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    for one, _, message in messages(door, "zh_Hans"):
        for said in strings(message):
            assert to_simplified.convert(said) == said, one
    for one, _, message in messages(door, "zh_Hant"):
        for said in strings(message):
            shared = {sign for sign in said if to_simplified.convert(sign) == sign}
            wrong = {sign for sign in shared if to_traditional.convert(sign) != sign}
            assert wrong <= BOTH, one


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_the_office_has_words_for_every_code(language: str) -> None:
    """No refusal, flag, rule, channel, decision or reason reaches a volunteer as a bare code."""
    codes = {*PROBLEM_CODES, *error_codes()}
    codes |= {each.code for kind in REFUSED for each in kind.__subclasses__()}
    with translation.override(language):
        said = {code: office.refusal(code) for code in codes}
    assert all(said.values())
    rules = {rule.name for rule in RULES}
    assert office.FLAGS.keys() == office.RULES.keys() == rules
    assert set(Decision.Verb.values) == office.VERBS.keys()
    assert set(Declaration.Rejection.values) == office.REJECTIONS.keys()
    assert set(Declaration.Channel.values) == office.CHANNELS.keys()
    assert set(Person.NotCounted.values) == office.NOT_COUNTED.keys()


def test_every_table_stands_in_the_glossary() -> None:
    """Each model of the registry is in docs/glossary.md, in three languages."""
    rows = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in (ROOT / "docs/glossary.md").read_text().splitlines()
        if line.startswith("|") and not line.startswith(("|-", "| in the code"))
    ]
    assert [row for row in rows if len(row) != 5 or not all(row)] == []
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row[0])}
    rooms = {room for layer in registry_layers() for room in layer}
    models = {m.__name__ for room in rooms for m in apps.get_app_config(room).get_models()}
    assert models - told == set()
    assert told - models == set()
