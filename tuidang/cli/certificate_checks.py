# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `tuidang doctor` looks at of certificates: keys, fonts, and what the bundle tells."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings

from tuidang.cli.findings import Finding
from tuidang.pure.credential.face_code import CodeError, to_url
from tuidang.pure.ledger.entries import VERIFYING_PAGE
from tuidang.registry.certificates.errors import IssuerKeysUnusable
from tuidang.registry.certificates.keys import IssuerKeys, read_issuer_keys
from tuidang.registry.certificates.paper.fonts import missing_fonts
from tuidang.registry.transparency.errors import TransparencyError
from tuidang.registry.transparency.keys import read_keys
from tuidang.registry.transparency.models import Note
from tuidang.verify.certificate.trust import Bundle, read_bundle
from tuidang.verify.errors import TrustError
from tuidang.verify.page import PageMissing, page_digest

YEAR = 365
RESERVED_HOSTS = (".invalid", ".test", ".example", "localhost")


def check_issuing() -> Iterator[Finding]:
    """The keys that issue are there, are told of, and have not come to their end."""
    try:
        keys = read_issuer_keys(Path(settings.KEYS_FOLDER))
        bundle = read_bundle((Path(settings.TRUST_FOLDER) / "trust.note").read_bytes())
    except (IssuerKeysUnusable, TrustError) as error:
        yield Finding("wrong", f"No certificate can be issued: {error}")
        return
    except FileNotFoundError:
        yield Finding("wrong", "There is no trust bundle. Run: tuidang install")
        return
    today = datetime.now(UTC).date()
    yield _told(keys, bundle, today)
    yield from _end_of_paper_key(keys.pades_certificate.not_valid_after_utc.date(), today)
    yield from (Finding("wrong", words) for words in missing_fonts())


def check_verify_host() -> Iterator[Finding]:
    """The host of the verifying page is one that exists: it stands on every paper for good."""
    try:
        to_url(b"", settings.VERIFY_HOST)
    except CodeError:
        yield Finding("wrong", f"{settings.VERIFY_HOST} cannot stand in a certificate's code. Set "
                      "TUIDANG_VERIFY_HOST to the host alone, in small letters.")  # fmt: skip
        return
    host = settings.VERIFY_HOST.partition(":")[0]
    if not settings.DEMONSTRATION and host.endswith(RESERVED_HOSTS):
        yield Finding("wrong", f"Certificates name {settings.VERIFY_HOST} as the host that checks "
                      "them, for good. Set TUIDANG_VERIFY_HOST before any is issued.")  # fmt: skip


def check_verifying_page() -> Iterator[Finding]:
    """The verifying page is there, and the log holds its hash, or will with the next batch."""
    try:
        keys = read_keys(Path(settings.KEYS_FOLDER), settings.ORIGIN)
        digest = page_digest(settings.ORIGIN, keys.log.vkey)
    except PageMissing as error:
        yield Finding("note", f"{str(error).capitalize()}.")
        return
    except TransparencyError as error:
        yield Finding("wrong", str(error))
        return
    if Note.objects.filter(kind=VERIFYING_PAGE, digest=digest).exists():
        yield Finding("ok", "The log is told of the verifying page.")
    else:
        yield Finding("wrong", "The verifying page has changed and the log does not know. "
                      "Run: tuidang install")  # fmt: skip


def _told(keys: IssuerKeys, bundle: Bundle, today: date) -> Finding:
    issuer = bundle.issuers.get(keys.cose.kid)
    if issuer is None or not issuer.period.holds(today):
        return Finding("wrong", "The trust bundle does not name the key that issues certificates "
                       "today. Run: tuidang install")  # fmt: skip
    return Finding("ok", "The trust bundle names the keys that issue certificates.")


def _end_of_paper_key(last: date, today: date) -> Iterator[Finding]:
    """PDF readers judge by this certificate; ours by the bundle alone."""
    if last < today:
        yield Finding("wrong", f"The certificate of the key that signs papers ended on {last}. "
                      "Run: tuidang certificate key --replace")  # fmt: skip
    elif (last - today).days < YEAR:
        yield Finding("note", f"The certificate of the key that signs papers ends on {last}. "
                      "Run in time: tuidang certificate key --replace")  # fmt: skip
