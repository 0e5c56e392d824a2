# SPDX-License-Identifier: Apache-2.0
"""The proof that travels inside a certificate: three entries of the log and what opens them.

The file `certificate.tlog-proof` is an ordinary offline proof of the L entry; what belongs to D
and R stands in its `extra` bytes. Nothing here is verified, and nothing in `extra` may be shown
or believed before it is.

Source: `certificates.md` section 3; c2sp.org/tlog-proof@v1 in `transparency-log.md` section 10.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle import tlog_proof
from tuidang.pure.merkle.canonical import from_base64, from_utf8, to_base64, to_utf8
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.tlog_proof import MAX_HASHES, TlogProof

MAX_SIZE = 200_000
IDENTITY_KEY_SIZE = 32
_KEYS = {"d", "d_proof", "identity_key", "l", "r", "v"}
_RECEIVED_KEYS = {"count", "index", "path", "proof"}


class ProofFormatError(FormatError):
    """A file is not the proof of a certificate.

    `code` is proof_too_long, proof_no_extra, proof_malformed, proof_version,
    proof_not_canonical, proof_range, or that of the part that was refused.
    """


@dataclass(frozen=True, slots=True)
class ReceivedPath:
    """The place of the D commitment among the `count` of an R entry, and that entry's proof."""

    index: int
    count: int
    path: tuple[bytes, ...]
    proof: TlogProof

    def __post_init__(self) -> None:
        inside = 0 <= self.index < self.count < 2**32 and len(self.path) <= MAX_HASHES
        if not inside or any(len(each) != 32 for each in self.path):
            raise ProofFormatError("proof_range", "a path that no tree of a day has")
        _check_plain(self.proof)


@dataclass(frozen=True, slots=True)
class CertificateProof:
    """The L entry's own proof, both openings, the path in R, and perhaps more.

    `counted` proves the D entry; None means that it is not shown. `identity_key` (32 bytes)
    opens the binding of name and leaf, None where there is none.
    """

    link: TlogProof
    d_opening: Opening
    l_opening: Opening
    received: ReceivedPath
    counted: TlogProof | None = None
    identity_key: bytes | None = None

    def __post_init__(self) -> None:
        _check_plain(self.link)
        if self.counted is not None:
            _check_plain(self.counted)
        if self.identity_key is not None and len(self.identity_key) != IDENTITY_KEY_SIZE:
            raise ProofFormatError("proof_range", "an identity key is 32 bytes long")


def encode(proof: CertificateProof) -> bytes:
    """Return the file of a proof."""
    return tlog_proof.encode(replace(proof.link, extra=_extra(proof)))


def parse(data: bytes) -> CertificateProof:
    """Return the proof whose `encode` is exactly these bytes; raises ProofFormatError."""
    if len(data) > MAX_SIZE:
        raise ProofFormatError("proof_too_long", "more bytes than a proof has")
    try:
        link = tlog_proof.parse(data)
        if link.extra is None:
            raise ProofFormatError("proof_no_extra", "a proof of something else")
        proof = _from_object(replace(link, extra=None), json.loads(from_utf8(link.extra)))
    except FormatError as error:
        raise ProofFormatError(error.code, error.message) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProofFormatError("proof_malformed", "not the proof of a certificate") from error
    if encode(proof) != data:
        raise ProofFormatError("proof_not_canonical", "a proof in a second spelling")
    return proof


def _extra(proof: CertificateProof) -> bytes:
    received = proof.received
    key = proof.identity_key
    return _compact(
        {
            "d": json.loads(proof.d_opening.to_json()),
            "d_proof": None if proof.counted is None else _proof_text(proof.counted),
            "identity_key": None if key is None else to_base64(key),
            "l": json.loads(proof.l_opening.to_json()),
            "r": {
                "count": received.count,
                "index": received.index,
                "path": [to_base64(each) for each in received.path],
                "proof": _proof_text(received.proof),
            },
            "v": 1,
        }
    )


def _from_object(link: TlogProof, found: dict[str, Any]) -> CertificateProof:
    if found["v"] != 1:
        raise ProofFormatError("proof_version", "a version that is not known here")
    received = found["r"]
    if set(found) != _KEYS or set(received) != _RECEIVED_KEYS:
        raise ProofFormatError("proof_malformed", "not the proof of a certificate")
    counted, key = found["d_proof"], found["identity_key"]
    path = ReceivedPath(
        _integer(received["index"]),
        _integer(received["count"]),
        tuple(from_base64(each) for each in received["path"]),
        _proof(received["proof"]),
    )
    return CertificateProof(
        link,
        Opening.from_json(_compact(found["d"])),
        Opening.from_json(_compact(found["l"])),
        path,
        None if counted is None else _proof(counted),
        None if key is None else from_base64(key),
    )


def _proof(text: str) -> TlogProof:
    return tlog_proof.parse(to_utf8(text))


def _proof_text(proof: TlogProof) -> str:
    return from_utf8(tlog_proof.encode(proof))


def _check_plain(proof: TlogProof) -> None:
    if proof.extra is not None:
        raise ProofFormatError("proof_malformed", "a proof within a proof")


def _compact(value: object) -> bytes:
    """Return JSON in its one spelling: sorted keys, no spaces, UTF-8."""
    return to_utf8(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def _integer(value: object) -> int:
    if type(value) is not int:
        raise ProofFormatError("proof_malformed", "not a whole number")
    return value
