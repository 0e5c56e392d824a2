# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of the common set that are about dates: proofs that hold, and every way to borrow one.

All of them are signed papers of the issuer, so that nothing but the proof speaks against them:
that is what an issuer could try, or somebody who edits its database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.verify.certificate.made import ALIAS, LOG_OF_ALL, OTHER, OWN, PERSONS
from tests.verify.certificate.sample_bundle import claims_of
from tests.verify.certificate.sample_log import (
    CLOCK,
    COUNTED_ON,
    LOG,
    OLD_WITNESS,
    RECEIVED_ON,
    WITNESSES,
    Line,
    SampleLog,
    SamplePerson,
    certificate_proof,
    digest,
    noon,
    sample_log,
    shown_link,
    signer,
)
from tuidang.pure.credential.claims import Claims, DeclaredAs, NoLaterThan
from tuidang.pure.credential.proof import CertificateProof
from tuidang.pure.ledger.received import receive
from tuidang.pure.merkle.checkpoints import cosign
from tuidang.pure.merkle.notes import assemble_note
from tuidang.pure.merkle.tlog_proof import TlogProof

EARLY, EVE = RECEIVED_ON - timedelta(days=20), RECEIVED_ON - timedelta(days=1)
W1, W2, W3 = WITNESSES
PROOF = certificate_proof(LOG_OF_ALL, OWN)


@dataclass(frozen=True)
class Dated:
    """Claims, the proof beside them, and what must come out."""

    name: str
    claims: Claims
    proof: CertificateProof
    reason: str
    outcome: str = "altered"
    bundle: str = "main"


def genuine() -> Iterator[Dated]:
    """Yield proofs that hold, or hold under other rules than today's."""
    yield _valid("bound", claims_of(OWN), PROOF)
    yield _valid("alias", claims_of(ALIAS), certificate_proof(LOG_OF_ALL, ALIAS))
    hidden = certificate_proof(LOG_OF_ALL, OWN, orgs=False)
    yield _valid("orgs-not-named", claims_of(OWN, orgs=0), hidden)
    yield _valid("recorded-not-counted", claims_of(OWN), replace(PROOF, counted=None))
    one_early = _dated_by([(CLOCK, RECEIVED_ON), (W1, EARLY), (W2, RECEIVED_ON)])
    yield _valid("one-witness-early", claims_of(OWN), one_early)
    clock = claims_of(OWN, witnessed=False)
    yield Dated("by-clock", clock, PROOF, "dates_by_clock", "valid", "clock")
    two = _dated_by([(W1, RECEIVED_ON), (W2, RECEIVED_ON)])
    yield Dated("policy-stricter", claims_of(OWN), two, "policy_changed", "valid", "strict")
    yield Dated(
        "policy-without-witnesses", claims_of(OWN), PROOF, "policy_changed", "valid", "clock"
    )
    yield Dated("clock-under-witnesses", clock, PROOF, "policy_changed", "valid")
    stolen = _dated_by([(OLD_WITNESS, EARLY), (W1, EARLY)])
    early = claims_of(OWN, received=NoLaterThan(EARLY, witnessed=True))
    yield Dated("stolen-old-witness", early, stolen, "policy_changed", "valid")
    yield from _other_policies()
    before = _dated_by([(W1, date(2024, 6, 1)), (W2, date(2024, 6, 1))])
    yield Dated("before-they-were-witnesses", claims_of(OWN), before, "policy_changed", "valid")


def _other_policies() -> Iterator[Dated]:
    """Yield days that an earlier policy gave and that of today does not: stated, never proven."""
    for name, said, lines in (
        ("asked-for-all", RECEIVED_ON, ((W1, EVE), (W2, EVE), (W3, RECEIVED_ON))),
        ("asked-for-one", EVE, ((W1, EVE), (W2, RECEIVED_ON), (W3, RECEIVED_ON))),
        ("named-another", EVE, ((OLD_WITNESS, EVE), (W1, EVE), (W2, RECEIVED_ON))),
    ):
        claims = claims_of(OWN, received=NoLaterThan(said, witnessed=True))
        proof = _dated_by(list(lines))
        yield Dated(f"policy-that-{name}", claims, proof, "policy_changed", "valid")


def forged() -> Iterator[Dated]:
    """Yield proofs that show something else than the certificate says."""
    yield from _other_logs()
    yield from _other_dates()
    yield from _other_leaves()
    yield from _other_persons()


def _other_logs() -> Iterator[Dated]:
    claims = claims_of(OWN)
    fork = sample_log(PERSONS, signer("log.invalid/fork"))
    fork.key = replace(fork.key, name=LOG.name)
    yield Dated("another-log", claims, certificate_proof(fork, OWN), "proof_other_log")
    yield Dated("forked-log", claims, PROOF, "proof_contradicts_log", bundle="forked")
    yield _begun_earlier()
    text = LOG_OF_ALL.head(RECEIVED_ON).text
    wrong = cosign(LOG_OF_ALL.head(COUNTED_ON).text, W1, noon(RECEIVED_ON))
    note = assemble_note(text, [LOG.sign_text(text), wrong])
    yield Dated("false-cosignature", claims, _received(checkpoint=note), "proof_checkpoint")


def _begun_earlier() -> Dated:
    """Return a proof in a log that ends before the first batch of the bundle does."""
    early = SampleLog()
    early.entries = [receive([OWN.d]), OWN.link]
    early.sizes, early.received = {EARLY: 2}, {EARLY: [OWN.d]}
    path, link = early.received_path(OWN.d, EARLY), early.proof(OWN.link, EARLY)
    said = NoLaterThan(EARLY, witnessed=True)
    claims = claims_of(OWN, received=said, linked=said)
    proof = replace(PROOF, received=path, link=link, counted=None)
    return Dated("log-begun-earlier", claims, proof, "proof_contradicts_log")


def _other_dates() -> Iterator[Dated]:
    early = claims_of(OWN, received=NoLaterThan(EARLY, witnessed=True))
    yield Dated("edited-date", early, PROOF, "proof_day")
    link = claims_of(OWN, linked=NoLaterThan(COUNTED_ON, witnessed=True))
    yield Dated("edited-link-date", link, PROOF, "proof_day")
    one = _dated_by([(W1, EARLY), (W2, RECEIVED_ON), (W3, RECEIVED_ON)])
    yield Dated("early-by-one-witness", early, one, "proof_day")
    stolen = _dated_by([(OLD_WITNESS, EARLY), (W1, EARLY), (W2, RECEIVED_ON)])
    yield Dated("early-by-stolen-old-witness", early, stolen, "proof_day")
    two = _dated_by([(W1, EARLY), (W2, EARLY)])
    yield Dated("early-by-two-witnesses", early, two, "proof_contradicts_log")
    other = LOG_OF_ALL.proof(receive(LOG_OF_ALL.received[date(2025, 2, 1)]), date(2025, 2, 1))
    path = replace(PROOF.received, proof=other)
    yield Dated("r-of-another-day", early, replace(PROOF, received=path), "proof_received")


def _other_leaves() -> Iterator[Dated]:
    claims = claims_of(OWN)
    theirs = certificate_proof(LOG_OF_ALL, OTHER)
    yield Dated("someone-elses-proof", claims, theirs, "proof_leaf")
    bought = _bought(OTHER, OWN)
    yield Dated("someone-elses-leaf", *bought, "proof_link")
    swapped = replace(PROOF, l_opening=theirs.l_opening)
    yield Dated("someone-elses-link", claims, swapped, "proof_leaf")
    path = (digest("forged"), *PROOF.received.path[1:])
    forged = replace(PROOF, received=replace(PROOF.received, path=path))
    yield Dated("forged-path-in-r", claims, forged, "proof_received")
    longer = replace(PROOF.received, path=(*PROOF.received.path, digest("longer")))
    yield Dated("longer-path-in-r", claims, replace(PROOF, received=longer), "proof_received")
    hashes = (digest("forged"), *PROOF.link.hashes[1:])
    link = replace(PROOF, link=replace(PROOF.link, hashes=hashes))
    yield Dated("forged-path-of-l", claims, link, "proof_link")
    assert PROOF.counted
    counted = replace(PROOF, counted=replace(PROOF.counted, index=PROOF.counted.index + 1))
    yield Dated("counted-elsewhere", claims, counted, "proof_counted")
    unopened = replace(certificate_proof(LOG_OF_ALL, OWN, orgs=False), counted=PROOF.counted)
    yield Dated("counted-without-orgs", claims, unopened, "proof_counted")


def _other_persons() -> Iterator[Dated]:
    yield Dated("other-name", claims_of(OWN, latin_name="ZHANG<<SI"), PROOF, "proof_person")
    born = claims_of(OWN, birth_date=date(1980, 2, 28))
    yield Dated("other-birth-date", born, PROOF, "proof_person")
    yield Dated("other-orgs", claims_of(OWN, orgs=1), PROOF, "proof_orgs")
    relayed = claims_of(OWN, declared_as=DeclaredAs(2))
    yield Dated("declared-otherwise", relayed, PROOF, "proof_declared")
    alias = certificate_proof(LOG_OF_ALL, ALIAS)
    yield Dated("bound-without-binding", claims_of(ALIAS, bound=True), alias, "proof_fields")
    apart = replace(PROOF, d_opening=PROOF.d_opening.only({2, 3, 5}))
    yield Dated("bound-but-kept-silent", claims_of(OWN, bound=False), apart, "proof_binding")
    other_key = replace(PROOF, identity_key=digest("another key"))
    yield Dated("binding-of-another-key", claims_of(OWN), other_key, "proof_binding")
    more = replace(PROOF, d_opening=OWN.d_opening)
    yield Dated("more-shown-than-needed", claims_of(OWN), more, "proof_fields")


def _valid(name: str, claims: Claims, proof: CertificateProof) -> Dated:
    return Dated(name, claims, proof, "dates_proven", "valid")


def _received(**changes: object) -> CertificateProof:
    """Return the proof of OWN with another proof of R."""
    proof: TlogProof = replace(PROOF.received.proof, **changes)  # type: ignore[arg-type]
    return replace(PROOF, received=replace(PROOF.received, proof=proof))


def _dated_by(lines: list[Line]) -> CertificateProof:
    """Return the proof of OWN in which these have cosigned the day of R."""
    return certificate_proof(LOG_OF_ALL, OWN, lines={RECEIVED_ON: lines})


def _bought(leaf: SamplePerson, buyer: SamplePerson) -> tuple[Claims, CertificateProof]:
    """Return what somebody can make who has another's leaf, but not the holder's key."""
    named = replace(leaf, legal_name=buyer.legal_name, birth_date=buyer.birth_date)
    opening = named.l_opening(buyer.holder)
    proof = certificate_proof(LOG_OF_ALL, leaf)
    fields = proof.d_opening.only({2, 3, 5})
    claims = claims_of(
        buyer, bound=False, commitments=(leaf.d, opening.commitment(leaf.origin)), orgs=leaf.orgs
    )
    bought = replace(proof, d_opening=fields, l_opening=shown_link(opening), identity_key=None)
    return claims, bought
