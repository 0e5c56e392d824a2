# SPDX-License-Identifier: Apache-2.0
"""One round of a mirror: look, compare with what was seen, fetch, audit, then show.

Whatever fails, the copy that held before stays as it is. A checkpoint that contradicts an
earlier one is kept as evidence, never as a copy.

Source: `transparency-log.md` sections 3 and 5.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from tuidang.pure.merkle.bundles import BundleError, decode_bundle
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.notes import open_note
from tuidang.pure.merkle.signatures import Signer
from tuidang.pure.merkle.tiles import Tile
from tuidang.verify.auditor import check_auditor_name, cosign_audited, without_quorum
from tuidang.verify.errors import AuditFailed
from tuidang.verify.log_audit import audit, open_trusted
from tuidang.verify.mirror.copy import CHECKPOINT, COSIGNED, Copy
from tuidang.verify.mirror.implied import File, earlier_files, gained_files
from tuidang.verify.seen import (
    Contradiction,
    SeenFile,
    SignedHead,
    check_extends,
    keep_evidence,
    signed_head,
    write_durably,
)
from tuidang.verify.sources import Source, open_source
from tuidang.verify.trust import Trust

AT_A_TIME = 4096  # file names in memory


@dataclass(frozen=True, slots=True)
class Round:
    """What a round has found: the checkpoint that the copy has now, and files fetched for it."""

    size: int
    fetched: int
    is_new: bool


class Mirror:
    """A copy of the log at a URL, in a folder; with a signer, an auditor's cosignature."""

    def __init__(
        self,
        where: str,
        folder: Path,
        trust: Trust,
        *,
        clock: Callable[[], float],
        signer: Signer | None = None,
    ) -> None:
        """Take the log's address, the mirror's folder and keys; WrongKey for a witness's key."""
        if signer:
            check_auditor_name(signer.name)
        self._where = where
        self._trust = without_quorum(trust)
        self._clock = clock
        self._signer = signer
        self._copy = Copy(folder)
        self._seen = SeenFile(self._copy.state / "seen")
        self._complete = 0  # the size up to which the files of `work` were seen to be there

    def round(self) -> Round:
        """Bring the copy up to date, or leave it and raise.

        Raises Shorter or Forked (with the evidence kept) for a log that contradicts itself,
        AuditFailed for files that do not hold; OSError if the copy cannot be written.
        """
        source = open_source(self._where)
        note = source.read(CHECKPOINT)
        head = signed_head(note, self._trust)
        self._compare(head, source)
        open_trusted(note, self._trust)
        self._seen.remember(head)
        known = self._copy.head(self._trust)
        if known and known.checkpoint == head.checkpoint:
            self._refresh(known, head)
            return Round(head.size, 0, is_new=False)
        old = self._complete
        fetched = self._fetch(source, old, head.size)
        self._complete = 0  # until the audit says otherwise
        earlier = self._audit(old, head)
        gained = (each.path for each in gained_files(old, head.size))
        self._copy.release(chain(gained, earlier))
        if not old:
            self._copy.prune()
        self._complete = head.size
        self._cosign(head)  # first, so that an auditor never shows a new checkpoint without it
        self._copy.publish(head.note)
        return Round(head.size, fetched, is_new=True)

    def _compare(self, head: SignedHead, source: Source) -> None:
        """Hold that the log shows what it showed before, and perhaps more."""
        seen = self._seen.last(self._trust)
        known = self._copy.head(self._trust)
        try:
            if known and head.size < known.size:  # then our own tiles can tell
                check_extends(head, known, self._copy.read)
            if seen:
                check_extends(seen, head, source.read)
        except Contradiction as found:
            keep_evidence(self._copy.evidence, found)
            raise

    def _fetch(self, source: Source, old: int, size: int) -> int:
        """Fetch what is missing; what was fetched stays, if the rest cannot be had now."""
        wanted = (each for each in gained_files(old, size) if self._copy.lacks(each.path))
        fetched = 0
        for file, data in _fetched(source, wanted):
            _check_length(file, data)
            self._copy.keep(file.path, data)
            fetched += 1
        return fetched

    def _audit(self, old: int, head: SignedHead) -> list[str]:
        """Audit the whole of `work`, and return the files of the sizes between."""
        made: dict[str, str] = {}
        for file, whole, data in earlier_files(old, head.size, self._copy.read):
            made[file.path] = whole.path
            if self._copy.lacks(file.path):
                self._copy.keep(file.path, data)
        self._copy.keep(CHECKPOINT, head.note)
        try:
            audit(open_source(str(self._copy.work)), self._trust)
        except AuditFailed as failure:
            named = made.get(failure.file, failure.file)
            self._copy.discard(failure.file, named)
            if named == failure.file:
                raise
            # What we made ourselves is not to blame.
            raise AuditFailed(named, failure.words) from failure
        return list(made)

    def _refresh(self, known: SignedHead, head: SignedHead) -> None:
        """Take further signatures on the same checkpoint; none that we know may be lost.

        Those of keys that we do not know are taken and left as the log has them.
        """
        keys = (self._trust.log, *self._trust.cosigners)
        had, has = (set(open_note(each.note, keys).verified) for each in (known, head))
        if had <= has and known.note != head.note:
            self._copy.keep(CHECKPOINT, head.note)
            self._copy.publish(head.note)
        if self._signer and not self._has_cosigned(head):
            audit(open_source(str(self._copy.log)), self._trust)
            self._cosign(head)

    def _cosign(self, head: SignedHead) -> None:
        if self._signer:
            last = self._cosigned()
            note = cosign_audited(head, self._trust, self._signer, self._clock(), last)
            write_durably(self._copy.state / COSIGNED, note)

    def _has_cosigned(self, head: SignedHead) -> bool:
        assert self._signer  # noqa: S101 -- asked for auditors only
        try:
            own = open_note(self._cosigned() or b"", [self._signer.cosignature_verifier])
        except FormatError:
            return False
        return own.text == head.checkpoint.text

    def _cosigned(self) -> bytes | None:
        path = self._copy.state / COSIGNED
        return path.read_bytes() if path.exists() else None


def _fetched(source: Source, wanted: Iterable[File]) -> Iterator[tuple[File, bytes]]:
    """Yield files with their bytes, some of them fetched ahead."""
    files = iter(wanted)
    while some := list(islice(files, AT_A_TIME)):
        yield from zip(some, source.stream(each.path for each in some), strict=True)


def _check_length(file: File, data: bytes) -> None:
    """Refuse at once what the audit would refuse at the end."""
    if isinstance(file, Tile):
        if len(data) != file.width * HASH_SIZE:
            raise AuditFailed(file.path, "has the wrong length")
        return
    try:
        decode_bundle(data, file.width)
    except BundleError as error:
        raise AuditFailed(file.path, str(error)) from error
