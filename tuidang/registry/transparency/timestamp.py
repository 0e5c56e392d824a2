# SPDX-License-Identifier: AGPL-3.0-or-later
"""Services that put a time under a hash (RFC 3161), as the log reaches them.

A service gets 32 bytes that are public, and a nonce. It has not seen the log and checks no
consistency: it is no witness, and must never be counted as one.
"""

import re
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography.x509 import Certificate, load_pem_x509_certificate
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from tuidang.registry.transparency.asking import Question, Unanswered, ask, check_url
from tuidang.registry.transparency.der_order import certificates_in_order
from tuidang.registry.transparency.errors import TimestampsUnusable

CONSOLE = "console:"
LIMIT = 64 * 1024  # bytes of an answer: a chain of certificates is a few thousand
_SERVICE = re.compile(r"([a-z0-9][a-z0-9-]{0,62})=([^;]+)(?:;(.+))?\Z")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A response that was verified: its DER bytes, and the time in it."""

    response: bytes
    time: datetime


class TimestampService(Protocol):
    """Somebody who says at what time they saw a hash."""

    name: str

    def stamp(self, message: bytes) -> Stamp:
        """Return a verified response over SHA-256 of the message; raises Unanswered."""


class HttpService:
    """The real one: RFC 3161 over HTTP (its section 3.4), held to one root certificate."""

    def __init__(self, name: str, url: str, root: Certificate) -> None:
        self.name = name
        self._url, self._root = url, root

    def stamp(self, message: bytes) -> Stamp:
        """Ask with a nonce and for the certificate, and verify all of the answer."""
        request = (
            TimestampRequestBuilder()
            .data(message)
            .hash_algorithm(HashAlgorithm.SHA256)
            .nonce(nonce=True)
            .cert_request(cert_request=True)
            .build()
        )
        question = Question(self._url, request.as_bytes(), "application/timestamp-query")
        answer = ask(question, seconds=settings.WITNESS_SECONDS, limit=LIMIT)
        if answer.status != 200:
            raise Unanswered(f"status_{answer.status}")
        return Stamp(answer.body, self._verify(request, answer.body, message).tst_info.gen_time)

    def _verify(self, request: TimeStampRequest, data: bytes, message: bytes) -> TimeStampResponse:
        builder = VerifierBuilder.from_request(request).add_root_certificate(self._root)
        try:
            response = decode_timestamp_response(certificates_in_order(data))
            builder.build().verify_message(response, message)
        except (VerificationError, ValueError) as error:
            raise Unanswered("not_a_timestamp") from error
        return response


class ConsoleService:
    """Shows what would be stamped, and stamps nothing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def stamp(self, message: bytes) -> Stamp:
        """Print the message; raises Unanswered."""
        sys.stderr.write(message.decode())
        raise Unanswered("console")


def installed_services() -> list[TimestampService]:
    """Return the services of this installation, in the order of the setting.

    Raises TimestampsUnusable for a name that cannot be in a file's, an address that is not http
    or https, and a certificate that cannot be read.
    """
    services = [_service(each) for each in settings.TIMESTAMP_SERVICES]
    if len({each.name for each in services}) != len(services):
        raise TimestampsUnusable(why="it names a service twice")
    return services


def time_of(response: bytes) -> datetime:
    """Return the time in a response that was verified when it came."""
    return decode_timestamp_response(certificates_in_order(response)).tst_info.gen_time


def _service(text: str) -> TimestampService:
    found = _SERVICE.match(text)
    if found is None:
        raise TimestampsUnusable(why="not name=url;certificate.pem, separated by spaces")
    name, url, root = found.groups()
    if url == CONSOLE:
        return ConsoleService(name)
    try:
        check_url(url)
        return HttpService(name, url, load_pem_x509_certificate(Path(root or "").read_bytes()))
    except Unanswered as error:
        raise TimestampsUnusable(why=f"the address of {name} is not http or https") from error
    except (OSError, ValueError) as error:
        raise TimestampsUnusable(why=f"the certificate of {name} cannot be read") from error
