# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys that issue, their succession, and what the trust bundle tells of certificates."""

import json
import stat
import uuid
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings as configured
from django.db import transaction
from pytest_django import Settings

from tests.registry.transparency.conftest import log_folder
from tests.registry.transparency.samples import arrive, at, day, publish_on
from tuidang.pure.credential.claims import Claims, DeclaredAs, IdentityCheck
from tuidang.pure.credential.cose import CoseError, open_signed, sign
from tuidang.pure.credential.numbers import number_from
from tuidang.pure.credential.status_list import read_status
from tuidang.registry.certificates import keys as making
from tuidang.registry.certificates.errors import IssuerKeysUnusable
from tuidang.registry.certificates.keys import (
    make_issuer_keys,
    read_issuer_keys,
    read_known,
    replace_issuer_keys,
)
from tuidang.registry.certificates.models import Certificate
from tuidang.registry.certificates.trusted import hand_down, install, tell
from tuidang.registry.transparency import actions as transparency
from tuidang.registry.transparency.durable import replace_file
from tuidang.registry.transparency.models import Note
from tuidang.registry.transparency.notes import note_page
from tuidang.registry.transparency.stores import open_store
from tuidang.verify import page
from tuidang.verify.certificate.trust import Bundle, read_bundle

pytestmark = pytest.mark.django_db
__all__ = ["log_folder"]
NAMES = ("issuer.pem", "paper.pem", "issuers.json")


@pytest.fixture
def folder(log_folder: Path, settings: Settings) -> Path:
    """Give the keys folder of an installation that has just been made."""
    settings.ISSUER, settings.VERIFY_HOST = "Sample Registry 样本", "verify.sample.invalid"
    transparency.install(now=at(0))
    install(now=at(0))
    return log_folder.parent / "keys"


def bundle() -> Bundle:
    """Return the trust bundle, as a stranger reads it."""
    return read_bundle((Path(configured.TRUST_FOLDER) / "trust.note").read_bytes())


def certificate(index: int, *, status_list: int = 0) -> Certificate:
    """Keep a certificate in a place of a status list."""
    return Certificate.objects.create(
        number_hash=uuid.uuid4().bytes * 2,
        status_list=status_list,
        status_index=index,
        issued_on=day(0),
        preparer=uuid.UUID(int=1),
        signer=uuid.UUID(int=2),
        dated=False,
    )


def revoke(row: Certificate) -> None:
    """Revoke a certificate without its action."""
    row.state, row.reason = Certificate.State.REVOKED, Certificate.Revocation.HOLDER_ASKED
    row.save()


def claims(issued: date) -> Claims:
    """Return claims of a sample person."""
    return Claims(
        issuer="sample",
        issued=issued,
        number=number_from(bytes(8)),
        latin_name="SAMPLE<<PERSON",
        orgs=0,
        check=IdentityCheck("S"),
        declared_as=DeclaredAs(0),
        status=(0, 1),
    )


def test_the_keys_are_made_once_and_only_their_owner_reads_them(folder: Path) -> None:
    """The issuer's key, the paper's with its certificate, and who they are, all of mode 600."""
    before = {name: (folder / name).read_bytes() for name in NAMES}
    for name in (*NAMES, "certificates.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    install(now=at(40))
    assert {name: (folder / name).read_bytes() for name in NAMES} == before


def test_the_paper_key_has_a_neutral_certificate_of_ten_years(folder: Path) -> None:
    """It names the issuer in the words of the claims and nothing else."""
    found = read_issuer_keys(folder).pades_certificate
    assert found.subject.rfc4514_string() == "CN=Sample Registry 样本"
    assert found.subject == found.issuer
    assert found.not_valid_before_utc.date() == day(0)
    assert found.not_valid_after_utc.date() == day(0).replace(year=day(0).year + 10)
    assert found.serial_number.bit_length() > making.SERIAL_BITS


def test_the_bundle_tells_of_the_keys_that_sign(folder: Path) -> None:
    """What they sign opens under the bundle, and its list knows every certificate as valid."""
    keys, told = read_issuer_keys(folder), bundle()
    opened = open_signed(sign(claims(day(0)), keys.cose), told.keys)
    assert opened.issuer.kid == keys.cose.kid
    issuer = told.issuers[keys.cose.kid]
    assert (issuer.period.since, issuer.period.until) == (day(0), None)
    assert told.pades_certificates == (keys.pades_certificate.public_bytes(Encoding.DER),)
    assert told.verify_host == "verify.sample.invalid"
    assert read_status(told.status_lists[0], 2**20 - 1) == 0


@pytest.mark.parametrize("name", NAMES[:2])
@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\n", "curve"])
def test_a_lost_or_damaged_key_is_never_made_anew_by_itself(
    folder: Path, name: str, content: bytes | str | None
) -> None:
    """Whoever lost a key is told, since papers under another one would be another issuer's."""
    if content is None:
        (folder / name).unlink()
    elif isinstance(content, str):
        other = ec.generate_private_key(ec.SECP384R1())
        (folder / name).write_bytes(making._private_pem(other))
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(IssuerKeysUnusable, match=name):
        install(now=at(1))


def test_a_paper_key_with_the_certificate_of_another_is_refused(folder: Path) -> None:
    """The certificate beside the key is the key's own."""
    path = folder / "paper.pem"
    kept = path.read_text().partition("-----BEGIN CERTIFICATE-----")
    replace_issuer_keys(folder, issuer="sample", day=day(1))
    other = path.read_text().partition("-----BEGIN CERTIFICATE-----")
    path.write_text(kept[0] + other[1] + other[2])
    with pytest.raises(IssuerKeysUnusable):
        read_issuer_keys(folder)


def test_damaged_history_of_keys_is_refused(folder: Path) -> None:
    """What is kept of retired keys is not guessed at."""
    for content in ("", "[]", '{"issuers": [{}], "papers": []}'):
        (folder / "issuers.json").write_text(content)
        with pytest.raises(IssuerKeysUnusable):
            read_known(folder)


def test_a_replaced_key_is_told_until_its_day(folder: Path) -> None:
    """What it signed stays good; the new one signs; both papers' certificates are told."""
    old = read_issuer_keys(folder)
    replace_issuer_keys(folder, issuer="sample", day=day(9))
    install(now=at(9))
    new, told = read_issuer_keys(folder), bundle()
    assert old.cose.kid != new.cose.kid
    assert told.issuers[old.cose.kid].period.until == day(9)
    assert told.issuers[new.cose.kid].period.since == day(9)
    assert open_signed(sign(claims(day(1)), old.cose), told.keys).issuer.kid == old.cose.kid
    assert len(told.pades_certificates) == 2
    assert not list(folder.glob(".*"))
    for name in NAMES:
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_a_stolen_key_is_told_no_longer(folder: Path) -> None:
    """Whatever it signed, or will sign, reads as not ours; a later replacement keeps it so."""
    old = read_issuer_keys(folder)
    replace_issuer_keys(folder, issuer="sample", day=day(9), stolen=True)
    replace_issuer_keys(folder, issuer="sample", day=day(10))
    install(now=at(10))
    told = bundle()
    with pytest.raises(CoseError) as refused:
        open_signed(sign(claims(day(1)), old.cose), told.keys)
    assert refused.value.code == "unknown_issuer"
    assert len(told.issuers) == len(told.pades_certificates) == 2
    assert len(read_known(folder).issuers) == 3


def test_a_replacement_that_was_interrupted_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the three files was the last one written, the same call ends well."""
    for fail_at in range(4):
        old = read_issuer_keys(folder)
        _fail_at(monkeypatch, fail_at, folder)
        replace_issuer_keys(folder, issuer="sample", day=day(9))
        new, known = read_issuer_keys(folder), read_known(folder)
        assert new.cose.kid != old.cose.kid
        assert [each.public.kid for each in known.issuers if each.until is None] == [new.cose.kid]
        assert old.cose.kid in [each.public.kid for each in known.issuers]


def _fail_at(monkeypatch: pytest.MonkeyPatch, number: int, folder: Path) -> None:
    """Replace keys on a disk that fails at its file `number`."""
    written: list[object] = []

    def failing(*words: object, **more: object) -> None:
        written.append(words)
        if len(written) > number:
            raise InterruptedError
        replace_file(*words, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(making, "replace_file", failing)
        with pytest.raises(InterruptedError):
            replace_issuer_keys(folder, issuer="sample", day=day(9))


def test_two_that_start_together_agree_on_the_keys(tmp_path: Path) -> None:
    """Whoever comes second takes the first one's key, also before it is written down who it is."""
    make_issuer_keys(tmp_path / "keys", issuer="sample", day=day(0))
    first = read_issuer_keys(tmp_path / "keys")
    (tmp_path / "keys/issuers.json").unlink()
    make_issuer_keys(tmp_path / "keys", issuer="sample", day=day(9))
    assert read_issuer_keys(tmp_path / "keys").cose.kid == first.cose.kid
    assert [each.since for each in read_known(tmp_path / "keys").issuers] == [day(0)]


def test_many_revocations_are_told_in_one_bundle(folder: Path) -> None:
    """One new bundle and one note in the log for a run of many; none where nothing changed."""
    rows = [certificate(index) for index in (0, 5, 77, 2**20 - 1)]
    rows.append(certificate(9, status_list=2))
    before = (bundle().sequence, Note.objects.count())
    assert hand_down(now=at(1))  # a new list has begun
    assert not hand_down(now=at(1))
    for row in rows[1:]:
        revoke(row)
    assert hand_down(now=at(2))
    told = bundle()
    assert (told.sequence, Note.objects.count()) == (before[0] + 2, before[1] + 2)
    assert [read_status(told.status_lists[0], i) for i in (0, 4, 5, 77, 2**20 - 1)] == [
        0,
        0,
        1,
        1,
        1,
    ]
    assert read_status(told.status_lists[2], 9) == 1
    assert set(told.status_lists) == {0, 1, 2, 3}  # the next one, too
    assert len(json.dumps(told.status_lists)) < 3000


def test_the_next_list_is_told_before_it_is_begun(folder: Path) -> None:
    """So that the first certificate in it is known as valid, by the bundle of the day before."""
    assert set(bundle().status_lists) == {0}
    certificate(1)
    hand_down(now=at(1))
    assert set(bundle().status_lists) == {0, 1}
    certificate(1, status_list=1)
    assert read_status(bundle().status_lists[1], 1) == 0
    assert hand_down(now=at(2))
    assert not hand_down(now=at(2))
    assert set(bundle().status_lists) == {0, 1, 2}


def test_a_superseded_certificate_is_told_apart(folder: Path) -> None:
    """Superseded and revoked are two values, as the list has them."""
    row = certificate(3)
    row.state, row.reason = Certificate.State.SUPERSEDED, Certificate.Revocation.CORRECTED
    row.save()
    hand_down(now=at(1))
    assert read_status(bundle().status_lists[0], 3) == 3


def test_a_restored_database_makes_nothing_valid_again(folder: Path) -> None:
    """What was told as revoked stays revoked, whatever the tables have forgotten."""
    rows = [certificate(1), certificate(2)]
    savepoint = transaction.savepoint()
    revoke(rows[0])
    hand_down(now=at(1))
    transaction.savepoint_rollback(savepoint)
    revoke(rows[1])
    hand_down(now=at(2))
    assert [read_status(bundle().status_lists[0], i) for i in (1, 2, 3)] == [1, 1, 0]


def test_a_new_batch_keeps_what_is_told_of_certificates(folder: Path) -> None:
    """The publisher writes the bundle without knowing any certificate."""
    revoke(certificate(4))
    hand_down(now=at(1))
    before = bundle()
    arrive(range(3), on=2)
    publish_on(2)
    after = bundle()
    assert after.sequence > before.sequence
    assert len(after.batches) == 1
    assert (after.issuers, after.status_lists) == (before.issuers, before.status_lists)
    assert after.verify_host == before.verify_host
    assert not hand_down(now=at(3))


def test_the_timetable_waits_while_somebody_publishes(folder: Path) -> None:
    """It hands down in the next minute what it could not hand down in this one."""
    revoke(certificate(4))
    with open_store().alone():
        tell(at(1))
        assert read_status(bundle().status_lists[0], 4) == 0
    tell(at(1))
    assert read_status(bundle().status_lists[0], 4) == 1


def test_nothing_is_told_where_no_keys_are(log_folder: Path) -> None:
    """An installation of before there were certificates has nothing to hand down."""
    transparency.install(now=at(0))
    assert not hand_down(now=at(0))
    assert bundle().issuers == {}


def test_the_verifying_page_is_noted_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hash goes into the log when it changes; a page that is not built leaves no trace."""
    built = tmp_path / "verify.html"
    monkeypatch.setattr(page, "BUILT", built)
    assert note_page(day=day(0)) is None
    for text in ("a sample page @INSTALLATION@", "another @INSTALLATION@"):
        built.write_text(text)
        noted = note_page(day=day(0))
        assert noted is not None
        assert noted == note_page(day=day(1))
    assert publish_on(1) is not None
    again = note_page(day=day(2))
    assert again is not None
    assert again.index is not None
    assert Note.objects.filter(kind=2).count() == 2
