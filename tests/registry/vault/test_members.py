# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members: who opens a ring, with what, and what a stolen database is worth."""

import uuid
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from tests.registry.vault.conftest import DAY, MONTH, NewMember
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.vault import actions
from tuidang.registry.vault.actions import (
    admit,
    create_member,
    open_member,
    remove_member,
    renew_ring,
    seal_to_ring,
)
from tuidang.registry.vault.errors import Unopenable, WrongPassphrase
from tuidang.registry.vault.models import Mail, Member, RingKey, Wrap
from tuidang.registry.vault.sealing import new_identity
from tuidang.registry.vault.wrapping import passphrase_key

pytestmark = pytest.mark.django_db

FIRST = "sample one passphrase"
SECOND = "sample two passphrase"


def seal_sample() -> tuple[str, bytes]:
    """Seal a sample to the review ring."""
    return seal_to_ring(b"sample", day=DAY)


def test_a_passphrase_opens_the_ring(new_member: NewMember) -> None:
    """A member who gives their passphrase opens what was sealed to the ring."""
    member = new_member(FIRST)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    month, sealed = seal_sample()
    assert open_member(member, FIRST).unseal(month, sealed) == b"sample"


def test_a_wrong_passphrase_is_refused(new_member: NewMember) -> None:
    """One member's passphrase opens nothing for another."""
    member = new_member(FIRST)
    new_member(SECOND)
    with pytest.raises(WrongPassphrase):
        open_member(member, SECOND)


def test_nobody_is_refused_like_somebody(
    new_member: NewMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id that no member has costs the same derivation and gives the same error."""
    member = new_member(FIRST)
    costs = []

    def counted(passphrase: str, *, member: UUID, salt: bytes, memory_kib: int) -> bytes:
        costs.append((len(salt), memory_kib))
        return passphrase_key(passphrase, member=member, salt=salt, memory_kib=memory_kib)

    monkeypatch.setattr(actions, "passphrase_key", counted)
    errors = []
    for member_id in (member, uuid.uuid4()):
        with pytest.raises(WrongPassphrase) as refused:
            open_member(member_id, SECOND)
        errors.append(refused.value.args)
    assert errors[0] == errors[1]
    assert costs[0] == costs[1]


def test_another_hosts_secret_opens_nothing(
    new_member: NewMember, settings: Settings, tmp_path: Path
) -> None:
    """With the database and the passphrase, but without the host's secret, nothing opens."""
    member = new_member(FIRST)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    settings.KEYS_FOLDER = tmp_path / "another host"
    with pytest.raises(WrongPassphrase):
        open_member(member, FIRST)


def test_a_copied_member_key_is_refused(new_member: NewMember) -> None:
    """Somebody's wrapped key, copied with its salt into another row, opens with no passphrase."""
    first, second = new_member(FIRST), new_member(SECOND)
    row = Member.objects.get(id=first)
    Member.objects.filter(id=second).update(salt=row.salt, wrapped=row.wrapped)
    with pytest.raises(WrongPassphrase):
        open_member(second, FIRST)


def test_a_copied_wrap_is_refused(new_member: NewMember) -> None:
    """A ring key wrapped for one member opens for no other, who is told that it was changed."""
    first, second = new_member(FIRST), new_member(SECOND)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    wrapped = Wrap.objects.get(member=first).wrapped
    Wrap.objects.filter(member=second).update(wrapped=wrapped)
    with pytest.raises(Unopenable):
        open_member(second, SECOND)


def test_a_wrap_moved_to_another_month_is_refused(new_member: NewMember) -> None:
    """A wrap says which month it is for, so an old key cannot be passed off as a new one."""
    member = new_member(FIRST)
    july = renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    august = renew_ring("review", "2026-08", by=REGISTRY, day=DAY)
    wrapped = Wrap.objects.get(ring_key=july).wrapped
    Wrap.objects.filter(ring_key=august).update(wrapped=wrapped)
    with pytest.raises(Unopenable):
        open_member(member, FIRST)


def test_a_member_keeps_the_cost_they_were_made_with(
    new_member: NewMember, settings: Settings
) -> None:
    """Raising the cost of passphrases shuts nobody out."""
    member = new_member(FIRST)
    settings.ARGON2_MEMORY_KIB *= 2
    assert open_member(member, FIRST).member == member
    assert Member.objects.get(id=new_member(SECOND)).memory_kib == settings.ARGON2_MEMORY_KIB


def test_admitting_gives_the_months_that_are_open(new_member: NewMember) -> None:
    """A new member opens, from the day they are admitted, what the admitting member opens."""
    first = new_member(FIRST)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    month, sealed = seal_sample()
    second = new_member(SECOND)
    assert open_member(second, SECOND).keys == {}
    admit(second, open_member(first, FIRST), by=REGISTRY, day=DAY)
    assert open_member(second, SECOND).unseal(month, sealed) == b"sample"


def test_admitting_twice_changes_nothing(new_member: NewMember) -> None:
    """A month that a member has open already is not wrapped again."""
    first, second = new_member(FIRST), new_member(SECOND)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    before = set(Wrap.objects.values_list("id", flat=True))
    admit(second, open_member(first, FIRST), by=REGISTRY, day=DAY)
    assert set(Wrap.objects.values_list("id", flat=True)) == before


def test_nobody_can_give_what_they_do_not_have_open(new_member: NewMember) -> None:
    """A member without a month's key cannot admit anyone to that month."""
    new_member(FIRST)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    second, third = new_member(SECOND), new_member("sample three")
    admit(third, open_member(second, SECOND), by=REGISTRY, day=DAY)
    assert open_member(third, "sample three").keys == {}


def test_a_removed_member_opens_nothing(new_member: NewMember) -> None:
    """Removing takes key and wraps away and leaves the others theirs."""
    first, second = new_member(FIRST), new_member(SECOND)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    remove_member(first, by=REGISTRY, day=DAY)
    with pytest.raises(WrongPassphrase):
        open_member(first, FIRST)
    assert [wrap.member_id for wrap in Wrap.objects.all()] == [second]


def test_rows_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """No column of vault or audit holds a passphrase or any identity that was made."""
    made: list[str] = [FIRST]

    def recorded() -> tuple[str, str]:
        identity, recipient = new_identity()
        made.append(identity)
        return identity, recipient

    monkeypatch.setattr(actions, "new_identity", recorded)
    create_member(uuid.uuid4(), FIRST, by=REGISTRY, day=DAY)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    rows = b"".join(
        value.tobytes()
        if isinstance(value, memoryview)
        else str(value).encode()
        if not isinstance(value, bytes)
        else value
        for model in (Member, RingKey, Wrap, Mail, AuditRow)
        for row in model._default_manager.values_list()
        for value in row
    )
    assert len(made) == 3
    assert RingKey.objects.get().recipient.encode() in rows
    assert [secret for secret in made if secret.lower().encode() in rows.lower()] == []


def test_deeds_are_audited_without_names(new_member: NewMember) -> None:
    """Making, admitting and removing each leave a row that names ids and counts alone."""
    first = new_member(FIRST)
    renew_ring("review", MONTH, by=REGISTRY, day=DAY)
    second = new_member(SECOND)
    admit(second, open_member(first, FIRST), by=REGISTRY, day=DAY)
    remove_member(second, by=REGISTRY, day=DAY)
    rows = {row.verb: row for row in AuditRow.objects.all()}
    assert set(rows) == {"create_member", "renew_ring", "admit_member", "remove_member"}
    assert rows["admit_member"].subject == second
    assert rows["admit_member"].facts == {"keys": 1}
    assert rows["renew_ring"].facts == {"month": MONTH, "members": 1}
