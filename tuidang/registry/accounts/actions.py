# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enrolling volunteers, signing them in, and letting them go.

Signing in *is* opening one's own key: there is no password hash beside it. This room must
never tell which part of a login was wrong, by words or by time, and never lock anybody out,
since that would let a stranger do it.
"""

import logging
import uuid
from datetime import date, datetime

from django.db import transaction

from tuidang.registry.accounts.credentials import Credentials, generate_passphrase, plain_username
from tuidang.registry.accounts.errors import SignInRefused
from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.accounts.policies import check_can_enrol, check_can_retire
from tuidang.registry.accounts.second_factor import (
    lock_secret,
    matching_step,
    new_secret,
    unlock_secret,
)
from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import Doer
from tuidang.registry.vault.actions import admit, create_member, open_member, remove_member
from tuidang.registry.vault.errors import Unopenable, WrongPassphrase
from tuidang.registry.vault.unlocked import Unlocked

log = logging.getLogger(__name__)


@transaction.atomic
def enrol(
    username: str, alias: str, *, by: Doer, day: date, unlocked: Unlocked | None = None
) -> Credentials:
    """Make a volunteer and return their login, which is shown once and kept nowhere.

    They open the ring keys that `unlocked` has open; without it, those of later months only.
    Raises UsernameUnfit or UsernameTaken.
    """
    username = plain_username(username)
    check_can_enrol(username)
    login = Credentials(username, generate_passphrase(), new_secret())
    volunteer = Volunteer(id=uuid.uuid4(), username=username, alias=alias)
    volunteer.totp_sealed = lock_secret(login.totp_secret, volunteer.id)
    volunteer.save(force_insert=True)
    create_member(volunteer.id, login.passphrase, by=by, day=day)
    if unlocked is not None:
        admit(volunteer.id, unlocked, by=by, day=day)
    record("enrol", volunteer.id, by=by, day=day)
    return login


def sign_in(
    username: str, passphrase: str, code: str, *, now: datetime
) -> tuple[Volunteer, Unlocked]:
    """Return the volunteer and their open ring keys, or raise SignInRefused, whatever was wrong.

    A code works once. An unknown user name, a wrong code and a wrong passphrase cost the same
    work, because each goes through the passphrase: the first two against nobody's key.
    """
    volunteer = Volunteer.objects.filter(username=plain_username(username), is_active=True).first()
    step = _fresh_step(volunteer, code, now)
    unlocked = _open(volunteer.id if volunteer and step else uuid.uuid4(), passphrase)
    if volunteer is None or step is None or not _use_step(volunteer, step, now):
        raise SignInRefused
    return volunteer, unlocked


@transaction.atomic
def retire(volunteer: Volunteer, *, by: Doer, day: date) -> None:
    """End a volunteer's access and take their wraps away; raise LastVolunteer if none is left.

    The row stays, since its id stands in decisions. A session that is open ends by itself.
    """
    check_can_retire(volunteer)
    Volunteer.objects.filter(id=volunteer.id).update(is_active=False, totp_sealed=b"")
    remove_member(volunteer.id, by=by, day=day)
    record("retire", volunteer.id, by=by, day=day)


def _fresh_step(volunteer: Volunteer | None, code: str, now: datetime) -> int | None:
    """Return the step that a code belongs to, if it was not used yet."""
    secret = _secret_of(volunteer) if volunteer else new_secret()
    step = matching_step(secret, code, now)
    if volunteer is None or step is None or step <= volunteer.totp_last_step:
        return None
    return step


def _secret_of(volunteer: Volunteer) -> str:
    try:
        return unlock_secret(bytes(volunteer.totp_sealed), volunteer.id)
    except Unopenable:
        # No traceback: its frames hold what was typed, and some log handlers print them.
        log.error("a volunteer's second factor does not open: row or host key changed")  # noqa: TRY400
        return new_secret()


def _open(member_id: uuid.UUID, passphrase: str) -> Unlocked:
    try:
        return open_member(member_id, passphrase)
    except WrongPassphrase:
        raise SignInRefused from None
    except Unopenable:
        log.error("a ring key's wrap does not open: row or host key changed")  # noqa: TRY400
        raise SignInRefused from None


@transaction.atomic
def _use_step(volunteer: Volunteer, step: int, now: datetime) -> bool:
    """Use a code up, in one statement, so that of two requests with the same code one loses."""
    rows = Volunteer.objects.filter(id=volunteer.id, is_active=True, totp_last_step__lt=step)
    if not rows.update(totp_last_step=step):
        return False
    record("sign_in", volunteer.id, by=volunteer.doer(), day=now.date())
    return True
