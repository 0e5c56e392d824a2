# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rings: a key a month that needs nobody's passphrase, and sealing that fails closed."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from tests.registry.vault.conftest import DAY, MONTH, NewMember
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.vault import jobs
from tuidang.registry.vault.actions import (
    destroy_ring_key,
    make_recovery,
    open_member,
    renew_ring,
    seal_to_ring,
)
from tuidang.registry.vault.errors import (
    MonthClosed,
    MonthOpen,
    NoMembers,
    NoRecipient,
    NoSuchRingKey,
    Unopenable,
    VaultError,
)
from tuidang.registry.vault.models import RingKey, Wrap
from tuidang.registry.vault.months import month_of, next_month
from tuidang.registry.vault.recipients import RECOVERY_FILE
from tuidang.registry.vault.sealing import unseal

pytestmark = pytest.mark.django_db

NEXT_MONTH_DAY = date(2026, 8, 1)


@pytest.fixture
def ring(new_member: NewMember) -> None:
    """Make one member and the ring's key for July."""
    new_member("sample one")
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)


def test_without_a_ring_key_nothing_is_sealed(keys_folder: Path) -> None:
    """No key for the month means that nothing is taken in, although recovery could open it."""
    make_recovery()
    with pytest.raises(NoRecipient):
        seal_to_ring(b"sample", day=DAY)


@pytest.mark.usefixtures("ring")
def test_a_month_without_a_key_fails_closed() -> None:
    """Last month's key is never used for this month's declarations."""
    with pytest.raises(NoRecipient):
        seal_to_ring(b"sample", day=NEXT_MONTH_DAY)


def test_a_new_month_needs_no_passphrase_and_every_member_opens_it(new_member: NewMember) -> None:
    """The timetable alone makes the new month's key, and both members open what comes in."""
    members = [(new_member(text), text) for text in ("sample one", "sample two")]
    jobs.renew_rings(datetime(2026, 7, 14, tzinfo=UTC))
    jobs.renew_rings(datetime(2026, 8, 1, tzinfo=UTC))
    for day in (DAY, NEXT_MONTH_DAY):
        month, sealed = seal_to_ring(b"sample", day=day)
        opened = [open_member(*login).unseal(month, sealed) for login in members]
        assert opened == [b"sample", b"sample"]


def test_the_timetable_is_a_month_ahead_and_repeats_nothing(new_member: NewMember) -> None:
    """Run each minute, the job makes this month's key and the next one's, and no third."""
    new_member("sample one")
    for _ in range(3):
        jobs.renew_rings(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    made = RingKey.objects.order_by("ring", "month").values_list("ring", "month")
    months = ("2026-12", "2027-01")
    assert list(made) == [(ring, month) for ring in sorted(RingKey.Ring) for month in months]


@pytest.mark.usefixtures("ring")
def test_a_ring_key_once_made_stays() -> None:
    """Renewing a month that has a key gives the same key, so nothing sealed is lost."""
    before = RingKey.objects.get()
    assert renew_ring("review", MONTH, by=REGISTRY, day=DAY).recipient == before.recipient


def test_a_ring_without_members_gets_no_key() -> None:
    """A key that nobody could open is refused."""
    with pytest.raises(NoMembers):
        renew_ring("review", MONTH, by=REGISTRY, day=DAY)


def test_the_offline_key_opens_what_the_ring_opens(new_member: NewMember, tmp_path: Path) -> None:
    """With the secret printed at installation, Debian's `age` opens what came in."""
    secret = make_recovery()
    assert secret is not None
    new_member("sample one")
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    (tmp_path / "paper.txt").write_text(secret + "\n")
    opened = subprocess.run(
        ["age", "--decrypt", "--identity", str(tmp_path / "paper.txt")],
        input=seal_to_ring(b"sample", day=DAY)[1],
        capture_output=True,
        check=True,
    ).stdout
    assert opened[4:10] == b"sample"


def test_the_recovery_secret_is_shown_once_and_kept_nowhere(keys_folder: Path) -> None:
    """The file holds the recipient alone, and a second call makes no second key."""
    secret = make_recovery()
    assert secret is not None
    kept = (keys_folder / RECOVERY_FILE).read_text()
    assert kept.startswith("age1")
    assert secret not in kept
    assert make_recovery() is None
    assert (keys_folder / RECOVERY_FILE).read_text() == kept


@pytest.mark.usefixtures("ring")
def test_an_installation_may_have_no_recovery() -> None:
    """Where there is no recovery file, what comes in is sealed to the ring alone."""
    _, sealed = seal_to_ring(b"sample", day=DAY)
    assert sealed.count(b"-> X25519 ") == 1


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize("content", ["", "# a remark\n", "age1broken\n", "age1a\nage1b\n"])
def test_a_damaged_recovery_file_fails_closed(keys_folder: Path, content: str) -> None:
    """A recovery file that names no recipient stops the intake instead of being passed over."""
    keys_folder.mkdir(exist_ok=True)
    (keys_folder / RECOVERY_FILE).write_text(content)
    with pytest.raises(NoRecipient):
        seal_to_ring(b"sample", day=DAY)


@pytest.mark.usefixtures("ring")
def test_sealing_again_asks_the_database_nothing(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Within a minute the hot path makes no query for its recipients."""
    settings.RECIPIENT_CACHE_SECONDS = 60
    seal_to_ring(b"sample", day=DAY)
    with django_assert_num_queries(0):
        seal_to_ring(b"sample", day=DAY)


@pytest.mark.usefixtures("ring")
def test_the_last_answer_lapses(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a minute a process asks again, so a key that is gone is not sealed to for long."""
    settings.RECIPIENT_CACHE_SECONDS = 60
    clock = [1000.0]
    monkeypatch.setattr("tuidang.registry.vault.recipients.time.monotonic", lambda: clock[0])
    seal_to_ring(b"sample", day=DAY)
    RingKey.objects.all().delete()
    clock[0] += 59
    assert seal_to_ring(b"sample", day=DAY)[0] == MONTH
    clock[0] += 1
    with pytest.raises(NoRecipient):
        seal_to_ring(b"sample", day=DAY)


def test_a_destroyed_month_opens_for_nobody(new_member: NewMember) -> None:
    """Destroying a month's key takes it from every member and leaves the other months."""
    member = new_member("sample one")
    for month in (MONTH, "2026-08"):
        renew_ring("review", month, by=REGISTRY, day=DAY)
    july, sealed_in_july = seal_to_ring(b"sample", day=DAY)
    august, sealed_in_august = seal_to_ring(b"sample", day=NEXT_MONTH_DAY)
    destroy_ring_key("review", MONTH, by=REGISTRY, day=NEXT_MONTH_DAY)
    unlocked = open_member(member, "sample one")
    with pytest.raises(Unopenable):
        unlocked.unseal(july, sealed_in_july)
    with pytest.raises(Unopenable):
        unseal(sealed_in_july, list(unlocked.keys.values()))
    assert unlocked.unseal(august, sealed_in_august) == b"sample"


def test_a_backup_does_not_bring_a_destroyed_month_back(new_member: NewMember) -> None:
    """Rows from before the destruction open nothing, and keep nobody from the other months."""
    member = new_member("sample one")
    for month in (MONTH, "2026-08"):
        renew_ring("review", month, by=REGISTRY, day=DAY)
    backup = [RingKey.objects.get(month=MONTH), Wrap.objects.get(ring_key__month=MONTH)]
    destroy_ring_key("review", MONTH, by=REGISTRY, day=NEXT_MONTH_DAY)
    for row in backup:
        row.save(force_insert=True)
    assert list(open_member(member, "sample one").keys) == [("review", "2026-08")]


@pytest.mark.usefixtures("ring")
def test_a_destroyed_month_stays_destroyed() -> None:
    """Neither a second destruction nor a renewal brings a past month's key back."""
    destroy_ring_key("review", MONTH, by=REGISTRY, day=NEXT_MONTH_DAY)
    with pytest.raises(NoSuchRingKey) as missing:
        destroy_ring_key("review", MONTH, by=REGISTRY, day=NEXT_MONTH_DAY)
    assert (missing.value.ring, missing.value.month) == ("review", MONTH)
    with pytest.raises(MonthClosed) as closed:
        renew_ring("review", MONTH, by=REGISTRY, day=NEXT_MONTH_DAY)
    assert closed.value.month == MONTH


@pytest.mark.usefixtures("ring")
def test_the_open_month_cannot_be_destroyed() -> None:
    """While declarations are sealed to a key it stays."""
    with pytest.raises(MonthOpen) as refused:
        destroy_ring_key("review", MONTH, by=REGISTRY, day=date(2026, 7, 31))
    assert refused.value.month == MONTH
    assert RingKey.objects.filter(month=MONTH).exists()


def test_the_database_keeps_one_key_a_month(new_member: NewMember) -> None:
    """Two keys of a ring for one month, or a month that is none, are refused by the tables."""
    RingKey.objects.create(ring="review", month=MONTH, recipient="age1sample")
    for month in (MONTH, "July", "2026-7"):
        with pytest.raises(IntegrityError), transaction.atomic():
            RingKey.objects.create(ring="review", month=month, recipient=f"age1{month}")


@pytest.mark.parametrize(
    ("day", "month", "following"),
    [
        (date(2026, 1, 31), "2026-01", "2026-02"),
        (date(2026, 12, 1), "2026-12", "2027-01"),
        (date(2028, 2, 29), "2028-02", "2028-03"),
    ],
)
def test_months_follow_each_other(day: date, month: str, following: str) -> None:
    """The month after a day's month is the next one, at the ends of months and years too."""
    assert (month_of(day), next_month(day)) == (month, following)


def test_every_error_has_a_code_of_its_own() -> None:
    """The web finds the words for each error by a code that no other error has."""
    codes = [kind.code for kind in VaultError.__subclasses__()]
    assert len(set(codes)) == len(codes)
    assert "vault" not in codes
