# SPDX-License-Identifier: Apache-2.0
"""The trust bundle, as far as certificates need it: issuers, witnesses, batches, status lists.

Only the signed note is taken, since the bare JSON can be changed by anyone. It must never be
read leniently: a bundle misread is a forged paper believed.

Source: `certificates.md` section 3; keys, policy and batches as `verify.trust` reads them.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tuidang.pure.credential.cose import IssuerPublic
from tuidang.pure.credential.status_list import unpack_list
from tuidang.pure.merkle.policies import Policy
from tuidang.pure.merkle.signatures import ED25519, VerifiedLine, Verifier
from tuidang.verify.errors import TrustError
from tuidang.verify.trust import Trust, parse_trust

VERSION = 1
MAX_BUNDLE_SIZE = 1_000_000
FRESH_DAYS = 30


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; without an end it goes on."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether a day is within."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A key that signs certificates, and when it did."""

    public: IssuerPublic
    period: Period


@dataclass(frozen=True, slots=True)
class DatedBatch:
    """A batch that the log was seen to have: its size, 32-byte root and day."""

    number: int
    size: int
    root: bytes
    day: date


@dataclass(frozen=True, slots=True)
class Bundle:
    """Whom to trust for certificates of one log, as of a day.

    Issuers are known by their key id, status lists by their number; `pades_certificates` are
    DER. `witnesses` says when each key was one.
    """

    sequence: int
    issued: date
    log: Verifier
    clock: Verifier | None
    policy: Policy
    witnesses: dict[Verifier, Period] = field(default_factory=dict)
    issuers: dict[bytes, Issuer] = field(default_factory=dict)
    pades_certificates: tuple[bytes, ...] = ()
    batches: tuple[DatedBatch, ...] = ()
    status_lists: dict[int, str] = field(default_factory=dict)
    verify_host: str = ""

    @property
    def origin(self) -> str:
        """The origin of the log."""
        return self.log.name

    @property
    def verifiers(self) -> list[Verifier]:
        """The keys whose lines on a checkpoint are checked."""
        clock = [self.clock] if self.clock else []
        return [self.log, *clock, *(each.key for each in self.policy.witnesses)]

    @property
    def keys(self) -> dict[bytes, IssuerPublic]:
        """The public keys of the issuers by key id."""
        return {kid: each.public for kid, each in self.issuers.items()}

    def counts(self, line: VerifiedLine, day: date) -> bool:
        """Say whether a cosignature of this day is by a key that was a witness, or is the clock."""
        period = self.witnesses.get(line.verifier)
        return line.verifier == self.clock or (period is not None and period.holds(day))

    def is_fresh(self, today: date) -> bool:
        """Say whether the bundle is from the last 30 days (a day ahead is a time zone)."""
        return -1 <= (today - self.issued).days <= FRESH_DAYS


def read_bundle(data: bytes, *, vkey: str | None = None) -> Bundle:
    """Return the bundle of a `trust.note`; the log's key must be `vkey`, if one is given.

    Raises TrustError for everything but a signed note of which every part can be used.
    """
    if b"\n\n" not in data or not data.startswith(b"{") or len(data) > MAX_BUNDLE_SIZE:
        raise TrustError("not a signed trust bundle: take trust.note, not trust.json")
    line, _, signatures = data.partition(b"\n\n")
    if b"\n" in line or b"\n\n" in signatures:
        raise TrustError("not a trust bundle: more than one line is signed")
    trust = parse_trust(data)
    if vkey is not None and trust.log.vkey != vkey.strip():
        raise TrustError("the bundle is signed by another key than the one you named")
    try:
        return _bundle(json.loads(line), trust)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise TrustError(f"not a trust bundle: {error}") from error


def _bundle(found: dict[str, Any], trust: Trust) -> Bundle:
    policy = trust.policy
    _require(policy is not None, "it names no policy")
    assert policy is not None  # noqa: S101 -- for the type checker
    version, sequence = found["version"], found["sequence"]
    _require(
        type(version) is int and version == VERSION, "a version that this program does not know"
    )
    _require(type(sequence) is int and 0 < sequence < 2**53, "no sequence number")
    _require(found["origin"] == trust.log.name, "the origin is not the name of the log's key")
    _require(trust.log.kind == ED25519, "not the key of a log")
    witnesses = {Verifier.parse(each["vkey"]): _period(each) for each in found["witnesses"]}
    unknown = [each for each in policy.witnesses if each.key not in witnesses]
    _require(not unknown, "the policy names a witness that the bundle does not know")
    _require(isinstance(found["verify_host"], str), "no verify_host")
    return Bundle(
        sequence=sequence,
        issued=_day(found["issued"]),
        log=trust.log,
        clock=Verifier.parse(found["clock_vkey"]) if found["clock_vkey"] else None,
        policy=policy,
        witnesses=witnesses,
        issuers=_issuers(found["issuers"]),
        pades_certificates=tuple(_der(each) for each in found["pades_certificates"]),
        batches=_batches(found["batches"], trust),
        status_lists=_lists(found["status_lists"]),
        verify_host=found["verify_host"],
    )


def _period(row: dict[str, Any]) -> Period:
    until = row.get("until")
    return Period(_day(row["from"]), None if until is None else _day(until))


def _day(text: str) -> date:
    """Return the day of exactly YYYY-MM-DD: the calendar knows other spellings."""
    day = date.fromisoformat(text)
    _require(day.isoformat() == text, "a day in a second spelling")
    return day


def _issuers(rows: list[dict[str, Any]]) -> dict[bytes, Issuer]:
    issuers = {}
    for row in rows:
        public = IssuerPublic.from_jwk(row["jwk"])
        _require(public.kid_text == row["kid"], "the id of an issuer's key is not its hash")
        issuers[public.kid] = Issuer(public, _period(row))
    _require(len(issuers) == len(rows), "an issuer's key stands there twice")
    return issuers


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


def _batches(rows: list[dict[str, Any]], trust: Trust) -> tuple[DatedBatch, ...]:
    days = [_day(each["date"]) for each in rows]
    _require(all(one <= other for one, other in pairwise(days)), "batches do not rise in date")
    return tuple(
        DatedBatch(each.number, each.size, each.root, day)
        for each, day in zip(trust.batches, days, strict=True)
    )


def _lists(rows: list[dict[str, Any]]) -> dict[int, str]:
    lists = {row["list"]: row["data"] for row in rows}
    sound = all(type(number) is int and isinstance(data, str) for number, data in lists.items())
    _require(sound and len(lists) == len(rows), "the status lists cannot be used")
    for data in lists.values():
        unpack_list(data)
    return lists


def _require(holds: bool, words: str) -> None:  # noqa: FBT001
    if not holds:
        raise TrustError(words)
