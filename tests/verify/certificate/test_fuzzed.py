# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files and bundles with a few things wrong: refused with a reason, and never by accident."""

from contextlib import suppress
from datetime import date

from hypothesis import given

from tests.fuzzing import fuzzed
from tests.pure.mutations import mutated
from tests.verify.certificate.cases import bundles
from tests.verify.certificate.code_cases import GENUINE, picture
from tests.verify.certificate.paper_cases import original
from tuidang.pure.credential.face_code import to_text, to_url
from tuidang.verify.certificate.check import check_bytes
from tuidang.verify.certificate.trust import read_bundle
from tuidang.verify.certificate.verdict import REASONS
from tuidang.verify.errors import TrustError

NOTE = bundles(date(2026, 7, 14))["main"]
BUNDLE = read_bundle(NOTE)
TEXTS = (to_text(GENUINE).encode(), to_url(GENUINE, "verify.invalid").encode())


@fuzzed
@given(mutated(GENUINE, *TEXTS))
def test_whatever_is_valid_is_what_was_issued(data: bytes) -> None:
    """Bytes and texts of a code are the genuine certificate, or refused with a known reason."""
    verdict = check_bytes(data, BUNDLE, today=BUNDLE.issued)
    assert verdict.reason in REASONS
    assert (verdict.outcome == "valid") == (verdict.fingerprint is not None)


@fuzzed
@given(mutated(original()))
def test_a_pdf_is_the_original_or_refused(data: bytes) -> None:
    """No edit, cut or repetition of a signed PDF is valid."""
    if data != original():
        assert check_bytes(data, BUNDLE, today=BUNDLE.issued).outcome != "valid"


@given(mutated(picture([GENUINE])))
def test_a_damaged_picture_raises_nothing(data: bytes) -> None:
    """A picture with a few things wrong is read all the same, or gets a reason."""
    assert check_bytes(data, BUNDLE, today=BUNDLE.issued).outcome in {"valid", "unreadable"}


@fuzzed
@given(mutated(NOTE))
def test_a_bundle_is_what_was_signed_or_refused(data: bytes) -> None:
    """A bundle is read as it was signed, whoever added lines of their own, or not at all."""
    with suppress(TrustError):
        assert read_bundle(data) == BUNDLE
