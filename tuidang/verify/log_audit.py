# SPDX-License-Identifier: Apache-2.0
"""The audit of a whole log: order, seals, totals, uniqueness, root and signatures.

Returns a report or raises `AuditFailed`, which names the file at fault; there is no third
answer. It must never go on after a doubt, and never use anything but the files and what it
was told to trust. Memory does not grow with the log: what must be remembered of every entry
lies in files without a name. `audit_log.py` beside it does the same without this package;
tests hold both to the same verdicts.

Source: `transparency-log.md` sections 2 to 8.
"""

from contextlib import closing
from pathlib import Path

from tuidang.pure.ledger.entries import day_date
from tuidang.pure.merkle.checkpoints import Checkpoint, parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.notes import OpenedNote, open_note
from tuidang.pure.tally import cells_of
from tuidang.verify.errors import AuditFailed
from tuidang.verify.report import Report
from tuidang.verify.rules import Rules
from tuidang.verify.sources import Source
from tuidang.verify.trust import Trust, check_quorum
from tuidang.verify.walk import Walk

CHECKPOINT = "checkpoint"
YEAR_10000 = 253_402_300_800


def audit(source: Source, trust: Trust, *, temp: Path | None = None) -> Report:
    """Return what the log says if everything about it holds; raises AuditFailed otherwise.

    Temporary files are made in `temp`, up to 10 bytes an entry; raises ScratchError where
    there is no room for them.
    """
    note, checkpoint = open_trusted(source.read(CHECKPOINT), trust)
    with closing(Rules(temp)) as rules:
        walk = Walk(source, checkpoint, rules, trust.batches)
        try:
            walk.run()
        except AuditFailed:
            walk.check_unique()  # a repeat before the fault is the earlier fault
            raise
        walk.check_unique()
        return _report(note, checkpoint, rules)


def open_trusted(data: bytes, trust: Trust) -> tuple[OpenedNote, Checkpoint]:
    """Return a checkpoint that the trusted keys have signed.

    Raises AuditFailed unless the log and, where it is trusted, its clock have signed exactly
    once and the trusted policy is met; for extension lines, which cosigners do not all sign;
    and for a size below that of a batch which the log is known to have.
    """
    try:
        note = open_note(data, (trust.log, *trust.cosigners))
        checkpoint = parse_checkpoint(note.text)
        check_quorum(note, trust)
    except FormatError as error:
        raise AuditFailed(CHECKPOINT, f"not a valid checkpoint: {error}") from error
    if checkpoint.origin != trust.log.name or checkpoint.extensions:
        raise AuditFailed(CHECKPOINT, "another origin, or extension lines")
    signers = {line.verifier for line in note.verified}
    if any(len(note.by(each)) != 1 for each in {*trust.needed, *signers}):
        raise AuditFailed(CHECKPOINT, "not signed, once each, by the log and its clock")
    if any(line.time is not None and line.time >= YEAR_10000 for line in note.verified):
        raise AuditFailed(CHECKPOINT, "the time of a cosignature is not plausible")
    if trust.batches and checkpoint.size < trust.batches[-1].size:
        raise AuditFailed(CHECKPOINT, "shorter than the trust file knows this log to be")
    return note, checkpoint


def _report(note: OpenedNote, checkpoint: Checkpoint, rules: Rules) -> Report:
    first, last = rules.first_seal, rules.last_seal
    signers = sorted((line.name, line.key_id, line.time) for line in note.verified)
    return Report(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        signatures=tuple((name, time) for name, _, time in signers),
        batches=last.batch + 1 if last else 0,
        below_minima=rules.below_minima,
        first_day=day_date(first.first_day) if first else None,
        last_day=day_date(last.last_day) if last else None,
        cells=cells_of(last),
    )
