# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof that goes into a certificate, built from what the log says today, and its two days.

Days come from checkpoints that others have signed, by the verifier's own reading, and from
nothing that anybody typed or that a table says. A proof opens what the certificate needs and no
more. Nothing here may decide who the person is.

Source: `transparency-log.md` section 3; `certificates.md` sections 1 and 3.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from tuidang.pure.credential.claims import NoLaterThan
from tuidang.pure.credential.proof import CertificateProof, ReceivedPath
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
from tuidang.pure.ledger.links import identity_binding
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle.tlog_proof import TlogProof
from tuidang.registry.certificates.errors import NotDatedYet, OwnCheckFailed
from tuidang.registry.transparency.errors import NotPublished
from tuidang.registry.transparency.models import Batch, Leaf, Link, Received
from tuidang.registry.transparency.proofs import BatchProofs, r_index
from tuidang.verify.certificate.heads import open_head
from tuidang.verify.certificate.trust import Bundle, read_bundle
from tuidang.verify.errors import ProofContradicts

OF_D = {CLASS_FIELD, HOLDER}
OF_L = {LINKED_COMMITMENT, LEGAL_NAME, BIRTH_DATE, HOLDER_SIGNATURE}
KEPT = 8  # batches whose tiles and paths are kept while many certificates are signed


@dataclass(frozen=True, slots=True)
class ProvenDays:
    """The days of R and L that a proof shows, and whether it shows the name bound on the first."""

    received: NoLaterThan
    linked: NoLaterThan
    bound: bool


class Prover:
    """Builds proofs by one trust bundle, reading each batch once; for one run, not for long."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._batches: dict[int, BatchProofs] = {}
        self._dating: dict[int, Batch] = {}

    def build(
        self, d_opening: Opening, l_opening: Opening, identity_key: bytes | None, *, show_orgs: bool
    ) -> CertificateProof:
        """Return the proof of a leaf and its link, as far as the certificate is to show them.

        `d_opening` shows at least class and holder, `l_opening` everything. `identity_key` is used
        only if it opens the binding with the name and date of the link. Raises NotDatedYet while
        the log does not hold both, or too few have signed that it does, and OwnCheckFailed where
        a stored checkpoint is not one that strangers know.
        """
        origin = self.bundle.origin
        commitment, linked = d_opening.commitment(origin), l_opening.commitment(origin)
        key = identity_key if _binds(identity_key, d_opening, l_opening) else None
        shown = OF_D | ({ORGS_FIELD} if show_orgs else set()) | ({IDENTITY} if key else set())
        try:
            return CertificateProof(
                link=self._link(linked),
                d_opening=d_opening.only(shown),
                l_opening=l_opening.only(OF_L),
                received=self._received(commitment),
                counted=self._counted(commitment) if show_orgs else None,
                identity_key=key,
            )
        except NotPublished as error:
            raise NotDatedYet from error

    def days(self, proof: CertificateProof) -> ProvenDays:
        """Return the days that a proof shows by the bundle; NotDatedYet where it shows none."""
        return ProvenDays(
            self._day(proof.received.proof), self._day(proof.link), proof.identity_key is not None
        )

    def _link(self, commitment: bytes) -> TlogProof:
        row = Link.objects.published().filter(commitment=commitment).first()
        if row is None:
            raise NotPublished
        return self._entry(row.batch, row.index)

    def _received(self, commitment: bytes) -> ReceivedPath:
        rows = Received.objects.filter(batch__state=Batch.State.PUBLISHED).select_related("batch")
        row = rows.filter(commitment=commitment).first()
        if row is None or row.batch is None:
            raise NotPublished
        found = self._proofs(row.batch).received(commitment)  # hashes all of a day, so only once
        proof = self._entry(found.batch, r_index(found.batch))
        return ReceivedPath(found.index, found.count, tuple(found.path), proof)

    def _counted(self, commitment: bytes) -> TlogProof | None:
        """A leaf that was taken out of the count again is not shown as counted."""
        leaves = Leaf.objects.filter(batch__state=Batch.State.PUBLISHED, correction=None)
        row = leaves.filter(commitment=commitment).select_related("batch").first()
        return self._entry(row.batch, row.index) if row else None

    def _entry(self, batch: Batch | None, index: int | None) -> TlogProof:
        if batch is None or index is None:
            raise NotPublished
        return self._proofs(self._dating_batch(batch)).tlog_proof(index)

    def _dating_batch(self, batch: Batch) -> Batch:
        """Return the first batch from this one on whose checkpoint has a day by the policy.

        Under a policy that is younger than the batch, that is a later one, and a later day.
        """
        if batch.number not in self._dating:
            following = Batch.objects.published().filter(number__gte=batch.number)
            for each in following.order_by("number").iterator(chunk_size=100):
                if self._day_of(each.checkpoint.encode()) is not None:
                    self._dating[batch.number] = each
                    break
            else:
                raise NotDatedYet
        return self._dating[batch.number]

    def _proofs(self, batch: Batch) -> BatchProofs:
        if batch.number not in self._batches:
            if len(self._batches) >= KEPT:
                self._batches.clear()
            self._batches[batch.number] = BatchProofs(batch)
        return self._batches[batch.number]

    def _day(self, proof: TlogProof) -> NoLaterThan:
        day = self._day_of(proof.checkpoint)
        if day is None:
            raise NotDatedYet
        return NoLaterThan(day, self.bundle.policy.needs_witnesses)

    def _day_of(self, checkpoint: bytes) -> date | None:
        try:
            return open_head(checkpoint, self.bundle).day(self.bundle)
        except ProofContradicts as error:  # somebody has edited the database
            raise OwnCheckFailed(error.code) from error


def installed_bundle() -> Bundle:
    """Return the trust bundle that everybody gets; FileNotFoundError, TrustError."""
    return read_bundle((Path(settings.TRUST_FOLDER) / "trust.note").read_bytes())


def build_proof(
    d_opening: Opening, l_opening: Opening, identity_key: bytes | None, *, show_orgs: bool
) -> CertificateProof:
    """Return the proof of one certificate by the installation's bundle, as `Prover.build`."""
    return Prover(installed_bundle()).build(d_opening, l_opening, identity_key, show_orgs=show_orgs)


def dates_of(proof: CertificateProof, bundle: Bundle) -> ProvenDays:
    """Return the days that a proof shows by a bundle; NotDatedYet where it shows none."""
    return Prover(bundle).days(proof)


def _binds(key: bytes | None, d_opening: Opening, l_opening: Opening) -> bool:
    """Say whether the name and the birth date of the link were bound in the leaf on its day."""
    if not key:
        return False
    name, birth_date = (l_opening.value(j).decode("ascii") for j in (LEGAL_NAME, BIRTH_DATE))
    return d_opening.value(IDENTITY) == identity_binding(key, name, birth_date)
