# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small log of numbers that grows, its checkpoints and its proofs, and a plain HTTP client."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from tuidang.pure.merkle.checkpoints import Checkpoint
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import sign_note
from tuidang.pure.merkle.proofs import consistency_proof
from tuidang.pure.merkle.signatures import Signer
from tuidang.pure.merkle.submissions import encode_submission
from tuidang.pure.merkle.tree import root

ORIGIN = "log.invalid/sample"
LOG = Signer(ORIGIN, bytes(range(32)))
OTHER_LOG = Signer("log.invalid/other", bytes(range(1, 33)))


def hashes(size: int, word: str = "leaf") -> list[bytes]:
    """Return the leaf hashes of the entries `leaf 0`, `leaf 1`, …"""
    return [leaf_hash(f"{word} {n}".encode()) for n in range(size)]


def checkpoint(size: int, word: str = "leaf", signer: Signer = LOG) -> bytes:
    """Return the signed checkpoint of the first entries."""
    return sign_note(Checkpoint(signer.name, size, root(hashes(size, word))).text, [signer])


def submission(old: int, size: int, word: str = "leaf", signer: Signer = LOG) -> bytes:
    """Return what a log of `size` entries sends to a witness that knows `old` of them."""
    proof = consistency_proof(old, hashes(size, word))
    return encode_submission(old, proof, checkpoint(size, word, signer))


@dataclass(frozen=True)
class Said:
    """An HTTP answer."""

    status: int
    kind: str
    body: bytes


def ask(method: str, url: str, body: bytes | None = None, timeout: float = 10) -> Said:
    """Send one request and return the answer, whatever its status."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request(method, parts.path, body)
        answer = connection.getresponse()
        return Said(answer.status, answer.headers["Content-Type"] or "", answer.read())
    finally:
        connection.close()


def post(url: str, body: bytes) -> Said:
    """Send a submission to the witness at `url`."""
    return ask("POST", f"{url}/add-checkpoint", body)
