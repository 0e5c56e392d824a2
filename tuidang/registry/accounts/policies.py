# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a volunteer may be enrolled or retired. Reads only; roles are checked further up."""

import re

from tuidang.registry.accounts.errors import LastVolunteer, UsernameTaken, UsernameUnfit
from tuidang.registry.accounts.models import Volunteer

# No @: a mail address would name a person outside.
_FIT = re.compile(r"[\w.-]{2,40}")


def check_can_enrol(username: str) -> None:
    """Raise UsernameUnfit or UsernameTaken; `username` is in its plain form."""
    if not _FIT.fullmatch(username):
        raise UsernameUnfit
    if Volunteer.objects.filter(username=username).exists():
        raise UsernameTaken


def check_can_retire(volunteer: Volunteer) -> None:
    """Raise LastVolunteer if no other active volunteer would be left to open the rings."""
    if not Volunteer.objects.filter(is_active=True).exclude(id=volunteer.id).exists():
        raise LastVolunteer
