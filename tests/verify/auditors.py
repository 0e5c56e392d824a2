# SPDX-License-Identifier: AGPL-3.0-or-later
"""Both auditors behind one question: which file is at fault?"""

from functools import cache
from pathlib import Path

from tests.verify.sample_logs import TRUST
from tuidang.verify import audit_log
from tuidang.verify.errors import AuditFailed
from tuidang.verify.log_audit import audit
from tuidang.verify.report import summary
from tuidang.verify.sources import open_source
from tuidang.verify.trust import parse_trust

# Ed25519 in plain Python takes 20 ms, and the tests ask about the same few signatures.
audit_log.verify = cache(audit_log.verify)
read_keys = cache(audit_log.read_keys)


def by_package(log: Path | str, trust: bytes = TRUST) -> str:
    """Return the summary that the package gives; raises its AuditFailed."""
    return summary(audit(open_source(str(log)), parse_trust(trust)))


def by_single_file(log: Path | str, trust: bytes = TRUST) -> str:
    """Return the summary that the single file gives; raises its AuditFailed."""
    return audit_log.Audit(audit_log.Log(str(log)), read_keys(trust)).summary()


def fault(log: Path | str, trust: bytes = TRUST) -> str | None:
    """Return the file that both auditors name, None if both accept; fails if they differ."""
    verdicts: list[str | None] = []
    for auditor, failure in (
        (by_package, AuditFailed),
        (by_single_file, audit_log.AuditFailed),
    ):
        try:
            auditor(log, trust)
            verdicts.append(None)
        except failure as error:
            verdicts.append(str(error.args[0]))
    assert verdicts[0] == verdicts[1]
    return verdicts[0]
