# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every word in three languages: what pages say, and what each error code becomes."""

import importlib
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.utils import translation

from tests.web.public.used_words import LOCALES, ROOMS, catalogue_path, read_catalogue, used_words
from tuidang.pure.intake.problems import PROBLEM_CODES
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.web.public.tickets import TicketRefused
from tuidang.web.shared import choices, languages, messages

each_catalogue = pytest.mark.parametrize(
    ("room", "locale"), [(room, locale) for room in ROOMS for locale in LOCALES]
)
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_LINK = re.compile(r'href="([^"]+)"')
REGISTRY = Path(messages.__file__).parents[2] / "registry"


def error_codes() -> set[str]:
    """Return the code of every error that a room of the registry can raise."""
    codes = set()
    for path in REGISTRY.glob("*/errors.py"):
        module = importlib.import_module(f"tuidang.registry.{path.parent.name}.errors")
        kinds = [each for each in vars(module).values() if isinstance(each, type)]
        errors = [each for each in kinds if issubclass(each, Exception)]
        codes |= {each.code for each in errors if "code" in vars(each)}
    return codes


def strings(message: Message) -> list[str]:
    """Return the translations of a message, one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


@each_catalogue
def test_every_word_in_use_is_translated(room: str, locale: str) -> None:
    """Each word of code and templates has a translation, and none is left that nobody uses."""
    known = {m.id[0] if isinstance(m.id, tuple) else m.id: m for m in read_catalogue(room, locale)}
    used = {word[0] if isinstance(word, tuple) else word for _, _, word in used_words(room)}
    assert used
    assert used - known.keys() == set()
    assert known.keys() - used - {""} == set()
    assert [word for word in used if not all(strings(known[word]))] == []


@each_catalogue
def test_a_translation_keeps_what_is_put_in(room: str, locale: str) -> None:
    """Placeholders and links of a message stand in its translation, each as often."""
    for message in read_catalogue(room, locale):
        source = message.id[-1] if isinstance(message.id, tuple) else message.id
        for translated in strings(message) if source else []:
            assert sorted(_PLACEHOLDER.findall(translated)) == sorted(_PLACEHOLDER.findall(source))
            assert _LINK.findall(translated) == _LINK.findall(source)


@each_catalogue
def test_a_catalogue_marks_nothing_as_doubtful(room: str, locale: str) -> None:
    """No translation is fuzzy, as such a one would not be used."""
    assert [
        message.id for message in read_catalogue(room, locale) if message.fuzzy and message.id
    ] == []
    assert catalogue_path(room, locale).with_suffix(".mo").exists()


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_every_error_code_has_words(language: str) -> None:
    """Each code of the intake, of receipts, tickets and every room is said in each language."""
    codes = {*PROBLEM_CODES, *error_codes(), "unreadable", "check_failed", TicketRefused.code}
    with translation.override(language):
        said = {code: messages.problem_words(code) for code in codes}
    assert "key_reused" in codes
    assert all(said.values())
    chinese = {code for code, words in said.items() if re.search("[一-鿿]", words)}
    assert chinese == (set() if language == "en" else codes)


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_every_state_and_reason_has_words(language: str) -> None:
    """Whatever a declaration or a person can come to is said in words."""
    assert set(Declaration.State.values) == choices.DECLARATION_STATES.keys()
    assert set(Declaration.Rejection.values) == choices.REJECTIONS.keys()
    assert set(Declaration.Manner.values) == choices.MANNERS.keys()
    assert set(Person.NotCounted.values) <= choices.NOT_COUNTED.keys()
    with translation.override(language):
        assert choices.word(choices.NOT_COUNTED, "repeat") != "repeat"
        assert choices.word(choices.NOT_COUNTED, "sample") == "sample"


def test_a_missing_fact_does_not_keep_the_rest_from_being_said() -> None:
    """A message whose limit was not given still says what is wrong."""
    with translation.override("en"):
        assert messages.problem_words("too_long", {"limit": 9}).endswith(
            "At most 9 characters fit."
        )
        assert messages.problem_words("too_long") == "This is too long. At most … characters fit."
