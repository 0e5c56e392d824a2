# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `tuidang doctor` looks at: each check reads, changes nothing, and says what to do."""

import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tuidang.cli.certificate_checks import (
    check_issuing,
    check_verify_host,
    check_verifying_page,
)
from tuidang.cli.cosigner_checks import check_cosigners, check_timestamps
from tuidang.cli.findings import Finding
from tuidang.registry.transparency.checkpoint import read_public
from tuidang.registry.transparency.errors import LockMissing, TransparencyError
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.s3 import Bucket
from tuidang.registry.transparency.stored_log import source_of
from tuidang.registry.transparency.stores import open_lock, open_store
from tuidang.registry.vault.models import Member, RingKey
from tuidang.registry.vault.months import month_of
from tuidang.verify.errors import AuditFailed, TrustError
from tuidang.verify.log_audit import audit
from tuidang.verify.trust import parse_trust

FREE_BYTES = 1 << 30
RESERVED = (".invalid/", ".test/", ".example/")


Check = Callable[[], Iterator[Finding]]


def check_database() -> Iterator[Finding]:
    """The tables are current, and what the database cannot do is said."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding("wrong", "The tables are not current. Run: tuidang install")
    else:
        yield Finding("ok", "The tables are current.")
    if connection.vendor == "sqlite":
        yield Finding("note", "SQLite has no database roles: sealing is the only wall between the "
                      "public door and what came in. Production uses PostgreSQL.")  # fmt: skip
    elif not settings.PUBLIC_ROLE:
        yield Finding("wrong", "The public door has no role of its own. Make one, set "
                      "TUIDANG_PUBLIC_DATABASE to it, and run: tuidang install")  # fmt: skip
    elif _may_read_sealed(settings.PUBLIC_ROLE):
        yield Finding(
            "wrong", "The public door's role may read what is sealed. Run: tuidang install"
        )
    else:
        yield Finding("ok", "The public door's role cannot read what is sealed.")


def check_rings() -> Iterator[Finding]:
    """Somebody can open what is sealed, and there are keys for this month."""
    month = month_of(datetime.now(UTC).date())
    for ring in RingKey.Ring:
        yield _ring_finding(ring, month)
    if not (settings.KEYS_FOLDER / "recovery.recipient").exists():
        yield Finding("note", "There is no offline recovery key.")


def _ring_finding(ring: str, month: str) -> Finding:
    key = RingKey.objects.filter(ring=ring, month=month).first()
    if key is None:
        return Finding("wrong", f"The ring '{ring}' has no key for {month}: nothing can come in. "
                       "Run: tuidang install")  # fmt: skip
    if key.wraps.count() < 2:
        return Finding("wrong", f"Fewer than two volunteers can open this month's ring '{ring}'.")
    able = f"{key.wraps.count()} of {Member.objects.count()} volunteers"
    return Finding("ok", f"{able} can open this month's ring '{ring}'.")


def check_files() -> Iterator[Finding]:
    """Keys are readable by this user alone, memory is memory, and there is room on the disk."""
    open_to_others = [path.name for path in _secret_files() if path.stat().st_mode & 0o077]
    if open_to_others:
        yield Finding("wrong", f"Others may read {', '.join(open_to_others)}. Run: chmod 600")
    else:
        yield Finding("ok", "Key files are readable by this user alone.")
    if _file_system(settings.MEMORY_FOLDER) not in {"tmpfs", "ramfs"}:
        yield Finding("wrong", "The folder of the day keys is not in memory. Set TUIDANG_MEMORY to "
                      "a folder on a tmpfs.")  # fmt: skip
    if shutil.disk_usage(settings.DATA).free < FREE_BYTES:
        yield Finding("wrong", "Less than 1 GiB is free on the disk of the data folder.")


def check_log() -> Iterator[Finding]:
    """The log's files pass the audit and are the database's."""
    last = Batch.objects.published().last_batch()
    if last is None:
        yield Finding("note", "Nothing has been published yet.")
        return
    try:
        trust = parse_trust((settings.TRUST_FOLDER / "trust.json").read_bytes())
        report = audit(source_of(open_store()), trust)
    except (AuditFailed, TrustError, OSError) as error:
        yield Finding("wrong", f"The log does not pass the audit: {error}")
        return
    if report.size != last.size:
        yield Finding("wrong", "The database and the log's files differ in size. Do not publish; "
                      "see docs/how-to/operator.md.")  # fmt: skip
    else:
        yield Finding("ok", f"The log passes the audit: {report.size} entries.")


def check_publication() -> Iterator[Finding]:
    """The next batch can be begun: nothing is half done, the lock store fits, there is room."""
    for batch in Batch.objects.filter(state=Batch.State.PREPARED):
        if batch.checkpoint:
            yield Finding("wrong", f"Batch {batch.number} is signed and not public: cosigners are "
                          "missing, or it was interrupted. Run: tuidang log publish")  # fmt: skip
        else:
            yield Finding("note", f"Batch {batch.number} was begun and not signed; the next "
                          "publication undoes it.")  # fmt: skip
    try:
        signed, public = open_lock().read(), read_public(open_store())
    except TransparencyError as error:
        yield Finding("wrong", str(error))
        return
    if (signed or "").partition("\n\n")[0] == (public or "").partition("\n\n")[0]:
        yield Finding("ok", "The lock store holds the checkpoint that is public.")
    elif signed is None:
        yield Finding("wrong", str(LockMissing()))
    else:
        yield Finding("note", "The lock store and the public checkpoint differ. Run: tuidang log "
                      "publish, which goes on or says what is wrong.")  # fmt: skip
    for place, store in (("log", open_store()), ("lock store", open_lock())):
        if store.free_bytes() < settings.FREE_BYTES:
            yield Finding("wrong", f"The file system of the {place} is short of room: no batch is "
                          f"begun with less than {settings.FREE_BYTES} bytes free.")  # fmt: skip


def check_services() -> Iterator[Finding]:
    """Storage services do what all of publication rests on: they overwrite nothing."""
    for address in filter(None, (settings.LOG_STORE, settings.LOCK_STORE)):
        try:
            holds = Bucket(address).holds_conditions()
        except TransparencyError as error:
            yield Finding("wrong", str(error))
            continue
        if holds:
            yield Finding("ok", f"{address} overwrites nothing.")
        else:
            yield Finding("wrong", f"{address} ignores conditional writes and may overwrite the "
                          "log. Do not publish there; take another service.")  # fmt: skip


def check_demonstration() -> Iterator[Finding]:
    """A production origin has no login files, no samples' origin, and no lowered minima."""
    logins = sorted(settings.DATA.glob("*-volunteer.json"))
    reserved = any(part in settings.ORIGIN for part in RESERVED)
    if settings.DEMONSTRATION:
        yield Finding("note", "This is a demonstration: logins lie in files, minima are lowered.")
        if not reserved:
            yield Finding("wrong", "A demonstration under a production origin. Set TUIDANG_ORIGIN "
                          "to a name under .invalid, or TUIDANG_DEMONSTRATION=0.")  # fmt: skip
    if logins and not reserved:
        yield Finding("wrong", "Login files lie in the data folder of a production origin. Enrol "
                      "volunteers of your own and delete them.")  # fmt: skip
    if settings.MIN_BATCH < 1000 or settings.MIN_CELL < 20:
        yield Finding("note", f"Minima are lowered: batch {settings.MIN_BATCH}, "
                      f"cell {settings.MIN_CELL}. The tally page says so.")  # fmt: skip


CHECKS: tuple[Check, ...] = (
    check_database,
    check_rings,
    check_files,
    check_log,
    check_publication,
    check_services,
    check_cosigners,
    check_timestamps,
    check_issuing,
    check_verify_host,
    check_verifying_page,
    check_demonstration,
)


def _may_read_sealed(role: str) -> bool:
    """Ask PostgreSQL whether `role` may read the sealed column or a volunteer's row."""
    asked = (
        "SELECT has_column_privilege(%s, 'declarations_declaration', 'sealed', 'SELECT')"
        " OR has_table_privilege(%s, 'accounts_volunteer', 'SELECT')"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [role, role])
        return bool(cursor.fetchone()[0])


def _secret_files() -> list[Path]:
    folders = (settings.KEYS_FOLDER.glob("*"), settings.DATA.glob("*-volunteer.json"))
    return [path for files in folders for path in files if stat.S_ISREG(path.stat().st_mode)]


def _file_system(folder: Path) -> str:
    """Return the type of the file system that holds `folder`, by the longest mount point."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    fitting = [m for m in mounts if folder.resolve().is_relative_to(m[1])]
    return max(fitting, key=lambda m: len(m[1]))[2] if fitting else ""
