# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page's modules and Python's say the same of the same bytes, honest or not, code for code."""

import base64
import random
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.page.running import ask
from tests.page.sample_claims import some_claims
from tests.verify.certificate.code_cases import GENUINE
from tests.verify.certificate.proof_cases import PROOF
from tests.verify.certificate.sample_bundle import ISSUER
from tests.verify.certificate.sample_log import CLOCK, LOG, WITNESSES, noon
from tuidang.pure.credential import cbor, face_code, proof
from tuidang.pure.credential.cose import open_signed, sign
from tuidang.pure.credential.face import Script, face
from tuidang.pure.credential.status_list import encode_list, read_status
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.notes import VerifiedLine, assemble_note, open_note
from tuidang.pure.merkle.policies import parse_policy
from tuidang.verify.certificate.check import cose_reason
from tuidang.verify.certificate.page_text import page_text

CLOCK_KEY = CLOCK.cosignature_verifier
JWKS = [ISSUER.public.jwk()]
ISSUERS = {ISSUER.kid: ISSUER.public}


def said(run: Callable[[], object]) -> dict[str, Any]:
    """Return what Python answers, as the page's modules would say it."""
    try:
        return {"answer": run()}
    except FormatError as error:
        return {"refused": error.code}


def reason(answer: dict[str, Any]) -> str:
    """Return the reason in a verdict to which an answer on a certificate leads."""
    return cose_reason(answer["refused"]) if "refused" in answer else str(answer["answer"])


def plain(value: Any) -> Any:
    """Return a value of CBOR as plain JSON."""
    match value:
        case dict():
            return {"map": [[plain(key), plain(each)] for key, each in value.items()]}
        case bytes():
            return {"bytes": value.hex()}
        case cbor.Tagged():
            return {"tagged": plain(value.value)}
        case list():
            return [plain(each) for each in value]
        case int() if not isinstance(value, bool) and not -(2**52) <= value < 2**52:
            return {"number": str(value)}
    return value


def mutations(data: bytes, count: int, seed: int) -> list[bytes]:
    """Return bytes with something changed, put in, taken out or added; always the same ones."""
    drawn, found = random.Random(seed), []
    for _ in range(count):
        at, other = drawn.randrange(len(data)), bytes([drawn.choice((*range(256), 0xFF, 0x18))])
        kind = drawn.randrange(4)
        middle = (other, other + data[at : at + 1], b"", data[at : at + 1] * 2)[kind]
        found.append(data[:at] + middle + data[at + 1 :])
    return found


def test_a_flipped_byte_of_a_certificate_is_refused_for_the_same_reason() -> None:
    """Whichever third byte of a certificate is flipped, both refuse it with the same code."""
    flipped = []
    for at in range(0, len(GENUINE), 3):
        changed = GENUINE[at] ^ 1 << at % 8
        flipped.append(GENUINE[:at] + bytes([changed]) + GENUINE[at + 1 :])
    answers = ask([{"ask": "cose", "data": each.hex(), "jwks": JWKS} for each in flipped])
    assert answers == [said(lambda each=each: open_signed(each, ISSUERS)) for each in flipped]
    assert all("refused" in each for each in answers)


def test_a_short_signature_under_an_unknown_key_is_refused_for_the_same_reason() -> None:
    """Of two faults outside the signed claims both name the same, or the outcomes would differ."""
    short = GENUINE[:-66] + b"\x58\x3f" + GENUINE[-63:]
    found = [short, short.replace(ISSUER.kid, bytes(8)), GENUINE.replace(ISSUER.kid, bytes(8))]
    answers = ask([{"ask": "cose", "data": each.hex(), "jwks": JWKS} for each in found])
    assert answers == [said(lambda each=each: open_signed(each, ISSUERS)) for each in found]


def test_signed_claims_that_no_certificate_has_are_refused_for_the_same_reason() -> None:
    """What the issuer's key signs although it must not is refused by both for the same reason."""
    payload = cbor.decode(GENUINE).value[2]
    signed = [ISSUER.sign_payload(each) for each in mutations(payload, 150, seed=1)]
    answers = ask([{"ask": "cose", "data": each.hex(), "jwks": JWKS} for each in signed])
    wanted = [said(lambda each=each: open_signed(each, ISSUERS).claims.number) for each in signed]
    # Which of several faults in the fields is found first is nobody's business.
    assert [reason(each) for each in answers] == [reason(each) for each in wanted]
    assert len({each.get("refused") for each in answers}) > 8


def test_cbor_is_read_and_refused_alike() -> None:
    """The same bytes give the same value, or are refused with the same code."""
    heads = [bytes([head]) + rest for head in range(256) for rest in (b"", bytes(9), b"\xff" * 9)]
    found = [*heads, *mutations(GENUINE, 500, seed=2)]
    answers = ask([{"ask": "cbor", "data": each.hex()} for each in found])
    assert answers == [said(lambda each=each: plain(cbor.decode(each))) for each in found]


def test_codes_are_read_and_refused_alike() -> None:
    """Addresses, numbers and TD1 texts, whole and damaged, are read or refused alike."""
    spellings = [
        face_code.to_url(GENUINE, "verify.invalid"),
        face_code.to_decimal(GENUINE),
        face_code.to_text(GENUINE),
    ]
    texts = ["", "0", "1", "https://x", "HTTPS://x/#258", "TD1:", "TD1:BB8", "TD1:GGW", "９"]
    around = "\x00\t\n\x0b\x0c\r\x1c\x1f \x85\xa0\u1680\u200b\u2028\u3000\ufeff"
    texts += [text for each in around for text in (each + spellings[1], spellings[1] + each)]
    texts += [f" {each}\n" for each in spellings] + ["1" * 4001, "1" * 4301]
    for seed, each in enumerate(spellings):
        damaged = mutations(each.encode(), 60, seed)
        texts += [bytes(byte & 0x7F for byte in one).decode() for one in damaged]
    answers = ask([{"ask": "code", "text": each} for each in texts])
    assert answers == [said(lambda each=each: face_code.read_code(each).hex()) for each in texts]


def test_papers_say_the_same_words() -> None:
    """For all kinds of certificates both know the same words of the page, in both scripts."""
    claims = some_claims(60)
    asked = [{"ask": "face", "data": sign(each, ISSUER).hex(), "jwks": JWKS} for each in claims]
    scripts: tuple[Script, ...] = ("Hans", "Hant")
    wanted = [[page_text(face(each, script)) for script in scripts] for each in claims]
    assert ask(asked) == [{"answer": each} for each in wanted]


def test_dates_come_from_cosignatures_alike() -> None:
    """Any policy of ours over any cosignatures gives the same time, or none."""
    drawn, asked, wanted = random.Random(3), [], []
    for _ in range(60):
        names = [f"w{n}" for n in range(1, 4)]
        lines = [f"witness {n} {w.cosignature_vkey}" for n, w in zip(names, WITNESSES, strict=True)]
        lines.insert(0, f"log {LOG.vkey}")
        lines.append(f"group few {drawn.choice(('any', 'all', '1', '2'))} w1 w2")
        lines.append(f"group most {drawn.choice(('any', 'all', '2', '3', '0'))} few w3")
        text = "\n".join([*lines, f"quorum {drawn.choice(('most', 'few', 'none', 'w3', 'x'))}", ""])
        signers = [(drawn.choice((*WITNESSES, CLOCK)), drawn.randrange(1, 9)) for _ in range(4)]
        signed = [(each.cosignature_vkey, time) for each, time in signers]
        clock = CLOCK.cosignature_vkey
        asked.append({"ask": "policy", "text": text, "signed": signed, "clock": clock})
        found = [
            VerifiedLine(each.name, b"", b"", each.cosignature_verifier, time)
            for each, time in signers
        ]
        wanted.append(
            said(
                lambda t=text, f=found: parse_policy(t.encode()).date(f, CLOCK.cosignature_verifier)
            )
        )
    answers = ask(asked)
    assert [each.get("answer", "refused") for each in answers] == [
        each.get("answer", "refused") for each in wanted
    ]
    assert {each.get("answer", "refused") for each in answers} >= {None, "refused"}


def test_signed_checkpoints_are_opened_and_refused_alike() -> None:
    """A note with any change is opened with the same times, or refused with the same code."""
    text = Checkpoint(LOG.name, 1, bytes(32)).text
    time = noon(date(2025, 3, 1))
    lines = [LOG.sign_text(text), *(cosign(text, each, time) for each in WITNESSES)]
    note = assemble_note(text, lines)
    verifiers = [LOG.verifier, *(each.cosignature_verifier for each in WITNESSES)]
    vkeys = [each.vkey for each in verifiers]
    notes = [note, *mutations(note, 120, seed=4)]
    answers = ask([{"ask": "note", "data": each.hex(), "vkeys": vkeys} for each in notes])

    def opened(data: bytes) -> list[str]:
        times = [each.time for each in open_note(data, verifiers).verified]
        return ["null" if each is None else str(each) for each in times]

    wanted = [said(lambda each=each: opened(each)) for each in notes]
    assert [each.get("answer") for each in answers] == [each.get("answer") for each in wanted]
    assert answers[0]["answer"] == ["null", *[str(time)] * 3]


def test_a_signature_holds_for_both_or_for_neither() -> None:
    """One with a point of small order in it, which RFC 8032 leaves to the verifier, is refused."""
    honest = LOG.sign_bytes(b"test").hex(), LOG.verifier.public_key.hex()
    crafted = (
        (
            "feaf9d07b868cc52786305312c376563c622b0386a10d105e3c1501b28d65f7e"
            "1f2c44735ecf2d46503c2ddeb20f029e515902423676757471d7e703cae17006"
        ),
        "6049f16e34d8b49d91a11a4b7a68ae2d47ebe5deb251d4518fe455c19c151c31",
    )
    asked = [
        {"ask": "ed25519", "signature": signature, "message": b"test".hex(), "key": key}
        for signature, key in (honest, crafted)
    ]
    assert ask(asked) == [{"answer": True}, {"answer": False}]
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(crafted[1])).verify(
            bytes.fromhex(crafted[0]), b"test"
        )


def test_proofs_with_any_change_are_refused_alike() -> None:
    """The file of a proof is taken in one spelling only, by both."""
    whole = proof.encode(PROOF)
    files = [whole, *mutations(whole, 300, seed=5)]
    answers = ask([{"ask": "proof", "data": each.hex()} for each in files])
    wanted = [said(lambda each=each: str(proof.parse(each).link.index)) for each in files]
    assert ["refused" in each for each in answers] == ["refused" in each for each in wanted]
    assert answers[0] == {"answer": str(PROOF.link.index)}


def test_status_lists_are_read_alike_and_bombs_refused() -> None:
    """Each status is found at its place; what is no list, or too large, is refused alike."""

    def packed(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    drawn = random.Random(6)
    data = encode_list({drawn.randrange(2**20): drawn.randrange(4) for _ in range(1000)})
    whole = zlib.compress(bytes(2**18))
    lists = [data, packed(zlib.compress(bytes(2**26), 9)), packed(whole[:-1]), packed(whole + b"x")]
    lists += [packed(zlib.compress(bytes(5))), packed(b"no list"), "%", packed(whole)[:-1] + "_"]
    lists += [packed(whole[:-1] + bytes([whole[-1] ^ 1])), "A" * 400_000]
    asked = [{"ask": "status", "data": data, "index": index} for index in range(0, 2**20, 50_001)]
    asked += [{"ask": "status", "data": each, "index": 7} for each in lists]
    answers = ask(asked)
    wanted = [said(lambda e=each: read_status(e["data"], e["index"])) for each in asked]
    assert answers == wanted


def test_the_fingerprint_read_aloud_is_the_same() -> None:
    """An officer who compares the issuer's key sees the same groups of digits everywhere."""
    assert ask([{"ask": "fingerprint", "jwk": JWKS[0]}]) == [{"answer": ISSUER.public.fingerprint}]
