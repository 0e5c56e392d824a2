# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in: what lets a volunteer in, and that a refusal never says why."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from tests.registry.accounts.conftest import DAY, NOW, Enrol, code_of
from tuidang.registry.accounts import actions
from tuidang.registry.accounts.actions import sign_in
from tuidang.registry.accounts.credentials import Credentials
from tuidang.registry.accounts.errors import SignInRefused
from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.vault import actions as vault
from tuidang.registry.vault.models import Wrap
from tuidang.registry.vault.wrapping import memory_cost, passphrase_key

pytestmark = pytest.mark.django_db


def wrong_passphrase(login: Credentials) -> tuple[str, str, str]:
    """A passphrase of the right form that is not theirs."""
    return login.username, "sample sample sample sample sample sample", code_of(login)


def wrong_code(login: Credentials) -> tuple[str, str, str]:
    """A code that the authenticator does not show."""
    code = code_of(login)
    return login.username, login.passphrase, code[:5] + str((int(code[5]) + 1) % 10)


def unknown_name(login: Credentials) -> tuple[str, str, str]:
    """A user name that nobody has."""
    return "nobody", login.passphrase, code_of(login)


WRONG = [wrong_passphrase, wrong_code, unknown_name]


def test_a_login_opens_the_ring(new_login: Enrol) -> None:
    """User name, passphrase and code give the volunteer and the ring keys they may open."""
    login = new_login("sample-one")
    vault.renew_ring("review", "2026-07", by=REGISTRY, day=DAY)
    month, sealed = vault.seal_to_ring(b"sample", day=DAY)
    volunteer, unlocked = sign_in(login.username, login.passphrase, code_of(login), now=NOW)
    assert volunteer.username == "sample-one"
    assert unlocked.member == volunteer.id
    assert unlocked.unseal(month, sealed) == b"sample"


def test_a_login_may_be_typed_as_people_type(new_login: Enrol) -> None:
    """Capitals, spaces around, a gap in the code and full-width digits are all the same login."""
    login = new_login("sample-one")
    code = code_of(login).translate({ord("0") + n: ord("０") + n for n in range(10)})
    typed = (" Sample-One ", login.passphrase.upper(), f"{code[:3]} {code[3:]}")
    assert sign_in(*typed, now=NOW)[0].username == "sample-one"


@pytest.mark.parametrize("wrong", WRONG)
def test_every_refusal_is_the_same(
    new_login: Enrol, wrong: Callable[[Credentials], tuple[str, str, str]]
) -> None:
    """Wrong passphrase, wrong code and unknown name give one error that carries nothing."""
    with pytest.raises(SignInRefused) as refused:
        sign_in(*wrong(new_login("sample-one")), now=NOW)
    assert (refused.value.args, refused.value.code) == ((), "sign_in_refused")
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("wrong", WRONG)
def test_every_refusal_costs_the_same_work(
    new_login: Enrol,
    monkeypatch: pytest.MonkeyPatch,
    wrong: Callable[[Credentials], tuple[str, str, str]],
) -> None:
    """Whatever is wrong, the passphrase is stretched exactly once, at full cost."""
    login = new_login("sample-one")
    costs = []

    def counted(passphrase: str, *, member: UUID, salt: bytes, memory_kib: int) -> bytes:
        costs.append(memory_kib)
        return passphrase_key(passphrase, member=member, salt=salt, memory_kib=memory_kib)

    monkeypatch.setattr(vault, "passphrase_key", counted)
    with pytest.raises(SignInRefused):
        sign_in(*wrong(login), now=NOW)
    assert costs == [memory_cost()]


def test_nobody_is_locked_out_by_others(new_login: Enrol) -> None:
    """After ten refusals the right login works at once, with the code that was shown all along."""
    login = new_login("sample-one")
    for _ in range(10):
        with pytest.raises(SignInRefused):
            sign_in(*wrong_passphrase(login), now=NOW)
    assert sign_in(login.username, login.passphrase, code_of(login), now=NOW)


def test_a_code_works_once(new_login: Enrol) -> None:
    """A code that was seen over a shoulder is worth nothing after it was used."""
    login = new_login("sample-one")
    sign_in(login.username, login.passphrase, code_of(login), now=NOW)
    with pytest.raises(SignInRefused):
        sign_in(login.username, login.passphrase, code_of(login), now=NOW + timedelta(seconds=5))
    later = NOW + timedelta(seconds=30)
    assert sign_in(login.username, login.passphrase, code_of(login, later), now=later)


def test_an_older_code_is_refused_after_a_newer_one(new_login: Enrol) -> None:
    """Codes go forward only, although the one before would still be within the drift."""
    login = new_login("sample-one")
    sign_in(login.username, login.passphrase, code_of(login), now=NOW)
    before = code_of(login, NOW - timedelta(seconds=30))
    with pytest.raises(SignInRefused):
        sign_in(login.username, login.passphrase, before, now=NOW)


def test_of_two_requests_with_one_code_one_loses(
    new_login: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sign-ins that both looked before either wrote do not both get in."""
    login = new_login("sample-one")
    stale = Volunteer.objects.get(username="sample-one")
    sign_in(login.username, login.passphrase, code_of(login), now=NOW)
    # The second request read the row before the first one used the code up.
    step = Volunteer.objects.get(id=stale.id).totp_last_step
    monkeypatch.setattr(actions, "_fresh_step", lambda *_: step)
    with pytest.raises(SignInRefused):
        sign_in(login.username, login.passphrase, code_of(login), now=NOW)


@pytest.mark.parametrize(("seconds", "works"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_differ_by_one_step(new_login: Enrol, seconds: int, works: bool) -> None:  # noqa: FBT001
    """An authenticator 30 seconds off works, one that is a minute off does not."""
    login = new_login("sample-one")
    typed = (login.username, login.passphrase, code_of(login, NOW + timedelta(seconds=seconds)))
    if works:
        assert sign_in(*typed, now=NOW)
    else:
        with pytest.raises(SignInRefused):
            sign_in(*typed, now=NOW)


@pytest.mark.parametrize("code", ["", "12345", "样本", "000000000000", "None"])
def test_what_is_no_code_is_refused(new_login: Enrol, code: str) -> None:
    """Anything but six right digits is a wrong code and not an accident."""
    login = new_login("sample-one")
    with pytest.raises(SignInRefused):
        sign_in(login.username, login.passphrase, code, now=NOW)


def test_another_hosts_keys_refuse(new_login: Enrol, settings: Settings, tmp_path: Path) -> None:
    """With the database and the whole login, but another host's secret, nobody gets in."""
    login = new_login("sample-one")
    settings.KEYS_FOLDER = tmp_path / "another host"
    with pytest.raises(SignInRefused):
        sign_in(login.username, login.passphrase, code_of(login), now=NOW)


def test_a_changed_wrap_refuses(
    new_login: Enrol, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tampered row keeps its owner out, and the log says what happened and not to whom."""
    login = new_login("sample-one")
    vault.renew_ring("review", "2026-07", by=REGISTRY, day=DAY)
    Wrap.objects.update(wrapped=bytes(100))
    monkeypatch.setattr(actions.log, "disabled", False)
    with pytest.raises(SignInRefused):
        sign_in(login.username, login.passphrase, code_of(login), now=NOW)
    assert "wrap does not open" in caplog.text
    assert "sample-one" not in caplog.text


def test_a_second_factor_is_bound_to_its_volunteer(new_login: Enrol) -> None:
    """Somebody's second factor, copied into another row, signs nobody in."""
    first, second = new_login("sample-one"), new_login("sample-two")
    copied = Volunteer.objects.get(username="sample-one").totp_sealed
    Volunteer.objects.filter(username="sample-two").update(totp_sealed=copied)
    with pytest.raises(SignInRefused):
        sign_in(second.username, second.passphrase, code_of(first), now=NOW)


def test_signing_in_is_audited_by_the_day(new_login: Enrol) -> None:
    """A sign-in leaves who and which day, and a refusal leaves nothing."""
    login = new_login("sample-one")
    with pytest.raises(SignInRefused):
        sign_in(*wrong_passphrase(login), now=NOW)
    volunteer, _ = sign_in(login.username, login.passphrase, code_of(login), now=NOW)
    row = AuditRow.objects.get(verb="sign_in")
    assert (row.doer, row.subject, row.day, row.facts) == (volunteer.id, volunteer.id, DAY, {})


def test_the_doer_is_the_volunteer(new_login: Enrol) -> None:
    """Rows that a volunteer's deeds leave hold the id, and pages show the alias."""
    new_login("sample-one")
    volunteer = Volunteer.objects.get()
    assert volunteer.doer().id == volunteer.id != uuid.UUID(int=0)
    assert volunteer.doer().alias == "样本甲"
