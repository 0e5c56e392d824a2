# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a certificate: claims, signature, papers, and the verifier's own check on the result.

Dates come from the log, by the bundle that everybody has; no form and no table gives one. What is
made here is nowhere yet: it is stored by `actions.signing`, or forgotten. This room must never
hand on a certificate that a stranger would refuse.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings

from tuidang.pure.credential import face_code
from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.cose import sign as sign_claims
from tuidang.pure.credential.face import Script
from tuidang.pure.credential.numbers import RANDOM_BYTES, number_from
from tuidang.pure.credential.proof import CertificateProof
from tuidang.pure.credential.proof import encode as encode_proof
from tuidang.pure.merkle import tlog_proof
from tuidang.registry.certificates import delivery
from tuidang.registry.certificates.applied import Applied, Checked
from tuidang.registry.certificates.delivery import Packed
from tuidang.registry.certificates.drafting import claims_of
from tuidang.registry.certificates.errors import DoesNotFit, NotDatedYet, OwnCheckFailed
from tuidang.registry.certificates.fitting import is_readable
from tuidang.registry.certificates.keys import read_issuer_keys
from tuidang.registry.certificates.places import free_place
from tuidang.registry.certificates.proving import Prover, installed_bundle
from tuidang.verify.certificate.check import check_bytes
from tuidang.verify.certificate.dates import FOLLOW, PROVEN, STATED
from tuidang.verify.certificate.verdict import VALID


@dataclass(frozen=True, slots=True)
class Made:
    """A finished certificate: what it says, its bytes, its files, and the proof of its link."""

    claims: Claims
    cose: bytes = field(repr=False)
    packed: Packed = field(repr=False)
    link_proof: str = field(repr=False)

    @property
    def is_dated(self) -> bool:
        """Whether it says its days, or that their proof follows."""
        return self.claims.received is not None


class Maker:
    """Makes the certificates of one run, by the keys and the bundle at its beginning.

    Raises IssuerKeysUnusable, FileNotFoundError or TrustError where there are none.
    """

    def __init__(self) -> None:
        self._keys = read_issuer_keys(Path(settings.KEYS_FOLDER))
        self._prover = Prover(installed_bundle())

    def make(
        self, applied: Applied, checked: Checked, *, number: int, day: date, may_follow: bool
    ) -> Made:
        """Return the certificate for person `number`, issued on `day`.

        With `may_follow` one that says "date proof follows" is made where the log does not prove
        the days yet; else NotDatedYet. Raises DoesNotFit, OwnCheckFailed, and paper's errors.
        """
        try:
            proof: CertificateProof | None = self._prove(applied)
        except NotDatedYet:
            if not may_follow:
                raise
            proof = None
        claims = self._claims(applied, checked, proof, day)
        if not is_readable(claims):  # the host's name or the issuer's may have become longer
            raise DoesNotFit
        cose = sign_claims(claims, self._keys.cose)
        attached = encode_proof(proof) if proof and claims.commitments else None
        files = self._files(cose, attached, claims, applied.script)
        self._check(files, claims, day)
        link_proof = tlog_proof.encode(proof.link).decode() if proof else ""
        return Made(claims, cose, Packed(number, files), link_proof)

    def _prove(self, applied: Applied) -> CertificateProof:
        return self._prover.build(
            applied.d_opening,
            applied.l_opening,
            applied.identity_key or None,
            show_orgs=applied.orgs == applied.declared_orgs,
        )

    def _claims(
        self, applied: Applied, checked: Checked, proof: CertificateProof | None, day: date
    ) -> Claims:
        return claims_of(
            applied,
            checked.check,
            self._prover.days(proof) if proof else None,
            number=number_from(secrets.token_bytes(RANDOM_BYTES)),
            place=free_place(),
            day=day,
        )

    def _files(
        self, cose: bytes, proof: bytes | None, claims: Claims, script: Script
    ) -> dict[str, bytes]:
        """Return the papers. The typesetter is loaded here: the public door never needs it."""
        from tuidang.registry.certificates.paper import pades, paper

        host = settings.VERIFY_HOST
        page = paper.make_pdf(cose, proof, claims, script, verify_host=host)
        files = {
            delivery.PDF: pades.sign_pdf(page, self._keys.pades),
            delivery.PNG: paper.make_png(cose, claims, script, verify_host=host),
            delivery.PLAIN: paper.make_plain(claims, script),
            delivery.CODE: face_code.to_url(cose, host).encode() + b"\n",
        }
        return files | ({delivery.PROOF: proof} if proof else {})

    def _check(self, files: dict[str, bytes], claims: Claims, day: date) -> None:
        """Check the files as a stranger would; OwnCheckFailed unless all say what is meant."""
        kind = FOLLOW if claims.received is None else STATED
        wanted = {
            delivery.PDF: PROVEN if claims.commitments else kind,
            delivery.PNG: kind,
            delivery.CODE: kind,
        }
        for name, dates in wanted.items():
            verdict = check_bytes(files[name], self._prover.bundle, today=day)
            right = verdict.outcome == VALID and verdict.claims == claims
            if not right or verdict.dates is None or verdict.dates.kind != dates:
                raise OwnCheckFailed(verdict.reason)
