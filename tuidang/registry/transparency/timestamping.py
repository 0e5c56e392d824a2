# SPDX-License-Identifier: AGPL-3.0-or-later
"""Timestamps of published checkpoints, for an installation that has no witnesses yet.

What is stamped is the SHA-256 of the text of the checkpoint's note, without its signature lines.
Publication never waits for this: a service that is down is asked again by the timetable.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.transparency import trust
from tuidang.registry.transparency.asking import Unanswered, ask_all
from tuidang.registry.transparency.durable import make_folder, replace_file
from tuidang.registry.transparency.models import Batch, Timestamp
from tuidang.registry.transparency.stores import open_store
from tuidang.registry.transparency.timestamp import Stamp, TimestampService, installed_services

FOLDER = "timestamps"
SKEW = timedelta(hours=1)
log = logging.getLogger("tuidang.timestamps")


@dataclass(frozen=True, slots=True)
class Stamped:
    """Which services have stamped a batch just now, and which have not answered."""

    new: tuple[str, ...]
    missing: tuple[str, ...]


def message_of(batch: Batch) -> bytes:
    """Return the bytes whose SHA-256 is stamped: the checkpoint's text, its last newline too."""
    return (batch.checkpoint.partition("\n\n")[0] + "\n").encode()


def stamp(batch: Batch, *, now: datetime, by: Doer = REGISTRY) -> Stamped:
    """Ask each service that has not stamped this published batch, all side by side.

    Keeps what verifies, as rows and as files, and renews the trust bundle. Raises
    TimestampsUnusable for a setting that cannot be followed.
    """
    have = set(batch.timestamps.values_list("service", flat=True))
    services = [each for each in installed_services() if each.name not in have]
    if not services:
        write_files(batch)
        return Stamped((), ())
    message = message_of(batch)
    replies = ask_all(
        {each.name: partial(_fresh, each, message, batch, now) for each in services},
        seconds=settings.WITNESSES_SECONDS,
    )
    found = {name: reply.value for name, reply in replies.items() if reply.value is not None}
    missing = [(name, reply.reason) for name, reply in replies.items() if reply.value is None]
    for name, reason in missing:
        log.warning("no timestamp by %s: %s", name, reason)
    if found:
        with open_store().alone():
            _keep(batch, found, by=by)
            write_files(batch)
            trust.renew(now=now)
    return Stamped(tuple(found), tuple(name for name, _ in missing))


def write_files(batch: Batch) -> None:
    """Write what was said of a batch as `<size>-<service>.tsr`, for anybody's own tools.

    A file that is there stays as it is.
    """
    folder = Path(settings.TRUST_FOLDER) / FOLDER
    for row in batch.timestamps.all():
        name = f"{batch.size}-{row.service}.tsr"
        if not (folder / name).exists():
            make_folder(folder)
            replace_file(folder / name, bytes(row.response), draft=folder / f".{name}.draft")


def _fresh(service: TimestampService, message: bytes, batch: Batch, now: datetime) -> Stamp:
    """Return a stamp whose time is plausible: not before the batch's day, not after now."""
    stamp = service.stamp(message)
    began = datetime.combine(batch.last_day, datetime.min.time(), UTC)
    if not began - SKEW <= stamp.time.astimezone(UTC) <= now + SKEW:
        raise Unanswered("time")
    return stamp


@transaction.atomic
def _keep(batch: Batch, found: dict[str, Stamp], *, by: Doer) -> None:
    Timestamp.objects.bulk_create(
        Timestamp(batch=batch, service=name, response=each.response) for name, each in found.items()
    )
    audit.record("stamp", batch.pk, by=by, day=batch.last_day, services=len(found))
