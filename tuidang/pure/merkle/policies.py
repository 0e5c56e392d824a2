# SPDX-License-Identifier: Apache-2.0
"""Policies: which logs, which witnesses, and how many of them make a checkpoint valid.

A policy is a file that the user chose. Its names mean nothing outside of it: lines are
matched by key alone. Nothing here may guess: what is not exactly a policy is refused, with
the number of the line, since a policy misread is a policy weakened.

Source: the draft c2sp.org/tlog-policy, in `transparency-log.md` section 10; dates by its
section 3.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tuidang.pure.merkle.canonical import from_decimal
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.signatures import COSIGNATURE, ED25519, ML_DSA_44, VerifiedLine, Verifier

MAX_POLICY_SIZE = 1_000_000
MAX_OF_EACH = 256  # logs, witnesses, groups: the draft asks for 32
NONE = "none"
AUDITOR_SUFFIX = "/auditor"
_REFUSED_BYTE = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_SPACE = re.compile(r"[ \t]+")


class PolicyError(FormatError):
    """Not a policy; `line` is the number of the line at fault, from 1, or 0 for the whole."""

    def __init__(self, code: str, message: str, line: int = 0) -> None:
        super().__init__(code, message)
        self.line = line

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class KnownLog:
    """A log whose checkpoints are accepted, and where it may be reached."""

    key: Verifier
    url: str | None = None


@dataclass(frozen=True, slots=True)
class KnownWitness:
    """A cosigner by the name that the policy gives it, its key, and its submission prefix."""

    name: str
    key: Verifier
    url: str | None = None

    @property
    def audits(self) -> bool:
        """Whether it signs, by the name of its key, only what is public and was recounted."""
        return self.key.name.endswith(AUDITOR_SUFFIX)


@dataclass(frozen=True, slots=True)
class Group:
    """A name for `needed` or more of the members, which are witnesses or earlier groups."""

    name: str
    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses, groups in the order of their definition, and the quorum's name.

    Names are opaque octets: those that are not UTF-8 are lone surrogates in them.
    """

    logs: tuple[KnownLog, ...]
    witnesses: tuple[KnownWitness, ...]
    groups: tuple[Group, ...]
    quorum: str = NONE

    @property
    def needs_witnesses(self) -> bool:
        """Whether a checkpoint without any cosignature is not enough."""
        return self.quorum != NONE

    @property
    def text(self) -> str:
        """The policy as a file that says the same, without comments and addresses."""
        lines = [f"log {each.key.vkey}" for each in self.logs]
        lines += [f"witness {each.name} {each.key.vkey}" for each in self.witnesses]
        lines += [f"group {g.name} {g.needed} {' '.join(g.members)}" for g in self.groups]
        return "\n".join([*lines, f"quorum {self.quorum}", ""])

    def satisfied(self, lines: Iterable[VerifiedLine]) -> bool:
        """Say whether these verified cosignatures, all on one checkpoint, make the quorum."""
        return self.satisfied_by({line.verifier for line in lines if line.time is not None})

    def satisfied_by(self, keys: Iterable[Verifier]) -> bool:
        """Say whether cosignatures by these keys would make the quorum."""
        signed = set(keys)
        holding = {NONE, *(each.name for each in self.witnesses if each.key in signed)}
        for group in self.groups:  # a group names only what was defined before it
            if sum(member in holding for member in group.members) >= group.needed:
                holding.add(group.name)
        return self.quorum in holding

    def check(self, lines: Iterable[VerifiedLine]) -> None:
        """Check that these cosignatures make the quorum; raises PolicyError."""
        if not self.satisfied(lines):
            raise PolicyError("policy_not_met", "too few cosignatures for the policy")

    def date(self, lines: Iterable[VerifiedLine], clock: Verifier | None = None) -> int | None:
        """Return the smallest time at which the lines up to then make the quorum, or None.

        POSIX seconds. The lines are verified and on checkpoints that cover the entry to be
        dated, whichever. Without a quorum it is the time of the log's own clock.
        """
        found = [(line.time, line.verifier) for line in lines if line.time is not None]
        if not self.needs_witnesses:
            return min((time for time, key in found if key == clock), default=None)
        signed: set[Verifier] = set()
        for time, key in sorted(found, key=lambda each: each[0]):
            if key not in signed:
                signed.add(key)
                if self.satisfied_by(signed):
                    return time
        return None


def parse_policy(data: bytes) -> Policy:
    """Return the policy in a file; PolicyError for anything that is not exactly one."""
    if len(data) > MAX_POLICY_SIZE:
        raise PolicyError("policy_too_long", "the policy is too long")
    refused = _REFUSED_BYTE.search(data)
    if refused:
        at = data.count(b"\n", 0, refused.start()) + 1
        raise PolicyError("policy_byte", "a byte that a policy cannot hold", at)
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if lines.pop():
        raise PolicyError("policy_line_end", "the last line is cut off", len(lines) + 1)
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        reader.read(number, [item for item in _SPACE.split(line) if item])
    return reader.policy()


class _Reader:
    """Takes the lines in order: a name must be defined before it is used."""

    def __init__(self) -> None:
        self._line = 0
        self._logs: list[KnownLog] = []
        self._witnesses: list[KnownWitness] = []
        self._groups: list[Group] = []
        self._names: set[str] = set()
        self._members: set[str] = set()
        self._quorum: str | None = None
        self._readers: dict[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._take_quorum,
        }

    def read(self, number: int, items: list[str]) -> None:
        """Take one line, split into items."""
        self._line = number
        if not items or items[0].startswith("#"):
            return
        if items[0] not in self._readers:
            raise self._error("policy_keyword", "neither log, witness, group nor quorum")
        self._readers[items[0]](items[1:])

    def policy(self) -> Policy:
        """Return what the lines said."""
        if self._quorum is None:
            raise PolicyError("policy_quorum_missing", "the policy names no quorum")
        return Policy(tuple(self._logs), tuple(self._witnesses), tuple(self._groups), self._quorum)

    def _log(self, items: list[str]) -> None:
        self._count(items, 1, 2)
        key = self._key(items[0], ED25519)
        self._once(key, [each.key for each in self._logs])
        self._logs.append(KnownLog(key, *items[1:]))

    def _witness(self, items: list[str]) -> None:
        self._count(items, 2, 3)
        name, key = items[0], self._key(items[1], COSIGNATURE, ML_DSA_44)
        self._once(key, [each.key for each in self._witnesses])
        self._define(name)
        self._witnesses.append(KnownWitness(name, key, *items[2:]))

    def _group(self, items: list[str]) -> None:
        self._count(items, 3, 2 + 2 * MAX_OF_EACH)
        name, threshold, *members = items
        for member in members:
            if member not in self._names:
                raise self._error("policy_name_unknown", "a member that is not defined before")
            if member in self._members:
                raise self._error("policy_member_twice", "a member that is in a group already")
            self._members.add(member)
        self._define(name)
        if len(self._groups) == MAX_OF_EACH:
            raise self._error("policy_too_many", "too many groups")
        self._groups.append(Group(name, self._threshold(threshold, len(members)), tuple(members)))

    def _take_quorum(self, items: list[str]) -> None:
        self._count(items, 1, 1)
        if self._quorum is not None:
            raise self._error("policy_quorum_twice", "a second quorum")
        if items[0] != NONE and items[0] not in self._names:
            raise self._error("policy_name_unknown", "a quorum that is not defined before")
        self._quorum = items[0]

    def _threshold(self, text: str, members: int) -> int:
        if text in ("any", "all"):
            return 1 if text == "any" else members
        try:
            needed = from_decimal(text, members)
        except FormatError as error:
            raise self._error("policy_threshold", "not any, all, or a number of members") from error
        if needed == 0:
            raise self._error("policy_threshold", "a group that nobody needs to sign for")
        return needed

    def _key(self, vkey: str, *kinds: int) -> Verifier:
        try:
            key = Verifier.parse(vkey)
        except FormatError as error:
            raise self._error("policy_key", str(error)) from error
        if key.kind not in kinds:
            raise self._error("policy_key", "a key of another kind than this line needs")
        return key

    def _once(self, key: Verifier, others: list[Verifier]) -> None:
        if len(others) == MAX_OF_EACH:
            raise self._error("policy_too_many", "too many logs or witnesses")
        if any(other.public_key == key.public_key for other in others):
            raise self._error("policy_key_twice", "the same public key a second time")

    def _define(self, name: str) -> None:
        if name in self._names or name == NONE:
            raise self._error("policy_name_taken", "a name that is taken")
        self._names.add(name)

    def _count(self, items: list[str], least: int, most: int) -> None:
        if not least <= len(items) <= most:
            raise self._error("policy_items", "too few or too many items")

    def _error(self, code: str, message: str) -> PolicyError:
        return PolicyError(code, message, self._line)
