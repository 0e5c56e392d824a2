# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public files: the log by tlog-tiles (log spec, section 5), trust files, health.

A path is read as what it names and written anew before a file is opened, so that nothing but
a tile, a bundle or the checkpoint can be asked for. A static file server may take this over.
"""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from tuidang import verify
from tuidang.pure.merkle.tiles import TileError, parse_path
from tuidang.registry.transparency.errors import FileMissing, StoreUnreachable
from tuidang.registry.transparency.storage import CHECKPOINT
from tuidang.registry.transparency.stores import open_store
from tuidang.web.public.refusals import only, refuse

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
JSON = "application/json"
FOREVER = "public, max-age=31536000, immutable"
SECONDS = "public, max-age=5"
MINUTES = "public, max-age=300"
# Anyone may recompute the log, also from another site's page.
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
AUDITOR = Path(verify.__file__).with_name("audit_log.py")
_TRUST_TYPES = {"trust.json": JSON, "trust.note": TEXT}
_EVIDENCE_TYPES = {"timestamps": "application/timestamp-reply", "statements": TEXT}
_ROBOTS = b"User-agent: *\nDisallow: /api/\nDisallow: /log/tile/\nDisallow: /log/parts/\n"


@only("GET", "HEAD")
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Give the newest signed checkpoint."""
    return _log_file(request, CHECKPOINT, TEXT, SECONDS)


@only("GET", "HEAD")
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """Give a tile or an entry bundle; `path` is what follows `tile/`."""
    try:
        named = parse_path(f"tile/{path}")
    except TileError:
        return refuse(request, 404)
    return _log_file(request, named.path, BYTES, FOREVER)


@only("GET", "HEAD")
def trust(request: HttpRequest, name: str) -> HttpResponse:
    """Give a file of the trust bundle."""
    return _file(request, Path(settings.TRUST_FOLDER) / name, _TRUST_TYPES[name], MINUTES)


@only("GET", "HEAD")
def evidence(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Give a timestamp of a checkpoint, or a statement that a note in the log refers to.

    The address says how a name is spelled. Both kinds never change: a statement is named by
    its own hash, and a timestamp by the size that it is about.
    """
    path = Path(settings.TRUST_FOLDER) / kind / name
    return _file(request, path, _EVIDENCE_TYPES[kind], FOREVER)


@only("GET", "HEAD")
def auditor(request: HttpRequest) -> HttpResponse:
    """Give the single-file auditor, as text that a critic reads before it is run."""
    return _file(request, AUDITOR, TEXT, MINUTES)


@only("GET", "HEAD")
def robots(_request: HttpRequest) -> HttpResponse:
    """Keep search engines out of what no reader looks for."""
    return HttpResponse(_ROBOTS, content_type=TEXT, headers={"Cache-Control": MINUTES})


@only("GET", "HEAD")
def health(_request: HttpRequest) -> HttpResponse:
    """Say whether the database answers, and nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse(b"no\n", content_type=TEXT, status=503)
    return HttpResponse(b"ok\n", content_type=TEXT)


def _log_file(request: HttpRequest, path: str, content_type: str, caching: str) -> HttpResponse:
    try:
        data = open_store().read(path)
    except (FileMissing, NotADirectoryError, IsADirectoryError):
        return refuse(request, 404)
    except StoreUnreachable:
        return refuse(request, 503)
    return _answer(data, content_type, caching)


def _file(request: HttpRequest, path: Path, content_type: str, caching: str) -> HttpResponse:
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return refuse(request, 404)
    return _answer(data, content_type, caching)


def _answer(data: bytes, content_type: str, caching: str) -> HttpResponse:
    headers = {**OPEN, "Cache-Control": caching}
    return HttpResponse(data, content_type=content_type, headers=headers)
