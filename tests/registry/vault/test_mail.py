# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail for declarants, which the registry can write and not read."""

import pytest
from django.db import IntegrityError

from tests.registry.vault.conftest import DAY
from tuidang.registry.vault.actions import post
from tuidang.registry.vault.errors import NoRecipient
from tuidang.registry.vault.models import Mail
from tuidang.registry.vault.sealing import new_identity, unseal

pytestmark = pytest.mark.django_db

MAILBOX = bytes(range(32))


def test_a_letter_opens_with_the_mailbox_identity_alone() -> None:
    """A posted piece keeps its kind and day in the clear, and its text for the declarant."""
    identity, recipient = new_identity()
    letter = post(MAILBOX, recipient, Mail.Kind.QUESTION, b'{"text": "sample"}', day=DAY)
    kept = Mail.objects.get(id=letter.id)
    assert (bytes(kept.mailbox), kept.kind, kept.day) == (MAILBOX, "question", DAY)
    assert b"sample" not in bytes(kept.sealed)
    assert unseal(bytes(kept.sealed), [identity]) == b'{"text": "sample"}'


def test_a_letter_to_nobody_is_not_kept() -> None:
    """A recipient that is none refuses the letter, and no row is written."""
    with pytest.raises(NoRecipient):
        post(MAILBOX, "age1broken", Mail.Kind.LOGGED, b"sample", day=DAY)
    assert not Mail.objects.exists()


def test_a_letter_of_an_unknown_kind_is_refused_by_the_table() -> None:
    """The page says what a piece is without opening it, so every kind is a known one."""
    _, recipient = new_identity()
    with pytest.raises(IntegrityError):
        post(MAILBOX, recipient, "advert", b"sample", day=DAY)
