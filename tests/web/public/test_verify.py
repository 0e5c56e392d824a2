# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checking certificates without JavaScript: by upload, and by number from paper."""

import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.registry.declarations.desk import NOW
from tests.verify.certificate import code_cases
from tests.verify.certificate.cases import Case, all_cases, bundles
from tests.verify.certificate.code_cases import GENUINE, picture
from tests.verify.certificate.made import OWN
from tests.verify.certificate.sample_bundle import ISSUER, claims_of
from tests.web.public.browsing import page_of, send
from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.cose import open_signed, sign
from tuidang.pure.credential.face_code import read_code, to_text
from tuidang.pure.credential.numbers import shown
from tuidang.registry.certificates.lookup import kept_for_lookup
from tuidang.registry.certificates.models import Certificate
from tuidang.verify.certificate.verdict import words
from tuidang.web.public import verify, verify_number
from tuidang.web.shared.languages import LANGUAGES

FILE, NUMBER = "/en/verify/file/", "/en/verify/number/"


@pytest.fixture
def trusted(settings: Settings, tmp_path: Path) -> Path:
    """An installation's folder with the sample bundle of today."""
    settings.TRUST_FOLDER = tmp_path
    settings.LOOKUP_SECONDS = 0.0
    note = tmp_path / "trust.note"
    note.write_bytes(bundles(NOW.date())["main"])
    return note


def upload(client: Client, data: bytes, name: str = "file.pdf", path: str = FILE) -> HttpResponse:
    """Send a file as a browser does."""
    fields = {"file": SimpleUploadedFile(name, data), "code": ""}
    return client.post(path, fields)  # type: ignore[return-value]


def keep(claims: Claims, cose: bytes) -> None:
    """Keep a certificate as issuing does."""
    triple, copy = kept_for_lookup(claims, cose)
    Certificate.objects.create(
        number_hash=uuid.uuid4().bytes * 2,
        triple=triple,
        copy=copy,
        status_list=claims.status[0],
        status_index=claims.status[1],
        issued_on=claims.issued,
        preparer=uuid.UUID(int=1),
        signer=uuid.UUID(int=2),
        dated=True,
    )


def ask(client: Client, claims: Claims, path: str = NUMBER, **changes: str) -> HttpResponse:
    """Type number, family name and date of birth of a certificate, some of them changed."""
    fields = {
        "number": shown(claims.number),
        "family_name": claims.latin_name.partition("<<")[0].title(),
        "birth_date": str(claims.birth_date),
    }
    return send(client, path, fields | changes)


def test_an_upload_says_what_the_command_says(
    client: Client, trusted: Path, tmp_path: Path
) -> None:
    """Every case of the common set gets its title, its finding and its reason on the page."""
    wrong = []
    for each in all_cases(tmp_path / "cases", today=NOW.date()):
        trusted.write_bytes(each.bundle.read_bytes())
        text = page_of(upload(client, each.path.read_bytes())).text
        said = words(each.expected_reason, "en")
        expected = (said.title, said.found, each.expected_reason)
        as_of = "Valid as of" in text
        if not all(part in text for part in expected) or as_of == _is_fresh(each):
            wrong.append(each.name)
    assert wrong == []


def _is_fresh(case: Case) -> bool:
    return case.fresh or case.expected_outcome != "valid"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_speaks_the_language_of_its_page(
    client: Client, trusted: Path, language: str
) -> None:
    """Finding, date sentence, what it does not show, key and bundle stand there in one language."""
    response = upload(client, GENUINE, "file.cose", f"/{language}/verify/file/")
    text = page_of(response).text
    said = words("dates_stated", LANGUAGES[language])
    assert response.status_code == 200
    assert all(part in text for part in (said.title, said.found, said.means, said.do))
    shown_in = {
        "en": ("no later than 1 March 2025", "not a government document"),
        "zh-hans": ("2025年3月1日", "也不是法律意见"),
        "zh-hant": ("2025年3月1日", "亦非法律意見"),
    }
    assert all(part in text for part in shown_in[language])
    assert ISSUER.public.fingerprint in text


def test_the_text_of_a_code_can_be_typed(client: Client, trusted: Path) -> None:
    """Without a file the text field is read; it does not come back in the page."""
    response = client.post(FILE, {"code": to_text(GENUINE)})
    assert "dates_stated" in page_of(response).text  # type: ignore[arg-type]
    assert to_text(GENUINE)[20:60] not in response.content.decode()
    empty = client.post(FILE, {"code": ""})
    assert words("not_a_code", "en").found in page_of(empty).text  # type: ignore[arg-type]


def test_a_file_over_the_limit_is_not_read(client: Client, trusted: Path) -> None:
    """More than 8 MB gets the same words as a file that is too large for the command."""
    for size in (8 * 1024 * 1024 + 1, 9 * 1024 * 1024):
        response = upload(client, b"%PDF-" + bytes(size))
        assert words("file_too_large", "en").found in page_of(response).text


def test_an_upload_never_touches_the_disk(
    client: Client, trusted: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Even a file of several megabytes is held in memory alone."""
    from django.core.files import uploadhandler

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a file was written")

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", refused)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    text = page_of(upload(client, b"%PDF-" + bytes(900_000))).text
    assert words("pdf_not_signed", "en").found in text


def test_few_pictures_are_read_at_once(client: Client, trusted: Path) -> None:
    """Pictures are work: beyond two at once the answer is 503, while codes are checked on."""
    scan = picture([GENUINE])
    assert [verify._pictures.acquire(blocking=False) for _ in range(3)] == [True, True, False]
    try:
        assert upload(client, scan).status_code == 503
        assert "dates_stated" in page_of(upload(client, GENUINE)).text
    finally:
        verify._pictures.release(2)
    assert "dates_stated" in page_of(upload(client, scan)).text


def test_what_is_no_form_is_refused(client: Client, trusted: Path) -> None:
    """Another type is 415, a broken one 400, and reading the address leads to the form."""
    assert send(client, FILE, {"code": "1"}).status_code == 415
    missing = client.post(FILE, b"broken", content_type="multipart/form-data")
    assert missing.status_code == 400
    for path in (FILE, NUMBER):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/en/verify/")


def test_without_a_bundle_nothing_is_said(client: Client, trusted: Path, db: None) -> None:
    """Where the trust bundle is missing or damaged, both ways answer 503 and no verdict."""
    claims = claims_of(OWN)
    for data in (None, b"{}"):
        trusted.unlink()
        if data is not None:
            trusted.write_bytes(data)
        assert upload(client, GENUINE).status_code == 503
        assert ask(client, claims).status_code == 503
        trusted.write_bytes(b"{}")


def test_a_number_with_name_and_birth_date_finds_the_certificate(
    client: Client, trusted: Path, db: None
) -> None:
    """The verdict is that of the code on the paper, in any case and with or without hyphens."""
    claims = claims_of(OWN)
    keep(claims, sign(claims, ISSUER))
    response = ask(client, claims)
    text = page_of(response).text
    assert response.status_code == 200
    assert words("dates_stated", "en").found in text
    assert "ZHANG, SAN" in text
    for changes in (
        {"number": claims.number.lower()},
        {"family_name": "zhang"},
        {"birth_date": "19800229"},
        {"birth_date": "1980年2月29日"},
        {"birth_date": "1980.2.29"},
    ):
        assert "dates_stated" in page_of(ask(client, claims, **changes)).text, changes


def test_a_look_up_says_what_the_code_on_the_paper_says(
    client: Client, trusted: Path, db: None
) -> None:
    """Each genuine code of the common set, once kept, gets its own verdict by number too."""
    made = bundles(NOW.date())
    for each in code_cases.genuine():
        if not each.file.startswith("code-") or not each.file.endswith(".txt"):
            continue
        trusted.write_bytes(made[each.bundle])
        cose = read_code(each.data.decode())
        claims = open_signed(cose, {ISSUER.kid: ISSUER.public}).claims
        Certificate.objects.all().delete()
        keep(claims, cose)
        text = page_of(ask(client, claims)).text
        assert words(each.reason, "en").found in text, each.file
        assert ("Valid as of" in text) == (not each.fresh), each.file


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_mismatch_has_the_same_answer(
    client: Client, trusted: Path, db: None, language: str
) -> None:
    """Whichever of the three differs, or is no number or name at all, the page is the same."""
    claims = claims_of(OWN)
    keep(claims, sign(claims, ISSUER))
    other = claims_of(replace(OWN, label="somebody"))
    path = f"/{language}/verify/number/"
    answers = [
        ask(client, claims, path, **changes)
        for changes in (
            {"number": shown(other.number)},
            {"number": "12345"},
            {"number": ""},
            {"family_name": "ZHENG"},
            {"family_name": "张"},
            {"birth_date": "1980-02-28"},
        )
    ]
    assert {each.status_code for each in answers} == {422}
    assert len({each.content for each in answers}) == 1
    assert claims.number not in answers[0].content.decode()


def test_a_date_that_is_none_is_told(client: Client, trusted: Path, db: None) -> None:
    """What cannot be a date is a slip that tells nothing of a certificate."""
    for text in ("", "yesterday", "1980-13-01", "1980-02-30", "29.2.1980"):
        response = ask(client, claims_of(OWN), birth_date=text)
        assert "1980-02-29" in page_of(response).text
        assert "No match" not in page_of(response).text


def test_every_look_up_takes_its_time(
    client: Client, trusted: Path, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found or not, what is left of the fixed second is slept."""
    settings.LOOKUP_SECONDS = 1.0
    slept: list[float] = []
    monkeypatch.setattr(verify_number.time, "sleep", slept.append)
    claims = claims_of(OWN)
    keep(claims, sign(claims, ISSUER))
    ask(client, claims)
    ask(client, claims, birth_date="1999-01-01")
    assert len(slept) == 2
    assert all(0.5 < each <= 1.0 for each in slept)


def test_those_who_wait_leave_room_for_others(
    client: Client, trusted: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the few who may wait at once, the answer is 503 at once, and places become free."""
    assert verify_number.MOST_WAITING < 4
    places = [verify_number._waiting.acquire(blocking=False) for _ in range(3)]
    try:
        assert places == [True, True, False]
        assert ask(client, claims_of(OWN)).status_code == 503
    finally:
        for taken in places:
            if taken:
                verify_number._waiting.release()
    assert ask(client, claims_of(OWN)).status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_four_ways_and_warns(client: Client, language: str) -> None:
    """Program, offline page, upload and number are there; the number form goes out by POST."""
    response = client.get(f"/{language}/verify/")
    page = page_of(response)  # type: ignore[arg-type]
    source = response.content.decode()
    assert response.status_code == 200
    for part in ("tuidang-verify", 'href="/verify.html"', "multipart/form-data", "trust.note"):
        assert part in source
    forms = [values for tag, values in page.tags if tag == "form"]
    assert {each["method"] for each in forms} == {"post"}
    assert f"/{language}/verify/number/" in {each["action"] for each in forms}


def test_no_number_is_ever_taken_from_an_address(client: Client, trusted: Path, db: None) -> None:
    """What stands in a query is not looked at: it would lie in histories and logs."""
    claims = claims_of(OWN)
    keep(claims, sign(claims, ISSUER))
    query = f"?number={claims.number}&family_name=ZHANG&birth_date=1980-02-29"
    assert client.get(NUMBER + query).status_code == 302
    assert send(client, NUMBER + query, {"other": ""}).status_code == 422
    assert date(1980, 2, 29) == claims.birth_date
