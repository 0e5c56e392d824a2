# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the dates of a certificate rest on, beyond the cases of the common set."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.fuzzing import NIGHTLY
from tests.verify.certificate.cases import bundles
from tests.verify.certificate.made import ALIAS, LOG_OF_ALL, OWN
from tests.verify.certificate.proof_cases import PROOF
from tests.verify.certificate.sample_bundle import bundle_content, claims_of, signed_bundle
from tests.verify.certificate.sample_log import (
    COUNTED_ON,
    LINKED_ON,
    RECEIVED_ON,
    WITNESSES,
    SampleLog,
    SamplePerson,
    certificate_proof,
    digest,
)
from tuidang.pure.credential.proof import encode, parse
from tuidang.pure.ledger.entries import CARRIED_OVER, CLASS_WITHHELD, WITHHELD, Counted
from tuidang.pure.merkle.errors import FormatError
from tuidang.verify.certificate.dates import Dates, check_proof
from tuidang.verify.certificate.heads import open_head
from tuidang.verify.certificate.trust import Bundle, read_bundle
from tuidang.verify.errors import ProofContradicts

TODAY = date(2026, 7, 14)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The bundle of today."""
    return read_bundle(bundles(TODAY)["main"])


def test_a_proof_shows_days_entry_and_organisations(bundle: Bundle) -> None:
    """With everything shown, days, witnesses, the entry and the organisations are proven."""
    assert PROOF.counted
    expected = Dates(
        "proven",
        "dates_proven",
        RECEIVED_ON,
        LINKED_ON,
        witnessed=True,
        counted_index=PROOF.counted.index,
        orgs_proven=True,
    )
    assert check_proof(claims_of(OWN), PROOF, bundle) == expected


def test_organisations_that_are_not_shown_are_not_proven(bundle: Bundle) -> None:
    """Whoever names none, or fewer, on the paper has the days proven and nothing else."""
    hidden = certificate_proof(LOG_OF_ALL, OWN, orgs=False)
    for named in (0, 1):
        dates = check_proof(claims_of(OWN, orgs=named), hidden, bundle)
        assert (dates.kind, dates.counted_index, dates.orgs_proven) == ("proven", None, False)


def test_without_a_proof_the_dates_are_stated(bundle: Bundle) -> None:
    """Then days come from the claims, and nothing is proven."""
    claims = claims_of(ALIAS)
    dates = check_proof(claims, None, bundle)
    assert dates == Dates("stated", "dates_stated", RECEIVED_ON, LINKED_ON, witnessed=True)
    assert check_proof(replace(claims, commitments=None), PROOF, bundle) == dates


@pytest.mark.parametrize("orgs", [3, WITHHELD])
@pytest.mark.parametrize("carried", [0, CARRIED_OVER])
@pytest.mark.parametrize("class_", [0, CLASS_WITHHELD])
def test_an_entry_with_bytes_withheld_is_still_the_person_s(
    orgs: int, carried: int, class_: int
) -> None:
    """Coarse bytes in the log are found by the opening, which knows the fine ones."""
    person = SamplePerson("coarse", class_=carried)
    log = SampleLog()
    entry = Counted(orgs, class_ | carried, person.d)
    log.seal(RECEIVED_ON, [person.d])
    log.seal(COUNTED_ON, [], entry)
    log.seal(LINKED_ON, [], person.link)
    whole = certificate_proof(log, person, orgs=False)
    proof = replace(
        whole,
        d_opening=person.d_opening.only({2, 3, 5, 6}),
        counted=log.proof(entry, COUNTED_ON),
    )
    content = bundle_content(log, sequence=1, issued=TODAY)
    dates = check_proof(claims_of(person), proof, read_bundle(signed_bundle(content, log.key)))
    assert dates.counted_index == log.entries.index(entry)


def test_a_checkpoint_within_a_batch_contradicts(bundle: Bundle) -> None:
    """The log signs only at the end of a batch, so another size was never published."""
    log = SampleLog(entries=LOG_OF_ALL.entries, sizes=dict(LOG_OF_ALL.sizes))
    log.sizes[COUNTED_ON] -= 1
    with pytest.raises(ProofContradicts) as caught:
        open_head(log.checkpoint(COUNTED_ON), bundle)
    assert caught.value.code == "proof_contradicts_log"


def test_a_checkpoint_after_the_last_batch_is_not_contradicted(bundle: Bundle) -> None:
    """A certificate may be younger than the bundle."""
    log = SampleLog(entries=list(LOG_OF_ALL.entries), sizes=dict(LOG_OF_ALL.sizes))
    later = date(2026, 7, 1)
    log.seal(later, [digest("later")])
    assert open_head(log.checkpoint(later), bundle).day(bundle) == later


def test_a_witness_may_be_a_day_behind(bundle: Bundle) -> None:
    """About midnight a slow clock is no contradiction; before that the batch was not there."""
    notes = []
    for days in (0, 1, 2):
        early = RECEIVED_ON - timedelta(days=days)
        notes.append(LOG_OF_ALL.checkpoint(RECEIVED_ON, [(each, early) for each in WITNESSES]))
    assert open_head(notes[0], bundle).day(bundle) == RECEIVED_ON
    assert open_head(notes[1], bundle).day(bundle) == RECEIVED_ON - timedelta(days=1)
    with pytest.raises(ProofContradicts) as caught:
        open_head(notes[2], bundle)
    assert caught.value.code == "proof_contradicts_log"


def test_no_byte_of_a_proof_changes_what_is_proven(bundle: Bundle) -> None:
    """Flipped bytes, every 17th, or every one at night, are noticed, or prove the same days.

    The name of a cosigner may change: then that line is nobody's, and the others still do.
    """
    data, claims = encode(PROOF), claims_of(OWN)
    whole = check_proof(claims, parse(data), bundle)
    noticed = 0
    for place in range(0, len(data), 1 if NIGHTLY else 17):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        try:
            assert check_proof(claims, parse(changed), bundle) in (whole, _stated(whole))
        except (ProofContradicts, FormatError):
            noticed += 1
    assert noticed > len(range(0, len(data), 1 if NIGHTLY else 17)) * 0.8


def _stated(dates: Dates) -> Dates:
    """Return what is left where today's policy is not met any more."""
    return Dates("stated", "policy_changed", dates.received, dates.linked, dates.witnessed)
