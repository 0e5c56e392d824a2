# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django's question "who is this session's user". Signing in itself is `accounts.sign_in`."""

from uuid import UUID

from tuidang.registry.accounts.models import Volunteer


class OpenedKey:
    """Finds an active volunteer by id; authenticates nobody, since opening a key does that."""

    def authenticate(self, *_args: object, **_named: object) -> None:
        """Refuse: no password is checked here."""
        return

    def get_user(self, user_id: UUID) -> Volunteer | None:
        """Return the volunteer, None if retired."""
        return Volunteer.objects.filter(pk=user_id, is_active=True).first()
