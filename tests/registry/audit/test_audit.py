# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit: what a row says, and that rows under a published head cannot change unnoticed."""

import hashlib
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tuidang.registry.audit.actions import check_heads, close_head, record
from tuidang.registry.audit.doers import DECLARANT, REGISTRY, Doer
from tuidang.registry.audit.errors import AuditBroken
from tuidang.registry.audit.models import DOMAIN, AuditHead, AuditRow

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 14)
SUBJECT = UUID(int=9)


def deed(verb: str = "accept", **facts: str | int) -> AuditRow:
    """Record a deed of the registry's."""
    return record(verb, SUBJECT, by=REGISTRY, day=DAY, **facts)


def test_a_row_says_who_did_what_to_which_on_which_day() -> None:
    """A row holds ids, a verb, a day and facts, and no name of the doer."""
    row = record("accept", SUBJECT, by=Doer(UUID(int=5), "样本甲"), day=DAY, manner="batch")
    kept = AuditRow.objects.get(id=row.id)
    assert (kept.doer, kept.verb, kept.subject) == (UUID(int=5), "accept", SUBJECT)
    assert (kept.day, kept.facts, kept.closed_by) == (DAY, {"manner": "batch"}, None)


def test_a_row_without_a_verb_is_refused() -> None:
    """A deed that nobody named is refused by the table."""
    with pytest.raises(IntegrityError):
        deed("")


def test_the_digest_of_a_row_never_changes() -> None:
    """The 32 bytes of a row are fixed, since heads in the public log depend on them."""
    row = AuditRow(id=UUID(int=1), day=DAY, doer=UUID(int=2), verb="accept", subject=None, facts={})
    text = (
        '["00000000-0000-0000-0000-000000000001","2026-07-14",'
        '"00000000-0000-0000-0000-000000000002","accept","",{}]'
    )
    assert row.digest() == hashlib.sha256(b"tuidang-audit/v1\n" + text.encode()).digest()


def test_a_row_read_back_has_the_same_digest() -> None:
    """What the database returns hashes like what was written, facts in any order."""
    row = deed(count=3, a="样本")
    assert AuditRow.objects.get(id=row.id).digest() == row.digest()


@pytest.mark.parametrize(
    "changed",
    [{"verb": "reject"}, {"doer": UUID(int=3)}, {"subject": None}, {"facts": {"n": 2}},
     {"day": date(2026, 7, 15)}],
    ids=["verb", "doer", "subject", "facts", "day"],
)  # fmt: skip
def test_a_changed_row_breaks_its_head(changed: dict[str, object]) -> None:
    """Changing any column of a row under a head is found, and the head is named."""
    row = deed(n=1)
    close_head(1)
    AuditRow.objects.filter(id=row.id).update(**changed)
    with pytest.raises(AuditBroken) as broken:
        check_heads()
    assert broken.value.number == 1


def remove_row() -> None:
    """Delete a row that a head covers."""
    AuditRow.objects.filter(closed_by=1).first().delete()  # type: ignore[union-attr]


def add_row() -> None:
    """Slip a row under an earlier head."""
    AuditRow.objects.filter(id=deed().id).update(closed_by=1)


def move_row() -> None:
    """Move a row from one head to the next."""
    AuditRow.objects.filter(closed_by=1).update(closed_by=2)


def change_head() -> None:
    """Rewrite the first head to fit other rows."""
    AuditHead.objects.filter(number=1).update(head=bytes(32))


@pytest.mark.parametrize("tamper", [remove_row, add_row, move_row, change_head])
def test_rows_cannot_be_added_removed_or_moved(tamper: Callable[[], None]) -> None:
    """Once a head is closed, the set of rows under it is fixed."""
    for number in (1, 2):
        deed()
        close_head(number)
    tamper()
    with pytest.raises(AuditBroken):
        check_heads()


def test_a_rewritten_past_changes_every_later_head() -> None:
    """Each head takes in the one before, so a forged row needs forged heads up to today's."""
    deed()
    close_head(1)
    deed()
    last = close_head(2)
    before = bytes(AuditHead.objects.get(number=1).head)
    row = AuditRow.objects.get(closed_by=2)
    assert last == hashlib.sha256(DOMAIN + before + row.digest()).digest()


def test_a_head_stays_checkable_when_more_rows_are_written() -> None:
    """Rows after a head fall under the next one, and both can be recomputed."""
    for number, deeds in ((1, 2), (2, 0), (5, 3)):
        for _ in range(deeds):
            deed()
        close_head(number)
    deed()
    assert list(AuditHead.objects.order_by("number").values_list("rows", flat=True)) == [2, 0, 3]
    assert check_heads() == 3


def test_the_order_of_writing_is_not_in_the_head() -> None:
    """The same rows give the same head whichever came first, so no order of arrival is kept."""
    rows = [deed(n=n) for n in range(3)]
    expected = hashlib.sha256(DOMAIN + b"".join(sorted(row.digest() for row in rows))).digest()
    assert close_head(1) == expected


def test_a_number_has_one_head() -> None:
    """A batch's number cannot get a second head."""
    close_head(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        close_head(1)


def test_the_registry_and_the_declarant_are_nobody_else() -> None:
    """The two doers without an account are two different ones, that no random id equals."""
    assert REGISTRY.id != DECLARANT.id
    assert {REGISTRY.id.version, DECLARANT.id.version} == {None}
