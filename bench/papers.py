# SPDX-License-Identifier: AGPL-3.0-or-later
"""The paper of a certificate: page and signature, beside WeasyPrint and pyHanko's simple signer.

The peer sets the same words in the same fonts with the same code and the same attachments.
"""

import io
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tuidang.pure.credential.claims import Claims, DeclaredAs, IdentityCheck, NoLaterThan
from tuidang.pure.credential.cose import IssuerKey, sign
from tuidang.pure.credential.face import face
from tuidang.pure.credential.numbers import number_from
from tuidang.registry.certificates.paper.cms import PadesKey, make_certificate
from tuidang.registry.certificates.paper.pades import sign_pdf
from tuidang.registry.certificates.paper.paper import make_pdf
from tuidang.registry.certificates.paper.sheet import sheet_with_code

HOST = "verify.sample.invalid"
PROOF = b"sample\n" * 700
MANY = 1_000
_RUNS = 20
_SAMPLE = Claims(
    issuer="sample.invalid/log",
    issued=date(2026, 11, 22),
    number=number_from(bytes(8)),
    latin_name="ZHANG<<SAN",
    chinese_name="张三",
    birth_date=date(1980, 1, 2),
    orgs=7,
    received=NoLaterThan(date(2026, 11, 1), witnessed=True),
    linked=NoLaterThan(date(2026, 11, 21), witnessed=True),
    bound=True,
    check=IdentityCheck("V", "passport", date(2026, 11, 20)),
    declared_as=DeclaredAs(0),
    status=(0, 77_777),
    commitments=(b"\1" * 32, b"\2" * 32),
    branch="样本 Sample",
)
_ISSUER = IssuerKey(ec.generate_private_key(ec.SECP256R1()))
_PRIVATE = ec.generate_private_key(ec.SECP256R1())
_KEY = PadesKey(
    _PRIVATE,
    make_certificate(
        _PRIVATE, issuer=_SAMPLE.issuer, serial=1, first=date(2026, 1, 1), last=date(2036, 1, 1)
    ),
)


def measure() -> str:
    """Return the section."""
    return "\n".join([*_one(), "", *_many()])


def _one() -> Iterator[str]:
    work: dict[str, Callable[[int], bytes]] = {
        "page and signature, ours": lambda number: sign_pdf(_page(number), _KEY),
        "page alone, ours": _page,
        "signature alone, ours": _signature,
        "signature alone, pyHanko's simple signer": lambda _: _by_pyhanko(_fixed()),
    }
    if weasyprint := _weasyprint():
        work["page and signature, WeasyPrint and pyHanko"] = lambda n: _by_pyhanko(weasyprint(n))
    taken = _fastest(work)
    ours = taken["page and signature, ours"]
    yield "## The paper of a certificate, warm"
    yield ""
    yield "| what | CPU ms | times ours | KB |"
    yield "|---|---|---|---|"
    for name, seconds in taken.items():
        size = len(work[name](0)) / 1000
        yield f"| {name} | {1000 * seconds:.1f} | {seconds / ours:.2f} | {size:.0f} |"
    yield ""
    if weasyprint is None:
        yield "WeasyPrint is not installed, so the peer was left out (`requirements/test.in`)."
    yield f"The fastest of {_RUNS} each, taken in turns. Goals: 60 ms, then 30."


def _many() -> Iterator[str]:
    sizes = []
    began = time.process_time()
    for number in range(MANY):
        sign_pdf(_page(number), _KEY)
        sizes.append(_resident())
    taken = time.process_time() - began
    first, last = mean(sizes[:100]), mean(sizes[-100:])
    yield f"{MANY:,} papers in a row: {1000 * taken / MANY:.1f} ms each; resident memory"
    yield f"{first:.0f} MB in the first hundred and {last:.0f} MB in the last."


def _fastest(work: dict[str, Callable[[int], bytes]]) -> dict[str, float]:
    """Return the CPU seconds of the fastest run of each; in turns, so that load hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    for number in range(_RUNS):
        for name, one in work.items():
            began = time.process_time()
            one(number)
            taken[name].append(time.process_time() - began)
    return {name: min(each) for name, each in taken.items()}


def _claims(number: int) -> Claims:
    return replace(_SAMPLE, number=number_from(number.to_bytes(8)))


def _page(number: int) -> bytes:
    claims = _claims(number)
    return make_pdf(sign(claims, _ISSUER), PROOF, claims, "Hans", verify_host=HOST)


@cache
def _fixed() -> bytes:
    """Return one page, to measure signatures alone."""
    return _page(0)


def _signature(_: int) -> bytes:
    return sign_pdf(_fixed(), _KEY)


def _by_pyhanko(pdf: bytes) -> bytes:
    how = PdfSignatureMetadata(field_name="Signature", subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return bytes(signers.sign_pdf(writer, how, signer=_SIGNER).getvalue())


_SIGNER = signers.SimpleSigner(
    signing_cert=asn1_x509.Certificate.load(_KEY.certificate.public_bytes(Encoding.DER)),
    signing_key=keys.PrivateKeyInfo.load(
        _PRIVATE.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    ),
    cert_registry=SimpleCertificateStore(),
)


def _weasyprint() -> Callable[[int], bytes] | None:
    """Return what sets the same page with WeasyPrint, or nothing where that is not installed."""
    try:
        from weasyprint import HTML, Attachment
        from weasyprint.text.fonts import FontConfiguration
    except ImportError:
        return None
    fonts = FontConfiguration()

    def page(number: int) -> bytes:
        claims = _claims(number)
        cose = sign(claims, _ISSUER)
        files = [
            Attachment(string=cose, name="certificate.cose"),
            Attachment(string=PROOF, name="certificate.tlog-proof"),
        ]
        html = HTML(string=_html(claims, cose))
        options: dict[str, Any] = {"pdf_variant": "pdf/a-3u", "attachments": files}
        return bytes(html.write_pdf(font_config=fonts, **options))

    return page


def _html(claims: Claims, cose: bytes) -> str:
    said = face(claims, "Hans")
    rows = "".join(
        f"<tr><td>{r.label_zh}<td>{r.value_zh}<td lang=en>{r.label_en}<td lang=en>{r.value_en}"
        for r in said.rows
    )
    pairs = "".join(f"<tr><td>{s.zh}<td lang=en>{s.en}" for s in (*said.dates, *said.notes))
    code = sheet_with_code(claims, "Hans", cose, HOST)["code"]["svg"]
    words = "".join(f"<p>{s.zh}<p lang=en>{s.en}" for s in said.code)
    return (
        "<!doctype html><html lang=zh-CN><title>Certificate</title><style>@page{size:A4;"
        "margin:15mm 18mm}body{font:9.6pt 'Noto Serif CJK SC'}svg{width:41mm;height:41mm}"
        f"</style><h1>{said.title.zh}<br>{said.title.en}</h1><table>{rows}</table>"
        f"<table>{pairs}</table>{code}{words}"
    )


def _resident() -> float:
    """Return this process's resident memory in megabytes."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        pages = int(file.read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
