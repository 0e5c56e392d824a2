# SPDX-License-Identifier: Apache-2.0
"""The auditor's cosignature: a witness's, and one statement more.

By a key whose name ends in `/auditor` a cosigner says not only that this is the largest
consistent tree head it has seen, but also `STATEMENT`. It must never sign what it has not
recomputed from the entries, whoever else has signed it.

Sources: `transparency-log.md` sections 3 and 8.
"""

from dataclasses import replace

from tuidang.pure.merkle.checkpoints import cosign
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.notes import assemble_note, open_note
from tuidang.pure.merkle.policies import AUDITOR_SUFFIX
from tuidang.pure.merkle.signatures import Signer
from tuidang.verify.seen import SignedHead
from tuidang.verify.trust import Trust

STATEMENT = (
    "every seal up to this size equals the recomputed tally, every batch is in order, "
    "no commitment or nullifier repeats"
)


class WrongKey(ValueError):
    """The key's name says something that its holder does not do; plain English."""


def check_auditor_name(name: str) -> None:
    """Check that a key of this name makes the auditor's statement; raises WrongKey."""
    if not name.endswith(AUDITOR_SUFFIX):
        raise WrongKey(f"{name}: the name of an auditor's key ends in {AUDITOR_SUFFIX}")


def check_witness_name(name: str) -> None:
    """Check that a key of this name does not make the auditor's statement; raises WrongKey."""
    if name.endswith(AUDITOR_SUFFIX):
        raise WrongKey(f"{name}: a key named {AUDITOR_SUFFIX} says that a log was audited")


def without_quorum(trust: Trust) -> Trust:
    """Return the same trust without its policy.

    The policy may ask for this very auditor, so an auditor cannot wait until it is met; the
    log's own line and its clock's are asked for all the same.
    """
    return replace(trust, policy=None)


def cosign_audited(
    head: SignedHead, trust: Trust, signer: Signer, now: float, last: bytes | None
) -> bytes:
    """Return an audited checkpoint with the trusted lines on it and the auditor's own.

    `last` is what was returned before: the time (POSIX seconds) never goes back from there.
    Raises WrongKey for a key that is not an auditor's.
    """
    check_auditor_name(signer.name)
    text = head.checkpoint.text
    kept = open_note(head.note, [trust.log, *trust.cosigners]).verified
    own = signer.cosignature_verifier
    time = max(int(now), _last_time(last, signer))
    lines = dict.fromkeys(line.text for line in kept if line.verifier != own)
    return assemble_note(text, [*lines, cosign(text, signer, time)])


def _last_time(last: bytes | None, signer: Signer) -> int:
    try:
        lines = open_note(last or b"", [signer.cosignature_verifier]).verified
    except FormatError:
        return 0
    return max(line.time or 0 for line in lines)
