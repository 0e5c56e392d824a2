# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample persons on their road from a declaration to a date, and witnesses who sign when told.

Nobody stands behind any of them; every name says that it is a sample.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.registry.tally.samples import at, day, row_of
from tuidang.pure.credential.claims import Claims, DeclaredAs, IdentityCheck
from tuidang.pure.credential.numbers import number_from
from tuidang.pure.credential.proof import CertificateProof, encode, parse
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.ledger.links import nullifier, sign_link
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle.checkpoints import cosign
from tuidang.pure.merkle.notes import Signer, split_note
from tuidang.pure.receipt import Code, DeclarantKeys
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.certificates.proving import (
    ProvenDays,
    build_proof,
    dates_of,
    installed_bundle,
)
from tuidang.registry.declarations.actions import accept, open_mail, receive
from tuidang.registry.declarations.opened import Opened
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.transparency import cosigning
from tuidang.registry.transparency.actions import link
from tuidang.registry.transparency.models import Batch
from tuidang.verify.certificate.dates import Dates, check_proof
from tuidang.verify.certificate.trust import Bundle

NAME, BIRTH = "SAMPLE<<PERSON", date(1970, 2, 3)
OTHER = "SAMPLE<<BUYER"


def digits(born: date) -> str:
    """Return a birth date as the log has it."""
    return f"{born:%Y%m%d}"


@dataclass(frozen=True)
class Sample:
    """Somebody with a receipt code, and what their mailbox holds."""

    code: Code
    opening: Opening

    @property
    def keys(self) -> DeclarantKeys:
        """What the receipt code gives."""
        return DeclarantKeys(self.code, settings.ORIGIN)

    @property
    def commitment(self) -> bytes:
        """What stands for them in R and in D."""
        return self.opening.commitment(settings.ORIGIN)

    @property
    def identity_key(self) -> bytes:
        """What opens the binding."""
        return self.keys.identity_key(1)


def declare(*, on: int = 0, name: str | None = NAME, accepted: bool = True) -> Sample:
    """Take a declaration under an alias in, with this legal name bound (None: no binding)."""
    person = {"name": "样本甲", "kind": "alias", "organizations": ["party"], "declared_by": "self"}
    key = secrets.token_urlsafe(16)
    fields: dict[str, Any] = {"language": "en", "show": "count", "persons": [person]}
    fields["idempotency_key"] = key
    if name:
        fields["bind"] = {"legal_name": name, "birth_date": BIRTH.isoformat()}
    body = parse_declaration(fields, today=day(on))
    code = receive(body, idempotency_key=key, channel="web", day=day(on))
    if accepted:
        accept(row_of(code), Opened(body), by=REGISTRY, manner="single", day=day(on))
    (packet,) = (each for each in open_mail(row_of(code), code) if each.kind == "openings")
    opening = json.dumps(
        packet.content["openings"][0]["opening"], sort_keys=True, separators=(",", ":")
    )
    return Sample(code, Opening.from_json(opening.encode()))


def l_opening(
    sample: Sample, *, name: str = NAME, seed: bytes | None = None, commitment: bytes | None = None
) -> Opening:
    """Return the opening of a link of this person to a name, signed by the holder or by `seed`."""
    leaf = commitment or sample.commitment
    signature = sign_link(seed or sample.keys.holder_seed(1), leaf, name, digits(BIRTH))
    values = [b"2026-03-02", leaf, name.encode(), digits(BIRTH).encode(), signature, b""]
    salts = [secrets.token_bytes(16) for _ in values]
    return Opening.of(secrets.token_bytes(32), salts, values)


def ask_link(sample: Sample, opening: Opening, *, on: int = 0) -> None:
    """Ask for the L entry of a link."""
    null = nullifier(sample.commitment, sample.keys.holder_public(1))
    link(opening.commitment(settings.ORIGIN), null, day=day(on))


def publish(number: int) -> Batch:
    """Publish the batch of a day."""
    batch = publish_batch(now=at(number))
    assert batch is not None
    return batch


@dataclass(frozen=True)
class Paper:
    """A proof and the claims that are made of it, before anybody checks them."""

    claims: Claims
    proof: CertificateProof

    def dates(self, bundle: Bundle | None = None) -> Dates:
        """Return what a verifier makes of it, from the bytes as they are attached."""
        read = parse(encode(self.proof))
        return check_proof(self.claims, read, bundle or installed_bundle())

    def saying(self, **said: Any) -> "Paper":
        """Return it with other claims."""
        return replace(self, claims=replace(self.claims, **said))

    def proving(self, **parts: Any) -> "Paper":
        """Return it with other parts of the proof."""
        return replace(self, proof=replace(self.proof, **parts))


def certify(sample: Sample, linked: Opening, *, name: str = NAME, orgs: int = 1) -> Paper:
    """Build the proof as the registry does, and claims that say just what it shows."""
    proof = build_proof(sample.opening, linked, sample.identity_key, show_orgs=bool(orgs))
    return Paper(claims_of(sample, linked, dates_of(proof, installed_bundle()), name, orgs), proof)


def claims_of(sample: Sample, linked: Opening, days: ProvenDays, name: str, orgs: int) -> Claims:
    """Return claims of a sample person."""
    return Claims(
        issuer="sample",
        issued=day(60),
        number=number_from(bytes(8)),
        latin_name=name,
        orgs=orgs,
        check=IdentityCheck("S"),
        declared_as=DeclaredAs(1),
        status=(0, 1),
        birth_date=BIRTH,
        received=days.received,
        linked=days.linked,
        bound=days.bound,
        commitments=(sample.commitment, linked.commitment(settings.ORIGIN)),
    )


class Witnesses:
    """Outside witnesses by number; each signs a new checkpoint at the hour that it is told."""

    def __init__(self, policy: Path, patch: pytest.MonkeyPatch) -> None:
        self.times: dict[int, int] = {}
        self._policy = policy
        patch.setattr(cosigning, "ask_witnesses", self._sign)

    def require(self, needed: int, *numbers: int) -> None:
        """Write a policy by which so many of these must have signed."""
        rows = [f"witness w{n} {self.signer(n).cosignature_vkey}" for n in numbers]
        group = f"group most {needed} {' '.join(f'w{n}' for n in numbers)}"
        self._policy.write_text("\n".join([*rows, group, "quorum most", ""]))

    def sign_at(self, times: Mapping[int, int]) -> None:
        """Say on which sample day each of them will sign."""
        self.times = {n: int(at(on, hour=6).timestamp()) for n, on in times.items()}

    def line(self, number: int, note: str, on: int) -> str:
        """Return the line of a witness below a checkpoint, on a day of our choice."""
        text = split_note(note.encode())[0]
        return cosign(text, self.signer(number), int(at(on, hour=6).timestamp()))

    @staticmethod
    def signer(number: int) -> Signer:
        """Return the key of a witness."""
        return Signer(f"w{number}.invalid/witness", bytes([number + 1]) * 32)

    def _sign(self, _policy: object, note: str, *_words: object, **_more: object) -> str:
        text = split_note(note.encode())[0]
        lines = [cosign(text, self.signer(n), time) for n, time in self.times.items()]
        return cosigning.merged(note, lines)
