# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two keys that issue: one signs certificates, one signs the papers that carry them.

They are files in the keys folder, mode 600, outside the database and its backups. A key that
goes leaves its public half behind: `issuers.json` says from when until when each key signed, and
which papers' certificates there were. What it says of a key is never taken back, but for a stolen
one, which is to be trusted no longer; nothing here may lose a line of it.

Source: `certificates.md` section 3.
"""

import json
import os
import secrets
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tuidang.pure.credential.cose import IssuerKey, IssuerPublic, KeyFormatError
from tuidang.registry.certificates.errors import IssuerKeysUnusable
from tuidang.registry.certificates.paper.cms import PadesKey, make_certificate
from tuidang.registry.transparency.durable import replace_file
from tuidang.registry.vault.host_keys import write_new

ISSUER_FILE, PAPER_FILE, KNOWN_FILE = "issuer.pem", "paper.pem", "issuers.json"
PAPER_YEARS = 10
SERIAL_BITS = 120


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    """What signs: `cose` the certificate, `pades` the PDF."""

    cose: IssuerKey
    pades: PadesKey

    @property
    def pades_key(self) -> ec.EllipticCurvePrivateKey:
        """The private key of the paper."""
        return self.pades.private

    @property
    def pades_certificate(self) -> x509.Certificate:
        """The self-signed certificate of the paper's key."""
        return self.pades.certificate


@dataclass(frozen=True, slots=True)
class KnownIssuer:
    """A key that signs or signed certificates: the days are both included."""

    public: IssuerPublic
    since: date
    until: date | None = None
    stolen: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Every issuer key there ever was, oldest first, and every certificate of a paper key (PEM)."""

    issuers: tuple[KnownIssuer, ...] = ()
    papers: tuple[str, ...] = ()


def make_issuer_keys(folder: Path, *, issuer: str, day: date) -> None:
    """Make the keys where there never were any, and say so in `issuers.json`.

    `issuer` is the short text of the claims: nothing else stands in the paper's certificate. Two
    processes that start together agree. Raises IssuerKeysUnusable where a key is lost or damaged:
    a new one in its place must be somebody's decision.
    """
    if not (folder / KNOWN_FILE).exists():
        write_new(folder / ISSUER_FILE, _private_pem(_new_key()))
        if not (folder / PAPER_FILE).exists():
            write_new(folder / PAPER_FILE, _paper_pem(issuer, day))
    _remember(folder, day)


def read_issuer_keys(folder: Path) -> IssuerKeys:
    """Return the keys that sign now; raises IssuerKeysUnusable unless both can be used."""
    cose = _read_private(folder / ISSUER_FILE)
    private = _read_private(folder / PAPER_FILE)
    try:
        certificate = x509.load_pem_x509_certificate((folder / PAPER_FILE).read_bytes())
    except ValueError as error:
        raise IssuerKeysUnusable(PAPER_FILE) from error
    if certificate.public_key() != private.public_key():
        raise IssuerKeysUnusable(PAPER_FILE)
    return IssuerKeys(IssuerKey(cose), PadesKey(private, certificate))


def read_known(folder: Path) -> Known:
    """Return what is kept of all keys, nothing before the first; raises IssuerKeysUnusable."""
    try:
        return _known(json.loads((folder / KNOWN_FILE).read_text("utf-8")))
    except FileNotFoundError:
        return Known()
    except (ValueError, TypeError, KeyError, KeyFormatError) as error:
        raise IssuerKeysUnusable(KNOWN_FILE) from error


def replace_issuer_keys(folder: Path, *, issuer: str, day: date, stolen: bool = False) -> None:
    """Retire both keys on a day and put new ones in their place.

    What they signed until then stays good, but for `stolen` keys, which nobody shall trust any
    more: whatever they signed has to be issued again. After a crash the same call goes on. Raises
    IssuerKeysUnusable.
    """
    known = _with(read_known(folder), read_issuer_keys(folder), day)
    ended = tuple(
        replace(each, until=each.until or day, stolen=each.stolen or stolen)
        for each in known.issuers
    )
    _write_known(folder, Known(ended, () if stolen else known.papers))
    _overwrite(folder / ISSUER_FILE, _private_pem(_new_key()))
    _overwrite(folder / PAPER_FILE, _paper_pem(issuer, day))
    _remember(folder, day)


def _remember(folder: Path, day: date) -> None:
    known = read_known(folder)
    updated = _with(known, read_issuer_keys(folder), day)
    if updated != known:
        _write_known(folder, updated)


def _with(known: Known, keys: IssuerKeys, day: date) -> Known:
    """Add the present keys; one that `issuers.json` forgot signs since its paper's key does."""
    issuers, papers = known.issuers, known.papers
    if keys.cose.public not in [each.public for each in issuers]:
        since = min(day, keys.pades_certificate.not_valid_before_utc.date())
        issuers = (*issuers, KnownIssuer(keys.cose.public, since))
    pem = keys.pades_certificate.public_bytes(Encoding.PEM).decode("ascii")
    return Known(issuers, papers if pem in papers else (*papers, pem))


def _known(found: dict[str, Any]) -> Known:
    issuers = tuple(
        KnownIssuer(
            IssuerPublic.from_jwk(each["jwk"]),
            date.fromisoformat(each["from"]),
            date.fromisoformat(each["until"]) if each["until"] else None,
            bool(each["stolen"]),
        )
        for each in found["issuers"]
    )
    return Known(issuers, tuple(map(str, found["papers"])))


def _write_known(folder: Path, known: Known) -> None:
    issuers = [
        {
            "jwk": each.public.jwk(),
            "from": each.since.isoformat(),
            "until": each.until.isoformat() if each.until else None,
            "stolen": each.stolen,
        }
        for each in known.issuers
    ]
    text = json.dumps({"issuers": issuers, "papers": known.papers}, indent=1) + "\n"
    draft = folder / f".{KNOWN_FILE}.draft"
    replace_file(folder / KNOWN_FILE, text.encode(), draft=draft, mode=0o600)


def _read_private(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise IssuerKeysUnusable(path.name) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise IssuerKeysUnusable(path.name)
    return key


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _paper_pem(issuer: str, day: date) -> bytes:
    private = _new_key()
    last = day.replace(year=day.year + PAPER_YEARS, day=min(day.day, 28))
    serial = secrets.randbits(SERIAL_BITS) | 1 << SERIAL_BITS
    certificate = make_certificate(private, issuer=issuer, serial=serial, first=day, last=last)
    return _private_pem(private) + certificate.public_bytes(Encoding.PEM)


def _overwrite(path: Path, content: bytes) -> None:
    """Put a new key in the place of an old one, of which not even the blocks shall stay."""
    with path.open("r+b") as old:
        size = os.fstat(old.fileno()).st_size
        draft = path.with_name(f".{path.name}.draft")
        replace_file(path, content, draft=draft, mode=0o600)
        old.write(secrets.token_bytes(size))
        old.flush()
        os.fsync(old.fileno())
