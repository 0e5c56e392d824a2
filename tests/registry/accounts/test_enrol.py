# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enrolling and retiring volunteers, and the logins that the machine makes."""

import pytest

from tests.registry.accounts.conftest import DAY, NOW, Enrol, code_of
from tuidang.pure import words
from tuidang.registry.accounts.actions import enrol, retire, sign_in
from tuidang.registry.accounts.credentials import generate_passphrase
from tuidang.registry.accounts.errors import (
    AccountError,
    LastVolunteer,
    SignInRefused,
    UsernameTaken,
    UsernameUnfit,
)
from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.vault.actions import renew_ring, seal_to_ring
from tuidang.registry.vault.models import Member, Wrap

pytestmark = pytest.mark.django_db


def test_a_passphrase_is_six_words_of_the_list() -> None:
    """Each passphrase has six words of 2,048, and no two are alike."""
    made = [generate_passphrase() for _ in range(50)]
    assert {len(passphrase.split()) for passphrase in made} == {6}
    assert {word for passphrase in made for word in passphrase.split()} <= set(words.english())
    assert len(set(made)) == 50


def test_a_login_does_not_print_itself(new_login: Enrol) -> None:
    """A traceback that shows a login shows the user name alone."""
    login = new_login("sample-one")
    assert login.passphrase not in repr(login)
    assert login.totp_secret not in repr(login)
    assert "sample-one" in repr(login)


def test_rows_hold_no_credential(new_login: Enrol) -> None:
    """Neither the passphrase nor the second factor's secret is in any column."""
    login = new_login("sample-one")
    rows = [
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in (Volunteer, Member, AuditRow)
        for row in model._default_manager.values_list()
        for value in row
    ]
    assert b"sample-one" in rows
    for secret in (login.passphrase, login.totp_secret):
        assert not any(secret.encode() in value for value in rows)


def test_a_later_volunteer_opens_what_waits(new_login: Enrol) -> None:
    """Enrolled by someone who is signed in, a new volunteer opens this month's declarations."""
    first = new_login("sample-one")
    renew_ring("review", "2026-07", by=REGISTRY, day=DAY)
    month, sealed = seal_to_ring(b"sample", day=DAY)
    one, open_keys = sign_in(first.username, first.passphrase, code_of(first), now=NOW)
    second = enrol("sample-two", alias="样本乙", by=one.doer(), day=DAY, unlocked=open_keys)
    _, unlocked = sign_in(second.username, second.passphrase, code_of(second), now=NOW)
    assert unlocked.unseal(month, sealed) == b"sample"


def test_without_open_keys_a_volunteer_waits_for_the_next_month(new_login: Enrol) -> None:
    """A command alone can enrol, and cannot give access to what came in before."""
    new_login("sample-one")
    renew_ring("review", "2026-07", by=REGISTRY, day=DAY)
    second = new_login("sample-two")
    renew_ring("review", "2026-08", by=REGISTRY, day=DAY)
    _, unlocked = sign_in(second.username, second.passphrase, code_of(second), now=NOW)
    assert list(unlocked.keys) == [("review", "2026-08")]


@pytest.mark.parametrize(
    "username", ["", "a", "a b", "a@sample.invalid", "a" * 41, "a/b", "\u202eab"]
)
def test_an_unfit_username_is_refused(new_login: Enrol, username: str) -> None:
    """A user name that is empty, long, an address or hides something is refused."""
    with pytest.raises(UsernameUnfit):
        new_login(username)
    assert not Volunteer.objects.exists()
    assert not Member.objects.exists()


@pytest.mark.parametrize("again", ["sample-one", "SAMPLE-ONE", " ｓample-one "])
def test_a_username_is_taken_in_every_spelling(new_login: Enrol, again: str) -> None:
    """Two volunteers cannot have user names that are typed alike."""
    new_login("sample-one")
    with pytest.raises(UsernameTaken):
        new_login(again)


def test_a_username_may_be_chinese(new_login: Enrol) -> None:
    """User names are not for Latin letters alone."""
    login = new_login("样本甲")
    assert sign_in("样本甲", login.passphrase, code_of(login), now=NOW)


def test_a_retired_volunteer_is_refused(new_login: Enrol) -> None:
    """Retiring ends sign-in and takes every wrap; the row stays for the decisions that name it."""
    first = new_login("sample-one")
    new_login("sample-two")
    renew_ring("review", "2026-07", by=REGISTRY, day=DAY)
    volunteer = Volunteer.objects.get(username="sample-one")
    retire(volunteer, by=REGISTRY, day=DAY)
    with pytest.raises(SignInRefused):
        sign_in(first.username, first.passphrase, code_of(first), now=NOW)
    assert not Wrap.objects.filter(member=volunteer.id).exists()
    assert Volunteer.objects.filter(id=volunteer.id).exists()


def test_the_last_volunteer_stays(new_login: Enrol) -> None:
    """A registry that nobody can open is not made by mistake, nor by retiring one after another."""
    new_login("sample-one")
    new_login("sample-two")
    one, two = Volunteer.objects.order_by("username")
    retire(one, by=REGISTRY, day=DAY)
    with pytest.raises(LastVolunteer):
        retire(two, by=REGISTRY, day=DAY)


def test_enrolling_and_retiring_are_audited(new_login: Enrol) -> None:
    """Both leave a row with the volunteer's id and no user name."""
    new_login("sample-one")
    new_login("sample-two")
    volunteer = Volunteer.objects.get(username="sample-one")
    retire(volunteer, by=REGISTRY, day=DAY)
    rows = AuditRow.objects.filter(subject=volunteer.id)
    assert {row.verb for row in rows} == {"enrol", "create_member", "retire", "remove_member"}
    assert all(row.facts == {} for row in rows)


def test_every_error_has_a_code_of_its_own() -> None:
    """The web finds the words for each error by a code that no other error has."""
    codes = [kind.code for kind in AccountError.__subclasses__()]
    assert len(set(codes)) == len(codes)
    assert "account" not in codes
