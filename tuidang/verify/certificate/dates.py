# SPDX-License-Identifier: Apache-2.0
"""Whether the attached proof shows what a certificate says about days and persons.

What the issuer signed is a statement; with the proof it is "proven", by checkpoints that
others have cosigned. A proof that shows anything else contradicts, and is never taken for
no proof. It must never call proven what today's policy does not prove.

The order of the checks, which other programs keep too: opening of D, its fields, class and
organisations; R; the counted D; opening of L, its fields, person, link, binding; days.

Source: `certificates.md` sections 1 and 3; `transparency-log.md` sections 2 and 3.
"""

from dataclasses import dataclass, replace
from datetime import date

from tuidang.pure.credential.claims import Claims, NoLaterThan
from tuidang.pure.credential.proof import CertificateProof
from tuidang.pure.ledger.commitments import (
    BIRTH_DATE,
    CLASS_FIELD,
    HOLDER,
    HOLDER_SIGNATURE,
    IDENTITY,
    LEGAL_NAME,
    LINKED_COMMITMENT,
    ORGS_FIELD,
)
from tuidang.pure.ledger.entries import CARRIED_OVER, CLASS_WITHHELD, WITHHELD, Counted
from tuidang.pure.ledger.entries import Link as LinkEntry
from tuidang.pure.ledger.entries import Received as ReceivedEntry
from tuidang.pure.ledger.links import identity_binding, nullifier, verify_link
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.proofs import implied_root
from tuidang.verify.certificate.heads import SLACK, Head, prove
from tuidang.verify.certificate.trust import Bundle
from tuidang.verify.errors import ProofContradicts

PROVEN, STATED, FOLLOW = "proven", "stated", "follow"


@dataclass(frozen=True, slots=True)
class Dates:
    """What the dates of a certificate rest on.

    `kind` is proven, stated (the issuer says so) or follow (no date yet). `reason` is
    dates_proven, dates_by_clock (proven, but by the registry's own clock alone), dates_stated,
    policy_changed (a right proof, but today's policy asks for other witnesses), dates_follow.
    `counted_index` is the entry of the person in the log, where that is shown;
    `orgs_proven` says whether the leaf shows the organisations too.
    """

    kind: str
    reason: str
    received: date | None
    linked: date | None
    witnessed: bool
    counted_index: int | None = None
    orgs_proven: bool = False


def check_proof(claims: Claims, proof: CertificateProof | None, bundle: Bundle) -> Dates:
    """Return what the dates rest on; ProofContradicts where the proof shows something else."""
    if claims.received is None and claims.linked is None:
        return _said(claims, FOLLOW, "dates_follow")
    if proof is None or claims.commitments is None:
        return _said(claims, STATED, "dates_stated")
    return _Check(claims, proof, bundle, *claims.commitments).dates()


def _said(claims: Claims, kind: str, reason: str) -> Dates:
    said = [each for each in (claims.received, claims.linked) if each is not None]
    witnessed = bool(said) and all(each.witnessed for each in said)
    received, linked = (each.day if each else None for each in (claims.received, claims.linked))
    return Dates(kind, reason, received, linked, witnessed)


class _Check:
    """One proof against one certificate; `leaf` and `link` are the commitments that it names."""

    def __init__(
        self, claims: Claims, proof: CertificateProof, bundle: Bundle, leaf: bytes, link: bytes
    ) -> None:
        self.claims = claims
        self.proof = proof
        self.bundle = bundle
        self.leaf = leaf
        self.link = link

    def dates(self) -> Dates:
        """Make every check and say what came out."""
        orgs_proven = self._declared()
        received = self._received()
        heads = [received, *self._counted(), linked := self._linked()]
        if any(head.day(self.bundle) is None for head in heads) or self._other_witnesses():
            return _said(self.claims, STATED, "policy_changed")
        same = self._is_day(self.claims.received, received)
        if not self._is_day(self.claims.linked, linked) or not same:
            return _said(self.claims, STATED, "policy_changed")
        witnessed = self.bundle.policy.needs_witnesses
        said = _said(self.claims, PROVEN, "dates_proven" if witnessed else "dates_by_clock")
        index = self.proof.counted.index if self.proof.counted else None
        return replace(said, counted_index=index, orgs_proven=orgs_proven)

    def _declared(self) -> bool:
        """Check the opening of D; say whether it shows the organisations."""
        opening = self.proof.d_opening
        _check_opening(opening, self.bundle.origin, self.leaf)
        shown = {each.j for each in opening.shown}
        wanted = {CLASS_FIELD, HOLDER} | ({IDENTITY} if self.claims.bound else set())
        _require(shown - {ORGS_FIELD} == wanted, "proof_fields")
        kind = {0: 0, 1: 1, 2: 2, 3: 2}.get(_byte(opening, CLASS_FIELD) & ~CARRIED_OVER)
        _require(kind == self.claims.declared_as.kind, "proof_declared")
        if ORGS_FIELD in shown:
            _require(_byte(opening, ORGS_FIELD) == self.claims.orgs, "proof_orgs")
        return ORGS_FIELD in shown

    def _received(self) -> Head:
        path = self.proof.received
        try:
            root = implied_root(leaf_hash(self.leaf), path.index, path.count, path.path)
            entry = ReceivedEntry(path.count, root)
        except FormatError as error:
            raise ProofContradicts("proof_received") from error
        return prove(entry.encode(), path.proof, self.bundle, "proof_received")

    def _counted(self) -> list[Head]:
        """Check that D is in the log, if the proof says so: as it is, or with bytes withheld."""
        if self.proof.counted is None:
            return []
        opening = self.proof.d_opening
        _require(any(each.j == ORGS_FIELD for each in opening.shown), "proof_counted")
        for entry in _entries(opening, self.leaf):
            try:
                opening.verify_counted(self.bundle.origin, entry)
                return [prove(entry.encode(), self.proof.counted, self.bundle, "proof_counted")]
            except FormatError as error:
                raise ProofContradicts("proof_counted") from error
            except ProofContradicts as error:
                if error.code != "proof_counted":
                    raise
        raise ProofContradicts("proof_counted")

    def _linked(self) -> Head:
        opening, claims = self.proof.l_opening, self.claims
        _check_opening(opening, self.bundle.origin, self.link)
        needed = {LINKED_COMMITMENT, LEGAL_NAME, BIRTH_DATE, HOLDER_SIGNATURE}
        _require({each.j for each in opening.shown} == needed, "proof_fields")
        birth_date = str(claims.birth_date or "").replace("-", "")
        named = (opening.value(LEGAL_NAME), opening.value(BIRTH_DATE))
        _require(named == (claims.latin_name.encode(), birth_date.encode()), "proof_person")
        _require(opening.value(LINKED_COMMITMENT) == self.leaf, "proof_link")
        holder = self.proof.d_opening.value(HOLDER)
        try:
            signature = opening.value(HOLDER_SIGNATURE)
            verify_link(holder, signature, self.leaf, claims.latin_name, birth_date)
        except FormatError as error:
            raise ProofContradicts("proof_link") from error
        self._binding(birth_date)
        entry = LinkEntry(self.link, nullifier(self.leaf, holder))
        return prove(entry.encode(), self.proof.link, self.bundle, "proof_link")

    def _binding(self, birth_date: str) -> None:
        """Check that the name was bound on the first day, just where the certificate says it."""
        key = self.proof.identity_key
        _require(self.claims.bound == (key is not None), "proof_binding")
        if key is not None:
            binding = identity_binding(key, self.claims.latin_name, birth_date)
            _require(self.proof.d_opening.value(IDENTITY) == binding, "proof_binding")

    def _other_witnesses(self) -> bool:
        """Say whether the certificate dates by the clock and the policy by witnesses, or not so."""
        said = (self.claims.received, self.claims.linked)
        needed = self.bundle.policy.needs_witnesses
        return any(each is not None and each.witnessed != needed for each in said)

    def _is_day(self, said: NoLaterThan | None, head: Head) -> bool:
        """Say whether today's policy gives the day that is said.

        Another policy may have given a later one, which is true all the same, or another side of
        midnight; an earlier one contradicts.
        """
        day = head.day(self.bundle)
        _require(said is not None and day is not None and said.day >= day - SLACK, "proof_day")
        return said is not None and said.day == day


def _entries(opening: Opening, commitment: bytes) -> list[Counted]:
    """Return the D entries that an opening can stand for, whose bytes may be withheld."""
    orgs, class_ = _byte(opening, ORGS_FIELD), _byte(opening, CLASS_FIELD)
    withheld = CLASS_WITHHELD | class_ & CARRIED_OVER
    return [
        Counted(o, c, commitment) for o in {orgs: 0, WITHHELD: 0} for c in {class_: 0, withheld: 0}
    ]


def _byte(opening: Opening, j: int) -> int:
    value = opening.value(j)
    _require(len(value) == 1, "proof_fields")
    return value[0]


def _check_opening(opening: Opening, origin: str, commitment: bytes) -> None:
    try:
        opening.verify(origin, commitment)
    except FormatError as error:
        raise ProofContradicts("proof_leaf") from error


def _require(holds: bool, code: str) -> None:  # noqa: FBT001
    if not holds:
        raise ProofContradicts(code)
