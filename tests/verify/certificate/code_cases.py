# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of the common set that are codes: texts and pictures, genuine and forged."""

import io
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from PIL import Image

from tests.verify.certificate.made import (
    ALIAS,
    OTHER,
    OWN,
    VERIFY_HOST,
    Made,
    altered_text,
    as_text,
    genuine_text,
)
from tests.verify.certificate.sample_bundle import (
    ISSUER,
    LIST,
    OTHER_LIST,
    RETIRED,
    REVOKED_INDEX,
    STRANGER,
    SUPERSEDED_INDEX,
    UNKNOWN_INDEX,
    claims_of,
    private_key,
)
from tuidang.pure.credential import cbor, face_code
from tuidang.pure.credential.claims import Claims, to_map
from tuidang.pure.credential.cose import sign
from tuidang.pure.credential.qr import qr

GENUINE = sign(claims_of(OWN), ISSUER)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def dateless(**changes: object) -> Claims:
    """Return the claims of somebody whose date proof follows."""
    nothing = {"received": None, "linked": None, "bound": False, "commitments": None}
    return claims_of(OWN, **{**nothing, **changes})


def genuine() -> Iterator[Made]:
    """Yield codes of genuine certificates, in all spellings, and what the bundle says of them."""
    yield genuine_text("code-url", GENUINE)
    yield Made("code-decimal.txt", face_code.to_decimal(GENUINE).encode(), "valid", "dates_stated")
    yield Made("code-td1.txt", face_code.to_text(GENUINE).encode(), "valid", "dates_stated")
    yield Made("code-bytes.cose", GENUINE, "valid", "dates_stated")
    yield genuine_text("code-date-follows", sign(dateless(), ISSUER), "dates_follow")
    yield genuine_text("code-alias", sign(claims_of(ALIAS), ISSUER))
    old = as_text("code-old-bundle", GENUINE, "valid", "dates_stated", bundle="old", fresh=False)
    yield old
    for index, outcome, reason in (
        (REVOKED_INDEX, "revoked", "revoked"),
        (SUPERSEDED_INDEX, "superseded", "superseded"),
        (UNKNOWN_INDEX, "revoked", "status_unknown"),
    ):
        yield as_text(
            f"code-{reason}", sign(claims_of(OWN, status=(LIST, index)), ISSUER), outcome, reason
        )
    unlisted = sign(claims_of(OWN, status=(OTHER_LIST, 5)), ISSUER)
    yield as_text("code-unknown-list", unlisted, "valid", "dates_stated", fresh=False)
    yield Made("picture-scan.png", picture([GENUINE]), "valid", "dates_stated")
    photo = picture([GENUINE], turn=7, kind="JPEG")
    yield Made("picture-photo.jpg", photo, "valid", "dates_stated")


def forged() -> Iterator[Made]:
    """Yield codes that must be refused, each with its reason."""
    yield from _forged_signatures()
    yield from _forged_bytes()
    yield from _wrong_texts()
    yield from _wrong_pictures()


def _forged_signatures() -> Iterator[Made]:
    claims = claims_of(OWN)
    stranger = sign(claims, STRANGER)
    yield as_text("code-unknown-issuer", stranger, "not_ours", "unknown_issuer")
    yield as_text("code-retired-key", sign(claims, RETIRED), "not_ours", "key_not_in_force")
    swapped = GENUINE.replace(ISSUER.kid, RETIRED.kid)
    yield altered_text("code-swapped-kid", swapped, "signature")
    borrowed = stranger.replace(STRANGER.kid, ISSUER.kid)
    yield altered_text("code-borrowed-kid", borrowed, "signature")
    yield altered_text("code-high-s", _high_s(GENUINE), "high_s")
    payload = cbor.encode(to_map(claims))
    for name, algorithm in (("none", "none"), ("zero", 0), ("es384", -35), ("eddsa", -8)):
        header = {1: algorithm, 4: ISSUER.kid}
        yield altered_text(f"code-alg-{name}", signed_item(header, payload), "algorithm")
    bare = signed_item({4: ISSUER.kid}, payload)
    yield altered_text("code-alg-missing", bare, "algorithm")
    yield altered_text("code-p384", _by_p384(payload), "algorithm")
    wrong = signed_item({1: -7, 4: ISSUER.kid}, payload, unprotected={5: b"iv"})
    yield altered_text("code-unprotected-header", wrong, "unprotected_header")
    more = signed_item({1: -7, 4: ISSUER.kid, 15: 0}, payload)
    yield altered_text("code-header-with-more", more, "not_canonical")
    yield altered_text("code-changed-name", GENUINE.replace(b"ZHANG", b"ZHENG"), "signature")


def _forged_bytes() -> Iterator[Made]:
    yield altered_text("code-trailing-bytes", GENUINE + b"\0", "trailing_bytes")
    yield altered_text("code-cut-off", GENUINE[:-1], "not_canonical")
    long_kid = GENUINE.replace(b"\x48" + ISSUER.kid, b"\x58\x08" + ISSUER.kid)
    long_head = long_kid.replace(b"\x4d\xa2", b"\x4e\xa2")
    yield altered_text("code-long-head", long_head, "not_canonical")
    yield altered_text("code-huge-length", GENUINE[:2] + b"\x5a\xff\xff\xff\xff", "huge_length")
    twice = cbor.encode(to_map(claims_of(OWN))).replace(b"\xa3\x01", b"\xa4\x01\x60\x01", 1)
    yield altered_text("code-duplicate-keys", ISSUER.sign_payload(twice), "duplicate_keys")
    unknown = cbor.encode({**to_map(claims_of(OWN)), 99: 1})
    yield altered_text("code-unknown-field", ISSUER.sign_payload(unknown), "claims")
    yield altered_text("code-not-cose", cbor.encode([1, 2, 3]), "not_cose")


def _wrong_texts() -> Iterator[Made]:
    def made(name: str, text: str, reason: str, outcome: str = "unreadable") -> Made:
        return Made(f"text-{name}.txt", text.encode(), outcome, reason)

    digits = face_code.to_decimal(GENUINE)
    url = f"https://{VERIFY_HOST}/#"
    yield made("leading-zero", f"{url}0{digits}", "leading_zero", "altered")
    yield made("cut-off", f"{url}{digits[:-40]}", "code_damaged")
    yield made("too-long", f"{url}{digits * 12}", "code_too_long")
    yield made("letter", f"{url}{digits[:50]}O{digits[50:]}", "not_a_code")
    yield made("no-code", "Dear Sir or Madam", "not_a_code")
    yield made("empty", "", "not_a_code")
    text = face_code.to_text(GENUINE)
    yield made("td1-letter", f"{text[:40]}a{text[41:]}", "code_damaged")
    yield Made("text-binary.bin", bytes(range(256)), "unreadable", "file_unknown")


def _wrong_pictures() -> Iterator[Made]:
    def made(name: str, data: bytes, reason: str) -> Made:
        return Made(f"picture-{name}", data, "unreadable", reason)

    other = sign(claims_of(OTHER), ISSUER)
    yield made("two-certificates.png", picture([GENUINE, other]), "several_codes")
    yield made("no-code.png", as_png(Image.new("L", (400, 300), 255)), "no_code")
    yield made("too-small.png", as_png(Image.new("L", (40, 40), 255)), "picture_too_small")
    yield made("too-large.png", as_png(Image.new("1", (9000, 9000), 1)), "picture_too_large")
    yield made("too-long.png", as_png(Image.new("1", (60, 65_536), 1)), "picture_too_large")
    whole = picture([GENUINE])
    yield made("cut-off.png", whole[: len(whole) // 2], "picture_unreadable")
    yield made("other-code.png", as_png(symbol(f"https://{VERIFY_HOST}/#1234")), "other_code")
    forged = picture([GENUINE.replace(b"ZHANG", b"ZHENG")])
    yield Made("picture-changed-name.png", forged, "altered", "signature")


def signed_item(
    header: dict[int, object], payload: bytes, *, unprotected: dict[int, object] | None = None
) -> bytes:
    """Return a COSE_Sign1 with any header, truly signed by the issuer's key."""
    protected = cbor.encode(header)
    signed = cbor.encode(["Signature1", protected, b"", payload])
    r, s = decode_dss_signature(private_key("issuer").sign(signed, ec.ECDSA(SHA256())))
    signature = r.to_bytes(32) + min(s, ORDER - s).to_bytes(32)
    return b"\xd2" + cbor.encode([protected, unprotected or {}, payload, signature])


def _high_s(cose: bytes) -> bytes:
    s = int.from_bytes(cose[-32:])
    return cose[:-32] + (ORDER - s).to_bytes(32)


def _by_p384(payload: bytes) -> bytes:
    """Sign as ES384 does, under the issuer's key id."""
    key = ec.derive_private_key(12345, ec.SECP384R1())
    protected = cbor.encode({1: -35, 4: ISSUER.kid})
    r, s = decode_dss_signature(key.sign(payload, ec.ECDSA(SHA256())))
    signature = r.to_bytes(48) + s.to_bytes(48)
    return b"\xd2" + cbor.encode([protected, {}, payload, signature])


def symbol(url: str, *, module: int = 4) -> Image.Image:
    """Return the square code of an address, with its quiet zone."""
    rows = qr(url).rows
    image = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
    for y, row in enumerate(rows, 4):
        for x, dark in enumerate(row, 4):
            image.putpixel((x, y), 0 if dark else 255)
    return image.resize((image.width * module, image.height * module), Image.Resampling.NEAREST)


def picture(certificates: list[bytes], *, turn: float = 0, kind: str = "PNG") -> bytes:
    """Return a picture with the codes of these certificates side by side."""
    codes = [symbol(face_code.to_url(each, VERIFY_HOST)) for each in certificates]
    side = max(each.width for each in codes)
    image = Image.new("L", (side * len(codes) + 200, side + 200), 240)
    for place, each in enumerate(codes):
        image.paste(each, (100 + place * side, 100))
    turned = image.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=200)
    return as_png(turned, kind)


def as_png(image: Image.Image, kind: str = "PNG") -> bytes:
    """Return a picture as the bytes of a file, PNG or else JPEG."""
    file = io.BytesIO()
    image.save(file, kind, **({"quality": 80} if kind == "JPEG" else {}))
    return file.getvalue()
