# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates: signing and opening them beside the curve itself, and reading their codes."""

import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice

import cbor2
import cwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cwt.cose_key_interface import COSEKeyInterface

from tests.pure.credential.photos import PIXELS, photo, read_by_zbar, read_by_zxing
from tests.pure.credential.samples import HOST, LONGEST, USUAL, sample_scalar
from tuidang.pure.credential.cbor import decode, encode, encode_ordered
from tuidang.pure.credential.claims import to_map
from tuidang.pure.credential.cose import IssuerKey, open_signed, sign, verified_payload
from tuidang.pure.credential.face_code import to_url
from tuidang.pure.credential.qr import qr

ROUNDS, EACH = 40, 100
PHOTOS = 100

_PRIVATE = ec.derive_private_key(sample_scalar("issuer"), ec.SECP256R1())
_KEY = IssuerKey(_PRIVATE)
_ECDSA = ec.ECDSA(SHA256())


def measure() -> str:
    """Return the section."""
    return "\n".join([*_rates(), "", *_codes()])


def _rates() -> Iterator[str]:
    signing, verifying = _best(_signing()), _best(_verifying())
    yield "## Certificates as COSE"
    yield ""
    yield "| what | signed a CPU second | share of the raw rate | opened a CPU second | share |"
    yield "|---|---|---|---|---|"
    for name, seconds in signing.items():
        opened = verifying[name]
        yield (
            f"| {name} | {1 / seconds:,.0f} | {signing[_RAW] / seconds:.0%} "
            f"| {1 / opened:,.0f} | {verifying[_RAW] / opened:.0%} |"
        )
    yield ""
    yield f"Best of {ROUNDS} rounds of {EACH}, the rows in turn in each round. Ours refuses"
    yield "any second spelling; a certificate is made from its claims, and each of them is checked"
    yield "when it is opened."
    yield "Goals: 50 % of the raw rate signing, 60 % verifying."


_RAW = "P-256 alone (`cryptography`)"
_COSE, _PEER = "COSE with its CBOR, ours", "COSE with its CBOR, `cwt`"
_WHOLE = "certificate: every claim checked too"


def _signing() -> dict[str, Callable[[], object]]:
    payload = to_map(USUAL)
    data = encode(payload)
    key = _peer_key()
    header = {1: -7, 4: _KEY.kid}
    return {
        _RAW: lambda: _PRIVATE.sign(data, _ECDSA),
        _COSE: lambda: _KEY.sign_payload(encode_ordered(payload)),
        _WHOLE: lambda: sign(USUAL, _KEY),
        _PEER: lambda: cwt.COSE.new().encode_and_sign(cbor2.dumps(payload), key, protected=header),
    }


def _verifying() -> dict[str, Callable[[], object]]:
    data = sign(USUAL, _KEY)
    payload = decode(data).value[2]
    signature, public = _PRIVATE.sign(payload, _ECDSA), _PRIVATE.public_key()
    key, known = _peer_key(), {_KEY.kid: _KEY.public}
    return {
        _RAW: lambda: public.verify(signature, payload, _ECDSA),
        _COSE: lambda: decode(verified_payload(data, known)[0]),
        _WHOLE: lambda: open_signed(data, known),
        _PEER: lambda: cbor2.loads(cwt.COSE.new().decode(data, key)),
    }


def _peer_key() -> COSEKeyInterface:
    scalar = _PRIVATE.private_numbers().private_value.to_bytes(32)
    point = _PRIVATE.public_key().public_numbers()
    parts = {-1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32), -4: scalar}
    return cwt.COSEKey.new({1: 2, 2: _KEY.kid, 3: -7, **parts})


def _best(work: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return CPU seconds a call, of the best of many short rounds that take turns."""
    best = dict.fromkeys(work, float("inf"))
    for _ in range(ROUNDS):
        for name, call in work.items():
            began = time.process_time()
            for _ in range(EACH):
                call()
            best[name] = min(best[name], (time.process_time() - began) / EACH)
    return best


def _codes() -> Iterator[str]:
    urls = [to_url(sign(claims, _KEY), HOST) for claims in (USUAL, LONGEST)]
    symbols = [qr(url) for url in urls]
    began = time.process_time()
    for _ in range(20):
        qr(urls[1])
    made = (time.process_time() - began) / 20
    taken = list(islice(cycle(zip(urls, symbols, strict=True)), PHOTOS))
    images = [photo(symbol, seed) for seed, (_, symbol) in enumerate(taken)]
    expected = [url for url, _ in taken]
    by_zxing, by_zbar = [read_by_zxing(image) for image in images], read_by_zbar(images)
    yield f"## The face QR in {PHOTOS} simulated phone photos"
    yield ""
    yield "| reader | read right |"
    yield "|---|---|"
    for name, read in (("zxing-cpp", by_zxing), ("zbar", by_zbar)):
        yield f"| {name} | {sum(map(str.__eq__, map(str, read), expected))} of {PHOTOS} |"
    yield ""
    yield f"Versions {symbols[0].version}-M (ordinary) and {symbols[1].version}-M (the longest"
    yield f"likely), {1000 * made:.1f} ms CPU to make. {PIXELS} pixels a module, turned up"
    yield "to 20 degrees and tilted up to 12 each way at 20 cm, blurred (sigma 0.3 to 0.8 pixels),"
    yield "noise of 2 to 7 grey levels, lit from one side with a shadow, JPEG 80; seeded."
