# SPDX-License-Identifier: AGPL-3.0-or-later
"""A visit at the desk: one form, a receipt code shown once, and a paper from two volunteers."""

import base64
import re

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings

from tests.web.office.certified import WORD, publish
from tests.web.office.conftest import Volunteer
from tests.web.office.samples import declare, row_of, today
from tuidang.pure.receipt import Code, parse_code
from tuidang.registry.certificates import actions, trusted
from tuidang.registry.certificates.models import Application, Certificate
from tuidang.registry.certificates.proving import installed_bundle
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.verify.certificate.check import check_bytes

VISIT = "/certificates/visit/"
FILLED: dict[str, str | list[str]] = {
    "key": "k" * 22,
    "name": "样本访",
    "kind": "real",
    "orgs": ["party", "league"],
    "page_orgs": ["league"],
    "surname": "Sample",
    "given": "Visitor",
    "chinese": "样本访",
    "birth": "1980-05-06",
    "relation": "self",
    "check": "V",
    "document": "passport",
    "word": WORD,
    "word2": WORD,
    "read": "yes",
    "language": "zh-hant",
    "script": "Hant",
}


@pytest.fixture(autouse=True)
def cheap_words(settings: Settings) -> None:
    """Second words are cheap to try here, as they must not be elsewhere."""
    settings.SECOND_WORD_COST = 4


@pytest.fixture
def begun(first: Volunteer) -> None:
    """A log that has begun, so that there is a trust bundle."""
    row = declare("样本甲")
    first.send(f"/declaration/{row.id}/accept/")
    publish()


def code_in(text: str) -> Code:
    """Read the receipt code off the page."""
    words = re.findall(r"<li>([^<]+)</li>", text.partition('id="code"')[2].partition("</ol>")[0])
    return parse_code(" ".join(words))


def files_in(text: str) -> dict[str, bytes]:
    """Read the files that a page carries."""
    found = re.findall(r'href="data:application/pdf;base64,([^"]+)" download="([^"]+)"', text)
    return {name: base64.b64decode(content) for content, name in found}


def application() -> Application:
    """Return the one application that waits for a signature."""
    return Application.objects.get(state="prepared")


def test_a_visit_from_form_to_paper(first: Volunteer, second: Volunteer, begun: None) -> None:
    """Two volunteers, one visit: a paper that says "date proof follows", and later a dated one."""
    assert 'name="word" value=""' in first.look(VISIT)
    text = first.send(VISIT, **FILLED)
    assert "It is shown only now." in text
    assert WORD not in text
    code = code_in(text)
    row = Declaration.objects.get(pk=row_of(code).pk)
    assert (row.state, row.channel, row.language) == ("accepted", "desk", "zh-Hant")
    assert "at the desk now" in first.look("/certificates/")
    path = f"/certificates/application/{application().pk}/"
    opened = second.send(path)
    assert "The date proof follows." in opened
    assert "Sign and print" in opened
    files = files_in(second.send(f"{path}sign/"))
    assert files.keys() == {"certificate.pdf", "plain.pdf"}
    trusted.install(now=timezone.now())
    verdict = check_bytes(files["certificate.pdf"], installed_bundle(), today=today())
    assert (verdict.outcome, verdict.reason) == ("valid", "dates_follow")
    assert verdict.claims is not None
    assert (verdict.claims.latin_name, verdict.claims.orgs) == ("SAMPLE<<VISITOR", 2)
    assert verdict.claims.check.document == "passport"
    assert [each.files["certificate.pdf"] for each in actions.fetch(row, code, WORD)] == [
        files["certificate.pdf"]
    ]
    publish()
    path = f"/certificates/application/{application().pk}/"
    assert "Declaration on record: this name, no later than" in second.send(path)
    assert "in the holder’s mailbox" in second.send(f"{path}sign/")
    assert sorted(Certificate.objects.values_list("state", "dated")) == [(0, True), (3, False)]


def test_sent_twice_is_recorded_once(first: Volunteer) -> None:
    """The second half of a double click shows the same code; another body is refused."""
    code = code_in(first.send(VISIT, **FILLED))
    assert code_in(first.send(VISIT, **FILLED)) == code
    assert Application.objects.count() == 1
    text = first.send_refused(VISIT, **FILLED | {"name": "样本另"})
    assert "This form was sent before with other contents." in text
    assert Application.objects.count() == 1


def test_for_somebody_else(first: Volunteer, begun: None) -> None:
    """A parent declares for a child: recorded as by a relative, who is not bound."""
    fields = FILLED | {"relation": "relative", "consent": "asked", "birth": "2015-01-02"}
    text = first.send(VISIT, **fields | {"check": "R"})
    assert "It is shown only now." in text
    opened = first.send(f"/certificates/application/{application().pk}/")
    assert "does not open" in opened
    assert "by another person, on this person’s behalf" in opened


def test_who_is_counted_already_is_not_counted_again(first: Volunteer) -> None:
    """The declaration is recorded, with its day, and no second entry counts the person."""
    first.send(VISIT, **FILLED | {"counted": "yes"})
    assert Person.objects.get(declaration=application().declaration).not_counted == "repeat"


SLIPS: list[tuple[dict[str, str | list[str]], str, str]] = [
    ({"name": ""}, "Name to be declared", "Please enter a name"),
    ({"name": "13800000000"}, "Name to be declared", "number"),
    ({"orgs": []}, "Organisations declared", "organisation"),
    ({"orgs": ["party", "unspecified"]}, "Organisations declared", ""),
    ({"page_orgs": ["pioneers"]}, "Organisations on the page", "does not name"),
    ({"surname": "张"}, "Surname", "A to Z"),
    ({"birth": ""}, "Birth date", ""),
    ({"birth": "1890-01-01"}, "Birth date", "begins with 1900"),
    ({"birth": "2015-01-01"}, "Who applies", "a parent applies"),
    ({"relation": "friend", "check": "R"}, "Do they agree?", "agreed"),
    ({"relation": "样本"}, "Who applies", "answers that are offered"),
    ({"chinese": "样本\U0003abcd"}, "Name in Chinese", "cannot be printed"),
    ({"alias": "yes"}, "Alias", "No alias"),
    ({"stated": "2999-01-01"}, "An earlier day", "in the future"),
    ({"stated": "soon"}, "An earlier day", "date"),
    ({"check": ""}, "Identity check", "Please choose how"),
    ({"check": "R"}, "Identity check", "does not fit"),
    ({"document": ""}, "Identity check", "kind of document"),
    ({"word2": "another"}, "Second word", "not the same"),
    ({"word": "abc", "word2": "abc"}, "Second word", "at least 4"),
    ({"word": "", "word2": ""}, "Second word", "fill"),
    ({"read": ""}, "What the visitor has to know", "tick"),
]


def test_what_is_wrong_is_told_at_its_field(first: Volunteer) -> None:
    """Every slip stands above the form with its field; what was typed stays, but no second word."""
    for changes, label, words in SLIPS:
        text = first.send_refused(VISIT, **FILLED | changes)
        told = re.findall(r'<li><a href="#[a-z_]+">([^<]+)</a>: ([^<]+)</li>', text)
        found = [said for field, said in told if field.startswith(label)]
        assert len(found) == 1, (changes, told)
        assert words in found[0], (changes, told)
        assert 'value="Visitor"' in text
        assert WORD not in text
    assert not Declaration.objects.exists()
    assert not Application.objects.exists()


def test_a_code_in_a_wrong_field_does_not_come_back(first: Volunteer) -> None:
    """A receipt code that lands in a name is dropped, and the field is asked for again."""
    code = Code(b"sample code").english()
    text = first.send_refused(VISIT, **FILLED | {"name": code})
    assert code not in text
    assert "Name to be declared" in text


def test_garbage_gets_a_form(first: Volunteer) -> None:
    """What no page of ours sends is refused in words, with a fresh key."""
    fields = {"key": "样本", "language": "样本", "urgency": "9", "script": "X", "orgs": ["样本"]}
    text = first.send_refused(VISIT, **FILLED | fields)
    assert re.search(r'name="key" value="[A-Za-z0-9_-]{22}"', text)
    assert not Application.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_form_speaks_each_language(first: Volunteer, language: str) -> None:
    """The form is whole in each language, and the visitor's language is preset to it."""
    first.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    text = first.look(VISIT)
    heading = {"zh-hans": "第二口令", "zh-hant": "身分核對", "en": "A second word"}
    assert heading[language] in text
    assert f'<option value="{language}" selected>' in text
