# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trust bundles: read whole and strictly, or not at all."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verify.certificate.made import LOG_OF_ALL
from tests.verify.certificate.sample_bundle import (
    ISSUER,
    RETIRED,
    bundle_content,
    issuer_row,
    policy_text,
    signed_bundle,
)
from tests.verify.certificate.sample_log import CLOCK, LOG, OLD_WITNESS, WITNESSES, signer
from tuidang.pure.merkle.notes import sign_note
from tuidang.pure.merkle.signatures import VerifiedLine
from tuidang.verify.certificate.trust import Period, read_bundle
from tuidang.verify.errors import TrustError

DAY = date(2026, 7, 14)
Content = dict[str, Any]


def content() -> Content:
    """Return a sound bundle."""
    return bundle_content(LOG_OF_ALL, sequence=7, issued=DAY)


def test_a_bundle_is_read_whole() -> None:
    """Keys, policy, witnesses with their time, batches, lists and host are all there."""
    bundle = read_bundle(signed_bundle(content(), LOG), vkey=f"{LOG.vkey}\n")
    assert (bundle.sequence, bundle.issued, bundle.origin) == (7, DAY, LOG.name)
    assert bundle.clock == CLOCK.cosignature_verifier
    assert bundle.witnesses[OLD_WITNESS.cosignature_verifier].until == date(2024, 12, 31)
    assert bundle.issuers[RETIRED.kid].period == Period(date(2024, 1, 1), date(2024, 12, 31))
    assert bundle.keys[ISSUER.kid] == ISSUER.public
    assert [each.size for each in bundle.batches] == list(LOG_OF_ALL.sizes.values())
    assert len(bundle.pades_certificates) == len(bundle.status_lists) == 1
    assert bundle.verify_host == "verify.invalid"


def test_a_bundle_is_fresh_for_30_days() -> None:
    """From a day ahead, which is a time zone, to the thirtieth day."""
    bundle = read_bundle(signed_bundle(content(), LOG))
    fresh = [days for days in range(-5, 40) if bundle.is_fresh(DAY + timedelta(days=days))]
    assert fresh == list(range(-1, 31))


def test_a_cosignature_counts_while_its_key_is_a_witness() -> None:
    """A witness counts from its first to its last day, the clock always, a stranger never."""
    bundle = read_bundle(signed_bundle(content(), LOG))

    def counts(name: str, day: date) -> bool:
        key = signer(name).cosignature_verifier
        return bundle.counts(VerifiedLine(name, key.key_id, b"", key, 1), day)

    assert counts(CLOCK.name, date(1999, 1, 1))
    assert not counts(WITNESSES[0].name, date(2025, 1, 14))
    assert counts(WITNESSES[0].name, date(2025, 1, 15))
    assert counts(OLD_WITNESS.name, date(2024, 12, 31))
    assert not counts(OLD_WITNESS.name, date(2025, 1, 1))
    assert not counts("witness.invalid/stranger", DAY)


def _changed(**changes: Any) -> Callable[[Content], Content]:
    return lambda found: found | changes


def _without(key: str) -> Callable[[Content], Content]:
    return lambda found: {name: value for name, value in found.items() if name != key}


def _wrong_kid(found: Content) -> Content:
    row = issuer_row(ISSUER.public, DAY) | {"kid": RETIRED.public.kid_text}
    return found | {"issuers": [row]}


def _p384(found: Content) -> Content:
    numbers = ec.derive_private_key(5, ec.SECP384R1()).public_key().public_numbers()
    row = issuer_row(ISSUER.public, DAY)
    row["jwk"] = row["jwk"] | {"crv": "P-384", "x": hex(numbers.x), "y": hex(numbers.y)}
    return found | {"issuers": [row]}


def _off_the_curve(found: Content) -> Content:
    row = issuer_row(ISSUER.public, DAY)
    row["jwk"] = row["jwk"] | {"y": row["jwk"]["x"]}
    return found | {"issuers": [row]}


def _falling_days(found: Content) -> Content:
    batches = [dict(row) for row in found["batches"]]
    batches[2]["date"] = "2024-01-01"
    return found | {"batches": batches}


def _falling_sizes(found: Content) -> Content:
    batches = [dict(row) for row in found["batches"]]
    batches[2]["size"] = batches[1]["size"]
    return found | {"batches": batches}


_PRESENT = (*WITNESSES, signer("witness.invalid/unlisted"))
BROKEN: dict[str, Callable[[Content], Content]] = {
    "version": _changed(version=2),
    "sequence": _changed(sequence=0),
    "sequence as text": _changed(sequence="7"),
    "version as truth value": _changed(version=True),
    "sequence too large for JavaScript": _changed(sequence=2**53),
    "issued": _changed(issued="14 July"),
    "issued in a second spelling": _changed(issued="20260714"),
    "issued as a week": _changed(issued="2026-W29-2"),
    "origin": _changed(origin="log.invalid/other"),
    "no policy": _changed(policy=""),
    "policy of another log": _changed(policy=policy_text(signer("log.invalid/other"), 2)),
    "policy with an unlisted witness": _changed(policy=policy_text(LOG, 2, _PRESENT)),
    "no issuers": _without("issuers"),
    "issuer twice": _changed(issuers=[issuer_row(ISSUER.public, DAY)] * 2),
    "kid of another key": _wrong_kid,
    "key on another curve": _p384,
    "key off the curve": _off_the_curve,
    "certificate": _changed(pades_certificates=["-----BEGIN CERTIFICATE-----\nAAAA\n"]),
    "days fall": _falling_days,
    "sizes fall": _falling_sizes,
    "status list damaged": _changed(status_lists=[{"list": 1, "data": "AAAA"}]),
    "status list twice": lambda found: found | {"status_lists": found["status_lists"] * 2},
    "status list number": lambda found: (
        found | {"status_lists": [found["status_lists"][0] | {"list": True}]}
    ),
    "no host": _without("verify_host"),
    "witness without a day": _changed(
        witnesses=[{"name": "w1", "vkey": WITNESSES[0].cosignature_vkey}]
    ),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_bundle_that_is_not_sound_is_refused(change: Callable[[Content], Content]) -> None:
    """Signed or not: a bundle of which a part cannot be used is not used at all."""
    with pytest.raises(TrustError):
        read_bundle(signed_bundle(change(content()), LOG))


@pytest.mark.parametrize("text", ['{"x":\n0,', "{}\n\n{"])
def test_a_bundle_is_one_line(text: str) -> None:
    """Whatever else is signed with it could be read by one program and not by another."""
    line = json.dumps(content(), separators=(",", ":"))
    more = line.replace("{", text, 1) if "x" in text else f"{line}\n\n{text}"
    with pytest.raises(TrustError, match="more than one line"):
        read_bundle(sign_note(f"{more}\n", [LOG]))


def test_a_bundle_is_read_only_with_its_signature() -> None:
    """The bare JSON, another signer, another key than the user's, and one changed byte fail."""
    data = signed_bundle(content(), LOG)
    stranger = signer("log.invalid/other")
    for refused in (
        data.partition(b"\n\n")[0] + b"\n",
        signed_bundle(content(), stranger),
        data.replace(b'"sequence":7', b'"sequence":8'),
    ):
        with pytest.raises(TrustError):
            read_bundle(refused)
    with pytest.raises(TrustError):
        read_bundle(data, vkey=stranger.vkey)
