# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample keys of an issuer, sample certificates, and trust bundles that know them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.verify.certificate.made import VERIFY_HOST
from tests.verify.certificate.sample_log import (
    LINKED_ON,
    OLD_WITNESS,
    RECEIVED_ON,
    WITNESSES,
    SampleLog,
    SamplePerson,
    digest,
)
from tuidang.pure.credential.claims import Claims, DeclaredAs, IdentityCheck, NoLaterThan
from tuidang.pure.credential.cose import IssuerKey, IssuerPublic
from tuidang.pure.credential.numbers import number_from
from tuidang.pure.credential.status_list import REVOKED, SUPERSEDED, encode_list
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.notes import sign_note
from tuidang.pure.merkle.signatures import Signer
from tuidang.registry.certificates.paper.cms import PadesKey, make_certificate

ISSUED = date(2025, 5, 20)
LIST, OTHER_LIST = 4, 9
REVOKED_INDEX, SUPERSEDED_INDEX, UNKNOWN_INDEX = 11, 12, 13


def private_key(label: str) -> ec.EllipticCurvePrivateKey:
    """Return a sample key on P-256, the same for the same label."""
    return ec.derive_private_key(int.from_bytes(digest(label)) >> 1, ec.SECP256R1())


@cache  # a certificate is signed with new randomness each time
def pades_key(label: str) -> PadesKey:
    """Return a sample key for papers, with its certificate."""
    private = private_key(f"pades {label}")
    certificate = make_certificate(
        private,
        issuer="样本 sample",
        serial=int.from_bytes(digest(f"serial {label}")[:8]) | 1 << 63,
        first=date(2025, 1, 1),
        last=date(2045, 1, 1),
    )
    return PadesKey(private, certificate)


ISSUER, STRANGER, RETIRED = (
    IssuerKey(private_key(label)) for label in ("issuer", "stranger", "retired")
)


def claims_of(person: SamplePerson, *, witnessed: bool = True, **changes: Any) -> Claims:
    """Return what the certificate of a sample person says; `changes` replace fields of it."""
    birth = person.birth_date
    claims = Claims(
        issuer="样本 sample",
        issued=ISSUED,
        number=number_from(digest(f"number {person.label}")[:8]),
        latin_name=person.legal_name,
        chinese_name="张三",
        birth_date=date(int(birth[:4]), int(birth[4:6]), int(birth[6:])),
        orgs=person.orgs & 7,
        received=NoLaterThan(RECEIVED_ON, witnessed),
        linked=NoLaterThan(LINKED_ON, witnessed),
        bound=person.bound,
        check=IdentityCheck("V", "passport", date(2025, 5, 9)),
        declared_as=DeclaredAs({0: 0, 1: 1, 2: 2, 3: 2}[person.class_ & 0x7F]),
        status=(LIST, int.from_bytes(digest(person.label)[:2]) + 100),
        commitments=(person.d, person.linked),
    )
    return replace(claims, **changes)


def policy_text(log: Signer, needed: int, witnesses: Iterable[Signer] = WITNESSES) -> str:
    """Return a policy that asks for this many of the witnesses, or for none."""
    lines = [f"log {log.vkey}"]
    if not needed:
        return "\n".join([*lines, "quorum none", ""])
    named = {f"w{n}": each for n, each in enumerate(witnesses, 1)}
    lines += [f"witness {name} {each.cosignature_vkey}" for name, each in named.items()]
    return "\n".join([*lines, f"group most {needed} {' '.join(named)}", "quorum most", ""])


def bundle_content(
    log: SampleLog, *, sequence: int, issued: date, needed: int = 2, **changes: Any
) -> dict[str, Any]:
    """Return what a bundle says of this log; `changes` replace fields of it."""
    statuses: Mapping[int, int] = {
        REVOKED_INDEX: REVOKED,
        SUPERSEDED_INDEX: SUPERSEDED,
        UNKNOWN_INDEX: 2,
    }
    certificate = pades_key("issuer").certificate
    content = {
        "version": 1,
        "sequence": sequence,
        "issued": issued.isoformat(),
        "origin": log.key.name,
        "log_vkey": log.key.vkey,
        "clock_vkey": log.clock.cosignature_vkey,
        "witnesses": witnesses(),
        "policy": policy_text(log.key, needed),
        "issuers": [
            issuer_row(ISSUER.public, date(2025, 1, 1)),
            issuer_row(RETIRED.public, date(2024, 1, 1), date(2024, 12, 31)),
        ],
        "pades_certificates": [certificate.public_bytes(Encoding.PEM).decode()],
        "batches": [batch_row(log, n, day) for n, day in enumerate(log.sizes)],
        "status_lists": [{"list": LIST, "data": encode_list(statuses)}],
        "verify_host": VERIFY_HOST,
        "channels": [],
    }
    return content | changes


def witnesses() -> list[dict[str, str]]:
    """Return the three witnesses, and one that was a witness until the end of 2024."""
    rows = [
        {"name": f"w{n}", "vkey": each.cosignature_vkey, "from": "2025-01-15"}
        for n, each in enumerate(WITNESSES, 1)
    ]
    left = {"name": "left", "vkey": OLD_WITNESS.cosignature_vkey, "from": "2024-01-01"}
    return [*rows, left | {"until": "2024-12-31"}]


def issuer_row(public: IssuerPublic, since: date, until: date | None = None) -> dict[str, Any]:
    """Return an issuer as a bundle has it."""
    row = {"kid": public.kid_text, "jwk": public.jwk(), "from": since.isoformat()}
    return row | ({"until": until.isoformat()} if until else {})


def batch_row(log: SampleLog, number: int, day: date) -> dict[str, Any]:
    """Return a batch as a bundle has it."""
    head = log.head(day)
    return {
        "number": number,
        "size": head.size,
        "root": to_base64(head.root),
        "date": day.isoformat(),
        "witnessed": True,
        "cosignatures": [],
        "timestamps": [],
    }


def signed_bundle(content: Mapping[str, Any], key: Signer) -> bytes:
    """Return `trust.note`."""
    line = json.dumps(content, separators=(",", ":")) + "\n"
    return sign_note(line, [key])
