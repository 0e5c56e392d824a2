# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page's modules on the vectors that any program can be written against."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from tests.page.running import ROOT, ask
from tuidang.pure.merkle.signatures import ML_DSA_44, Verifier

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/certificate.json").read_text())
JWKS = [VECTORS["issuer"]["jwk"]]


def without_space(text: str) -> str:
    """Leave out what readers of pages disagree on."""
    return "".join(text.split())


def test_certificates_of_the_vectors_are_read_from_each_spelling() -> None:
    """Address, number and TD1 text give the signed bytes, and those the certificate."""
    for each in VECTORS["certificates"]:
        codes = [{"ask": "code", "text": each[kind]} for kind in ("url", "decimal", "td1")]
        cose = {"ask": "cose", "data": each["cose"], "jwks": JWKS}
        *spelled, opened = ask([*codes, cose])
        assert spelled == [{"answer": each["cose"]}] * 3
        assert opened == {"answer": each["claims"]["number"]}


def test_the_words_of_the_vectors_stand_on_the_page() -> None:
    """Every row and sentence of the vectors is among the words a page must show."""
    asked = [
        {"ask": "face", "data": each["cose"], "jwks": JWKS} for each in VECTORS["certificates"]
    ]
    for each, answer in zip(VECTORS["certificates"], ask(asked), strict=True):
        for script, shown in zip(("Hans", "Hant"), answer["answer"], strict=True):
            words = _words(each["face"][script])
            assert len(words) > 20
            assert [word for word in words if without_space(word) not in shown] == []


def _words(face: Any) -> list[str]:
    """Return the texts of a face, without those of the paper that has no code."""
    if isinstance(face, str):
        return [face]
    if isinstance(face, list):
        return [word for each in face for word in _words(each)]
    left_out = {"plain", "script"}
    return [word for name, each in face.items() if name not in left_out for word in _words(each)]


def test_forgeries_of_the_vectors_are_refused_by_their_names() -> None:
    """Certificates and codes that must be refused are, each with the code that it should."""
    forged = VECTORS["refused"]
    asked = [{"ask": "cose", "data": each["cose"], "jwks": JWKS} for each in forged]
    assert ask(asked) == [{"refused": each["code"]} for each in forged]
    codes = VECTORS["refused_codes"]
    asked = [{"ask": "code", "text": each["text"]} for each in codes]
    assert ask(asked) == [{"refused": each["code"]} for each in codes]


def test_status_lists_of_the_vectors_are_read() -> None:
    """Each index has its status, and what is no list is refused."""
    known = VECTORS["status_list"]
    asked = [
        {"ask": "status", "data": known["data"], "index": int(index)} for index in known["statuses"]
    ]
    assert ask(asked) == [{"answer": each} for each in known["statuses"].values()]
    refused = VECTORS["refused_status_lists"]
    asked = [{"ask": "status", "data": each["data"], "index": 0} for each in refused]
    assert [each.get("refused", "") for each in ask(asked)] == [each["code"] for each in refused]


def test_cosignatures_of_both_kinds_hold() -> None:
    """Log, Ed25519 witness and ML-DSA-44 witness are verified; a flipped byte of each is not."""
    log = json.loads((ROOT / "tests/vectors/tlog.json").read_text())
    seed = bytes.fromhex(log["mldsa44"]["seed hex"])
    public = MLDSA44PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()
    other = Verifier("witness.example.org/w2", ML_DSA_44, public)
    vkeys = [log["log vkey"], log["witness vkey"], other.vkey]
    note = f"{log['checkpoint']}{log['mldsa44']['note line']}"
    note = note if note.endswith("\n") else f"{note}\n"
    asked = [{"ask": "note", "data": note.encode().hex(), "vkeys": vkeys}]
    lines = note.splitlines()[-3:]
    for line in lines:
        swapped = {"A": "B", "B": "A"}.get(line[-20], "A")
        changed = note.replace(line, f"{line[:-20]}{swapped}{line[-19:]}")
        asked.append({"ask": "note", "data": changed.encode().hex(), "vkeys": vkeys})
    opened, *refused = ask(asked)
    assert opened == {"answer": ["null", "1767225600", "1767225600"]}
    assert refused == [{"refused": "signature_invalid"}] * 3
