# SPDX-License-Identifier: AGPL-3.0-or-later
"""Both auditors behind one question: which file is at fault?"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.verify.sample_logs import TRUST
from tuidang.pure.merkle.tiles import bundles_for_size, tiles_for_size
from tuidang.verify import audit_log
from tuidang.verify.errors import AuditFailed
from tuidang.verify.log_audit import audit
from tuidang.verify.report import summary
from tuidang.verify.sources import open_source
from tuidang.verify.trust import parse_trust

# Ed25519 in plain Python takes 20 ms, and the tests ask about the same few signatures.
audit_log.verify = cache(audit_log.verify)
read_trust = cache(audit_log.read_trust)


def by_package(log: Path | str, trust: bytes = TRUST) -> str:
    """Return the summary that the package gives; raises its AuditFailed."""
    return summary(audit(open_source(str(log)), parse_trust(trust)))


def by_single_file(log: Path | str, trust: bytes = TRUST) -> str:
    """Return the summary that the single file gives; raises its AuditFailed."""
    return audit_log.Audit(str(log), read_trust(trust)).summary()


def fault(log: Path | str, trust: bytes = TRUST) -> str | None:
    """Return the file that both auditors name, None if both accept; fails if they differ.

    They may differ where the checkpoint implies no file today: the single file does not miss
    those of earlier sizes, and names the first file where the package names an unknown folder.
    """
    package = _named(by_package, log, trust)
    single = _named(by_single_file, log, trust)
    if package != single:
        assert isinstance(log, Path)
        assert package is not None
        assert package not in implied(log)
        assert single is None or single.startswith(f"{package}/")
        # What lies there as a file is judged by both; only what is missing, or no file, is not.
        assert single is not None or not (log / package).is_file()
    return package


def implied(log: Path) -> set[str]:
    """Return the files that the checkpoint of a folder implies today."""
    size = int((log / "checkpoint").read_bytes().split(b"\n")[1])
    files = [each.path for each in (*bundles_for_size(size), *tiles_for_size(size))]
    return {"checkpoint", *files}


def _named(auditor: Callable[..., str], log: Path | str, trust: bytes) -> str | None:
    try:
        auditor(log, trust)
    except (AuditFailed, audit_log.AuditFailed) as error:
        return str(error.args[0])
    return None
