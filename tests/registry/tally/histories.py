# SPDX-License-Identifier: AGPL-3.0-or-later
"""Random histories of an installation: who declares, is decided about, withdraws, erases and is
recalled on which day, what is published when, and where the publisher crashes."""

import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import strategies as st

from tests.registry.tally.samples import at, day, row_of
from tests.registry.transparency.faults import crashing
from tuidang.pure.intake.declaration import Declaration as Body
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import Code
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import NotWithdrawable
from tuidang.registry.declarations.models import Person
from tuidang.registry.declarations.opened import Opened
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.transparency.actions import link
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.notes import note
from tuidang.registry.vault.actions import renew_rings

FIRST, SECOND = (Doer(uuid.UUID(int=n), f"Sample {n}") for n in (11, 12))
ORGANIZATIONS = (("party",), ("league", "pioneers"), ("unspecified",))


@dataclass(frozen=True)
class Arrival:
    """One declaration: organisations, persons, and what becomes of it."""

    organizations: tuple[str, ...]
    persons: int
    fate: str  # now, later, reject, leave


@dataclass(frozen=True)
class Step:
    """One day, `gap` days after the one before; picks choose among what there is.

    With each of the `notes` a link is asked for, too.
    """

    gap: int
    arrivals: Sequence[Arrival]
    withdraw: Sequence[int] = ()
    erase: Sequence[int] = ()
    recall: Sequence[int] = ()
    notes: int = 0
    crash: tuple[int, bool] | None = None


ARRIVALS = st.builds(
    Arrival,
    st.sampled_from(ORGANIZATIONS),
    st.sampled_from([1, 1, 2, 3]),
    st.sampled_from(["now", "now", "now", "later", "reject", "leave"]),
)
PICKS = st.lists(st.integers(0, 40), max_size=2)
STEPS = st.builds(
    Step,
    st.sampled_from([1, 1, 1, 2, 5, 8]),
    st.lists(ARRIVALS, max_size=4),
    PICKS,
    PICKS,
    PICKS,
    st.integers(0, 1),
    st.one_of(st.none(), st.tuples(st.integers(1, 40), st.booleans())),
)
HISTORIES = st.lists(STEPS, min_size=2, max_size=6)


@dataclass
class World:
    """An installation that lives through a history, and what the people in it know."""

    today: int = 0
    codes: list[Code] = field(default_factory=list)
    erased: set[int] = field(default_factory=set)
    persons: int = 0
    links: int = 0
    _later: list[tuple[Code, Body]] = field(default_factory=list)

    @property
    def date(self) -> date:
        """The day that it is."""
        return day(self.today)

    def live(self, step: Step) -> None:
        """Live one day, up to its publication."""
        self.today += step.gap
        renew_rings(by=REGISTRY, day=self.date)
        late, self._later = self._later, []
        for code, body in late:
            self._decide(code, body, "now")
        for arrival in step.arrivals:
            self._arrive(arrival)
        for deed, picks in (
            (self._withdraw, step.withdraw),
            (self._erase, step.erase),
            (self._recall, step.recall),
        ):
            for pick in picks:
                deed(pick)
        for _ in range(step.notes):
            note(5, secrets.token_bytes(32), day=self.date)
            link(secrets.token_bytes(32), secrets.token_bytes(32), day=self.date)
            self.links += 1

    def publish(self, crash: tuple[int, bool] | None = None) -> None:
        """Publish; after a crash start again, as the timetable would."""
        if crash:
            fail_at, after = crash
            with pytest.MonkeyPatch.context() as patch, crashing(patch, fail_at, after=after):
                publish_batch(now=at(self.today))
        publish_batch(now=at(self.today, hour=5))

    def _arrive(self, arrival: Arrival) -> None:
        body = _body(arrival, self.date)
        key = secrets.token_urlsafe(16)
        code = actions.receive(body, idempotency_key=key, channel="web", day=self.date)
        self.codes.append(code)
        self.persons += arrival.persons
        self._decide(code, body, arrival.fate)

    def _decide(self, code: Code, body: Body, fate: str) -> None:
        row = row_of(code)
        if row.state != "received" or actions.state_of(row).state == "withdrawn":
            return
        if fate == "now":
            actions.accept(row, Opened(body), by=FIRST, manner="single", day=self.date)
        elif fate == "reject":
            actions.reject(row, "test", by=FIRST, day=self.date)
        elif fate == "later":
            self._later.append((code, body))

    def _withdraw(self, pick: int) -> None:
        for code in self._picked(pick):
            try:
                actions.ask_withdrawal(row_of(code), day=self.date)
            except NotWithdrawable:
                return

    def _erase(self, pick: int) -> None:
        for code in self._picked(pick):
            actions.ask_erasure(row_of(code), day=self.date)
            self.erased.add(self.codes.index(code))

    def _recall(self, pick: int) -> None:
        found = Person.objects.filter(
            leaf__batch__state=Batch.State.PUBLISHED, recall=None, declaration__state="accepted"
        ).exclude(declaration__requests__kind="withdraw")
        rows = list(found.order_by("leaf__index"))
        if rows:
            reason = ("repeat", "deceased")[pick % 2]
            person = rows[pick % len(rows)]
            recall = actions.ask_recall(person, reason, by=FIRST, day=self.date)
            actions.confirm_recall(recall, by=SECOND, day=self.date)

    def _picked(self, pick: int) -> Iterator[Code]:
        if self.codes:
            yield self.codes[pick % len(self.codes)]


def _body(arrival: Arrival, today: date) -> Body:
    listed = [
        {
            "name": "样本甲",
            "kind": "alias",
            "organizations": list(arrival.organizations),
            "declared_by": "relative" if number else "self",
            **({"consent": "agreed"} if number else {}),
        }
        for number in range(arrival.persons)
    ]
    fields = {"language": "en", "show": "count", "persons": listed, "idempotency_key": "k" * 22}
    return parse_declaration(fields, today=today)
