# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sample log with witnesses, in which sample persons declare, are counted and are linked."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tuidang.pure.credential.proof import CertificateProof, ReceivedPath
from tuidang.pure.ledger.batches import Previous, seal_batch
from tuidang.pure.ledger.commitments import BIRTH_DATE, HOLDER_SIGNATURE, LEGAL_NAME
from tuidang.pure.ledger.entries import Counted, Entry, Link, Seal
from tuidang.pure.ledger.links import identity_binding, nullifier, sign_link
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.ledger.received import receive, received_paths
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import assemble_note
from tuidang.pure.merkle.proofs import inclusion_proof
from tuidang.pure.merkle.signatures import Signer
from tuidang.pure.merkle.tlog_proof import TlogProof
from tuidang.pure.merkle.tree import root

ORIGIN = "log.invalid/sample"
RECEIVED_ON, COUNTED_ON, LINKED_ON = date(2025, 3, 1), date(2025, 3, 8), date(2025, 5, 10)
LATER_ON = date(2025, 6, 1)


def digest(label: str) -> bytes:
    """Return 32 bytes, the same for the same label."""
    return hashlib.sha256(f"certificate sample {label}".encode()).digest()


def signer(name: str) -> Signer:
    """Return a sample key with a name."""
    return Signer(name, digest(f"key of {name}"))


LOG, CLOCK = signer(ORIGIN), signer(f"{ORIGIN}/clock")
WITNESSES = tuple(signer(f"witness.invalid/w{n}") for n in (1, 2, 3))
OLD_WITNESS = signer("witness.invalid/left")
Line = tuple[Signer, date]


def noon(day: date) -> int:
    """Return noon of a day, UTC, in POSIX seconds."""
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


@dataclass
class SamplePerson:
    """A person who declared: what they hold, made of labels.

    `bound` binds the legal name on the first day; `orgs` and `class_` are those of the leaf.
    """

    label: str
    legal_name: str = "ZHANG<<SAN"
    birth_date: str = "19800229"
    bound: bool = True
    orgs: int = 3
    class_: int = 0
    origin: str = ORIGIN

    @property
    def holder(self) -> Signer:
        """The holder key that comes from the receipt code."""
        return signer(f"holder.invalid/{self.label}")

    @property
    def identity_key(self) -> bytes:
        """The identity key that comes from the receipt code."""
        return digest(f"identity key {self.label}")

    @property
    def d_opening(self) -> Opening:
        """The opening of the D leaf, everything shown."""
        binding = identity_binding(self.identity_key, self.legal_name, self.birth_date)
        return self._opening(
            "d",
            b"2025-03-01",
            bytes([self.orgs]),
            bytes([self.class_]),
            "样本".encode(),
            self.holder.verifier.public_key,
            binding if self.bound else b"",
        )

    def l_opening(self, signed_by: Signer | None = None) -> Opening:
        """Return the opening of the L leaf, everything shown; by another key if wished."""
        seed = (signed_by or self.holder).seed
        return self._opening(
            "l",
            b"2025-05-10",
            self.d,
            self.legal_name.encode(),
            self.birth_date.encode(),
            sign_link(seed, self.d, self.legal_name, self.birth_date),
            b"",
        )

    @property
    def d(self) -> bytes:
        """The commitment of the D leaf."""
        return self.d_opening.commitment(self.origin)

    @property
    def linked(self) -> bytes:
        """The commitment of the L leaf."""
        return self.l_opening().commitment(self.origin)

    @property
    def counted(self) -> Counted:
        """The D entry."""
        return Counted(self.orgs, self.class_, self.d)

    @property
    def link(self) -> Link:
        """The L entry."""
        return Link(self.linked, nullifier(self.d, self.holder.verifier.public_key))

    def _opening(self, leaf: str, *values: bytes) -> Opening:
        salts = [digest(f"salt {self.label} {leaf} {n}")[:16] for n in range(6)]
        return Opening.of(digest(f"salt {self.label} {leaf}"), salts, values)


@dataclass
class SampleLog:
    """Batches on given days; every checkpoint is signed by the log, its clock and witnesses."""

    key: Signer = LOG
    clock: Signer = CLOCK
    entries: list[Entry] = field(default_factory=list)
    sizes: dict[date, int] = field(default_factory=dict)
    received: dict[date, list[bytes]] = field(default_factory=dict)

    def seal(self, day: date, received: Iterable[bytes], *entries: Entry) -> None:
        """Add the batch of a day."""
        self.received[day] = [*received, digest(f"somebody else on {day}")]
        last = self.entries[-1] if self.entries else None
        previous = Previous(last, len(self.entries) - 1) if isinstance(last, Seal) else None
        others = [Counted(7, 0, digest(f"other {n} on {day}")) for n in range(5)]
        self.entries += seal_batch(
            [*others, *entries], receive(self.received[day]), previous, first_day=day, last_day=day
        )
        self.sizes[day] = len(self.entries)

    def head(self, day: date) -> Checkpoint:
        """Return the tree head of a day."""
        size = self.sizes[day]
        return Checkpoint(self.key.name, size, root(self.hashes[:size]))

    @property
    def hashes(self) -> list[bytes]:
        """The leaf hashes."""
        return [leaf_hash(entry.encode()) for entry in self.entries]

    def checkpoint(self, day: date, lines: Sequence[Line] | None = None) -> bytes:
        """Return the signed checkpoint of a day, with these cosignatures or everybody's."""
        text = self.head(day).text
        if lines is None:
            lines = [(each, day) for each in (self.clock, *WITNESSES)]
        signed = [cosign(text, each, noon(when)) for each, when in lines]
        return assemble_note(text, [self.key.sign_text(text), *signed])

    def proof(self, entry: Entry, day: date, lines: Sequence[Line] | None = None) -> TlogProof:
        """Return the proof that an entry was in the log on a day."""
        index = self.entries.index(entry)
        path = inclusion_proof(index, self.hashes[: self.sizes[day]])
        return TlogProof(index, tuple(path), self.checkpoint(day, lines))

    def received_path(
        self, commitment: bytes, day: date, lines: Sequence[Line] | None = None
    ) -> ReceivedPath:
        """Return the proof that a commitment was received on a day."""
        index, path = received_paths(self.received[day])[commitment]
        entry = receive(self.received[day])
        proof = self.proof(entry, day, lines)
        return ReceivedPath(index, entry.count, tuple(path), proof)


def shown_opening(person: SamplePerson, *, orgs: bool = True) -> Opening:
    """Return the opening of D as a certificate shows it."""
    fields = {3, 5} | ({2} if orgs else set()) | ({6} if person.bound else set())
    return person.d_opening.only(fields)


def shown_link(opening: Opening) -> Opening:
    """Return the opening of L as a certificate shows it."""
    return opening.only({2, LEGAL_NAME, BIRTH_DATE, HOLDER_SIGNATURE})


def certificate_proof(
    log: SampleLog,
    person: SamplePerson,
    *,
    lines: dict[date, list[Line]] | None = None,
    orgs: bool = True,
) -> CertificateProof:
    """Return the proof of a person in a log of `sample_log`; `lines` are cosignatures by day."""
    by_day = lines or {}
    counted = log.proof(person.counted, COUNTED_ON, by_day.get(COUNTED_ON)) if orgs else None
    return CertificateProof(
        link=log.proof(person.link, LINKED_ON, by_day.get(LINKED_ON)),
        d_opening=shown_opening(person, orgs=orgs),
        l_opening=shown_link(person.l_opening()),
        received=log.received_path(person.d, RECEIVED_ON, by_day.get(RECEIVED_ON)),
        counted=counted,
        identity_key=person.identity_key if person.bound else None,
    )


def sample_log(
    persons: Sequence[SamplePerson], key: Signer = LOG, clock: Signer = CLOCK
) -> SampleLog:
    """Return a log in which these persons are received, counted and linked, on three days."""
    log = SampleLog(key, clock)
    log.seal(date(2025, 2, 1), [])
    log.seal(RECEIVED_ON, [each.d for each in persons])
    log.seal(COUNTED_ON, [], *(each.counted for each in persons))
    log.seal(LINKED_ON, [], *(each.link for each in persons))
    log.seal(LATER_ON, [])
    return log
