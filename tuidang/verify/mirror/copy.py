# SPDX-License-Identifier: Apache-2.0
"""The folders of a mirror: what is public, and what is still being fetched.

    log/       the verified copy, which may be served or handed on
    work/      the same files by hard links, and those that are being fetched
    state/     what was seen, and the auditor's own cosignature
    evidence/  what a log has signed that contradicts what it signed before

A file goes from `work` to `log` only after the whole of `work` was audited. It must never
write into a file that lies in `log`.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tuidang.verify.errors import AuditFailed
from tuidang.verify.seen import SignedHead, signed_head, write_durably
from tuidang.verify.trust import Trust

CHECKPOINT = "checkpoint"
COSIGNED = "cosigned"


class Copy:
    """The folders of one mirror, made if they are missing."""

    def __init__(self, folder: Path) -> None:
        self.log, self.work = folder / "log", folder / "work"
        self.state, self.evidence = folder / "state", folder / "evidence"
        for each in (self.log, self.state):
            each.mkdir(parents=True, exist_ok=True)
        if not self.work.exists():
            self._link_again()

    def head(self, trust: Trust) -> SignedHead | None:
        """Return the checkpoint of the public copy; None if it is missing or damaged."""
        try:
            return signed_head((self.log / CHECKPOINT).read_bytes(), trust)
        except (OSError, AuditFailed):
            return None

    def lacks(self, path: str) -> bool:
        """Say whether a file is still to be fetched."""
        return not (self.work / path).exists()

    def read(self, path: str) -> bytes:
        """Return a file of `work`; AuditFailed if it is not there."""
        try:
            return (self.work / path).read_bytes()
        except OSError as error:
            raise AuditFailed(path, f"cannot be read: {error.strerror}") from error

    def keep(self, path: str, data: bytes) -> None:
        """Put a file into `work`, whole or not at all."""
        fresh, target = self.state / "fetched", self.work / path
        fresh.write_bytes(data)
        fresh.chmod(0o444)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.replace(target)

    def release(self, paths: Iterable[str]) -> None:
        """Make audited files of `work` public; they are on the disk before this returns."""
        os.sync()
        for path in paths:
            source, target = self.work / path, self.log / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                if target.samefile(source):
                    continue
            self._link(source, target)
        os.sync()

    def prune(self) -> None:
        """Take out of `log` what an audit has found wrong and the rest does not need."""
        for folder, _, names in os.walk(self.log / "tile", topdown=False):
            place = self.work / Path(folder).relative_to(self.log)
            for name in names:
                if not (place / name).exists():
                    (Path(folder) / name).unlink()
            with suppress(OSError):  # not empty
                Path(folder).rmdir()

    def publish(self, note: bytes) -> None:
        """Replace the public checkpoint; its files must have been released."""
        write_durably(self.log / CHECKPOINT, note, beside=self.state)

    def discard(self, *paths: str) -> None:
        """Take out of `work` what is not public, and the files that an audit named."""
        for folder, _, names in os.walk(self.work, topdown=False):
            for name in names:
                found = Path(folder) / name
                if found.lstat().st_nlink == 1:
                    found.unlink()
            with suppress(OSError):  # not empty
                Path(folder).rmdir()
        for path in paths:
            with suppress(OSError):
                (self.work / path).unlink()

    def _link_again(self) -> None:
        for folder, _, names in os.walk(self.log):
            place = self.work / Path(folder).relative_to(self.log)
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                if Path(folder) != self.log:
                    self._link(Path(folder) / name, place / name)

    def _link(self, source: Path, target: Path) -> None:
        fresh = self.state / "linked"
        fresh.unlink(missing_ok=True)
        os.link(source, fresh)
        fresh.replace(target)
