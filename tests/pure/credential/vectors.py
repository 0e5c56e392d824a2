# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tests/vectors/certificate.json`: samples for every program that reads certificates.

`python -m tests.pure.credential.vectors` writes it anew; a test holds it to the code.
"""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from tests.pure.credential.forgeries import FORGERIES
from tests.pure.credential.refused import REFUSED_CODES, REFUSED_LISTS
from tests.pure.credential.samples import HOST, KEY, SAMPLES, sample_scalar
from tuidang.pure.credential import face_code
from tuidang.pure.credential.cbor import encode
from tuidang.pure.credential.claims import Claims, to_map
from tuidang.pure.credential.cose import sign
from tuidang.pure.credential.face import Script, face
from tuidang.pure.credential.qr import qr
from tuidang.pure.credential.status_list import encode_list

FILE = Path(__file__).parents[2] / "vectors" / "certificate.json"
STATUSES = {0: 1, 1993: 3, 123_456: 0, 123_457: 3, 495_669: 1, 2**20 - 1: 3}
LONGEST = 6000  # what is longer is tested here alone, and kept out of the file
SCRIPTS: tuple[Script, ...] = ("Hans", "Hant")


def vectors() -> dict[str, Any]:
    """Return what the file holds."""
    return {
        "about": "Samples. Nobody here exists, and everybody knows the private key.",
        "issuer": {
            "private": f"{sample_scalar('issuer'):064x}",
            "jwk": KEY.public.jwk(),
            "kid": KEY.kid.hex(),
            "kid_base64url": KEY.public.kid_text,
            "fingerprint": KEY.public.fingerprint,
        },
        "verify_host": HOST,
        "certificates": [_certificate(name, claims) for name, claims in SAMPLES.items()],
        "refused": [{"name": n, "cose": data.hex(), "code": code} for n, data, code in FORGERIES],
        "refused_codes": [
            {"name": name, "text": text, "code": code}
            for name, text, code in REFUSED_CODES
            if len(text) < LONGEST
        ],
        "status_list": {
            "data": encode_list(STATUSES),
            "statuses": {str(index): value for index, value in STATUSES.items()},
        },
        "refused_status_lists": [
            {"name": name, "data": data, "code": code}
            for name, data, code in REFUSED_LISTS
            if len(data) < LONGEST
        ],
    }


def written() -> str:
    """Return the file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _certificate(name: str, claims: Claims) -> dict[str, Any]:
    cose = sign(claims, KEY)
    return {
        "name": name,
        "claims": json.loads(json.dumps(asdict(claims), default=_plain)),
        "payload": encode(to_map(claims)).hex(),
        "cose": cose.hex(),
        "decimal": face_code.to_decimal(cose),
        "td1": face_code.to_text(cose),
        "url": face_code.to_url(cose, HOST),
        "qr_version": qr(face_code.to_url(cose, HOST)).version,
        "face": {script: asdict(face(claims, script)) for script in SCRIPTS},
    }


def _plain(value: object) -> str:
    """Return dates as ISO and bytes as hex."""
    if isinstance(value, date):
        return value.isoformat()
    assert isinstance(value, bytes)
    return value.hex()


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
