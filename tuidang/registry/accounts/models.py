# SPDX-License-Identifier: AGPL-3.0-or-later
"""Volunteers. No password hash is kept: whoever opens their own key is who they say.

This room must never hold a passphrase, a hash of one, or a second-factor secret in the clear.
"""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from tuidang.registry.audit.doers import Doer


class VolunteerManager(BaseUserManager["Volunteer"]):
    """Django asks for one; volunteers are made by `accounts.actions.enrol`."""


class Volunteer(AbstractBaseUser):
    """Someone who signs in to the office. The vault's member has the same id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=40, unique=True)
    alias = models.CharField(max_length=40)
    totp_sealed = models.BinaryField(max_length=200)  # AEAD under the host secret
    totp_last_step = models.BigIntegerField(default=0)  # a code is good once
    is_active = models.BooleanField(default=True)

    objects: ClassVar[VolunteerManager] = VolunteerManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # Django's own columns that say more than we want to keep.
    last_login = None  # a time finer than a day
    password = None  # type: ignore[assignment]  # no hash to guess against

    def doer(self) -> Doer:
        """Return the opaque value that rows hold."""
        return Doer(id=self.id, alias=self.alias)
