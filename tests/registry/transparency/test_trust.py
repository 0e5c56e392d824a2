# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys and the trust bundle of an installation."""

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, at, day, publish_on
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.notes import Signer, Verifier, open_note
from tuidang.registry.transparency.actions import install
from tuidang.registry.transparency.errors import CheckpointUnreadable, KeyFilesUnusable
from tuidang.registry.transparency.models import Batch
from tuidang.verify.trust import parse_trust

pytestmark = pytest.mark.django_db


def read_bundle() -> dict[str, Any]:
    """Return the bundle of the note, verified by the log key, after comparing both files."""
    key = (Path(configured.KEYS_FOLDER) / "log.key").read_text().strip()
    data = (Path(configured.TRUST_FOLDER) / "trust.note").read_bytes()
    opened = open_note(data, [Signer.parse(key).verifier])
    assert opened.text == (Path(configured.TRUST_FOLDER) / "trust.json").read_text()
    assert opened.text.count("\n") == 1
    bundle: dict[str, Any] = json.loads(opened.text)
    return bundle


def test_an_installation_has_keys_and_a_bundle_before_its_first_batch(log_folder: Path) -> None:
    """Installing makes two keys that only their owner reads, and a bundle without batches."""
    install(now=at(0))
    for name in ("log.key", "clock.key"):
        key = log_folder.parent / "keys" / name
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert key.read_text().startswith("PRIVATE+KEY+")
    bundle = read_bundle()
    assert (bundle["sequence"], bundle["batches"]) == (1, [])


def test_installing_again_changes_nothing(log_folder: Path) -> None:
    """A second installation keeps the keys, the bundle and its sequence."""
    install(now=at(0))
    before = {p: p.read_bytes() for p in log_folder.parent.rglob("*") if p.is_file()}
    install(now=at(1))
    assert {p: p.read_bytes() for p in log_folder.parent.rglob("*") if p.is_file()} == before


def test_the_bundle_has_every_key_of_its_format(log_folder: Path) -> None:
    """Nothing is missing; what is not used yet is an empty list."""
    arrive(range(3))
    publish_on(0)
    bundle = read_bundle()
    assert list(bundle) == [
        *("version", "sequence", "issued", "origin", "log_vkey", "clock_vkey", "witnesses"),
        *("policy", "issuers", "pades_certificates", "batches", "status_lists"),
        *("verify_host", "channels"),
    ]
    assert bundle["origin"] == configured.ORIGIN
    assert bundle["policy"] == f"log {bundle['log_vkey']}\nquorum none\n"
    assert log_folder.exists()


def test_the_bundle_follows_the_batches(log_folder: Path) -> None:
    """Each batch appears with its size, root, day and the clock's cosignature, which verifies."""
    for number in range(3):
        arrive(range(number, number + 1), on=number)
        publish_on(number)
    bundle = read_bundle()
    clock = Verifier.parse(bundle["clock_vkey"])
    assert [each["number"] for each in bundle["batches"]] == [0, 1, 2]
    for batch, row in zip(bundle["batches"], Batch.objects.order_by("number"), strict=True):
        assert base64.b64decode(batch["root"]) == bytes(row.root)
        assert (batch["size"], batch["date"]) == (row.size, row.last_day.isoformat())
        assert batch["witnessed"] is False
        text = row.checkpoint.partition("\n\n")[0] + "\n"
        note = f"{text}\n{''.join(batch['cosignatures'])}".encode()
        (line,) = open_note(note, [clock]).verified
        assert line.time == int(at(row.number).timestamp())
    assert log_folder.exists()


def test_the_sequence_only_rises(log_folder: Path) -> None:
    """Each new bundle has a higher number, even after the files were lost."""
    seen = []
    for number in range(4):
        publish_on(number)
        seen.append(read_bundle()["sequence"])
        if number == 1:
            (log_folder.parent / "trust/trust.note").unlink()
    assert seen == sorted(set(seen))


def test_a_lost_bundle_is_written_again(log_folder: Path) -> None:
    """A call that publishes nothing still brings the bundle up to the last batch."""
    publish_on(0)
    (log_folder.parent / "trust/trust.json").unlink()
    assert publish_on(0) is None
    assert read_bundle()["batches"][0]["number"] == 0


def test_the_keys_of_a_log_are_never_made_anew(log_folder: Path) -> None:
    """Once the log has begun, a missing key stops it with words instead of forking it."""
    publish_on(0)
    for name in ("log.key", "clock.key"):
        key = log_folder.parent / "keys" / name
        kept = key.read_bytes()
        key.unlink()
        with pytest.raises(KeyFilesUnusable) as refused:
            publish_on(1)
        assert name in str(refused.value)
        key.write_bytes(kept)
    assert publish_on(1) is not None


def test_keys_of_another_origin_are_refused(log_folder: Path, settings: Settings) -> None:
    """An installation that was renamed does not sign with the old name's keys."""
    publish_on(0)
    settings.ORIGIN = "example.net/other"
    with pytest.raises(KeyFilesUnusable):
        publish_on(1)
    assert (log_folder / "checkpoint").read_text().startswith("example.org/registry\n")


@pytest.mark.parametrize(
    "content", [b"", b"example.org/registry\n", "— nobody\n".encode()], ids=["empty", "bare", "cut"]
)
def test_a_checkpoint_that_is_not_ours_stops_the_log(log_folder: Path, content: bytes) -> None:
    """A public checkpoint that the log key has not signed is not built upon."""
    publish_on(0)
    (log_folder / "checkpoint").write_bytes(content)
    with pytest.raises(CheckpointUnreadable):
        publish_on(1)
    assert (log_folder / "checkpoint").read_bytes() == content


def test_a_checkpoint_by_another_origin_stops_the_log(log_folder: Path) -> None:
    """Even our own key's signature under another origin is not our checkpoint."""
    publish_on(0)
    signer = Signer.parse((log_folder.parent / "keys/log.key").read_text().strip())
    text = f"example.net/other\n{(log_folder / 'checkpoint').read_text().partition(chr(10))[2]}"
    text = text.partition("\n\n")[0] + "\n"
    (log_folder / "checkpoint").write_text(f"{text}\n{signer.sign_text(text)}")
    with pytest.raises(CheckpointUnreadable):
        publish_on(1)


def test_a_bundle_signed_by_somebody_else_stops_the_log(log_folder: Path) -> None:
    """A trust note that this log's key has not signed is not continued."""
    publish_on(0)
    note = log_folder.parent / "trust/trust.note"
    note.write_bytes(note.read_bytes().replace(b'"sequence":2', b'"sequence":9'))
    with pytest.raises(KeyFilesUnusable):
        publish_on(1)


def test_the_bundle_fits_into_a_note_after_years(log_folder: Path) -> None:
    """Twelve years of days, each signed at length: every month is told, and the newest days."""
    install(now=at(0))
    line = "\u2014 sample.invalid/witness " + base64.b64encode(bytes(2432)).decode() + "\n"
    days, root = 12 * 365, to_base64(bytes(32))
    Batch.objects.bulk_create(
        Batch(
            number=n,
            first_index=3 * n,
            size=3 * n + 3,
            root=bytes(32),
            first_day=day(n),
            last_day=day(n),
            cells=[],
            received=0,
            checkpoint=f"{configured.ORIGIN}\n{3 * n + 3}\n{root}\n\n"
            + line * (3 if n > days - 99 else 1),
            state=Batch.State.PUBLISHED,
        )
        for n in range(days)
    )
    install(now=at(days))
    told = read_bundle()["batches"]
    assert [each["number"] for each in told] == sorted({each["number"] for each in told})
    assert [each["number"] for each in told[-400:]] == list(range(days - 400, days))
    months = {day(n).isoformat()[:7] for n in range(days)}
    assert {each["date"][:7] for each in told} == months
    assert [len(each["cosignatures"]) for each in told[-32:]] == [0, *[3] * 31]
    assert (
        len(parse_trust((Path(configured.TRUST_FOLDER) / "trust.note").read_bytes()).batches) > 500
    )
