# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public log as tar files to download, put together from its files while they are read.

Nothing is kept but the SHA-256 of each complete part, in a folder beside the log. Only files
of the public log may get into a part, and no part may be held in memory.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.parts import (
    END,
    complete_parts,
    padding,
    part_files,
    tar_header,
    tar_length,
    top_files,
)
from tuidang.pure.merkle.tiles import BundleId, Tile
from tuidang.registry.transparency.durable import make_folder, replace_file
from tuidang.registry.transparency.errors import FileMissing, LogDamaged
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.storage import CHECKPOINT

# About what is handed on at once; the largest file of the log can be 16 MiB, and is 10 KB.
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a tar file: its path in the log, its length in bytes, and how to get it."""

    path: str
    length: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """A tar file that is not there until it is read."""

    members: tuple[Member, ...]

    @property
    def length(self) -> int:
        """How many bytes it has."""
        return tar_length(member.length for member in self.members)

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes. Raises FileMissing or LogDamaged where a file is not what it was."""
        waiting = bytearray()
        for member in self.members:
            data = member.read()
            if len(data) != member.length:
                raise LogDamaged(path=member.path)
            waiting += tar_header(member.path, member.length) + data + padding(member.length)
            if len(waiting) >= _CHUNK:
                yield bytes(waiting)
                waiting.clear()
        yield bytes(waiting + END)

    def sha256(self) -> str:
        """Return its hash in hexadecimal, which means reading all of it."""
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a complete part: its SHA-256 in hexadecimal, and its length in bytes."""

    sha256: str
    length: int


def part(folder: Path, number: int, size: int) -> Part:
    """Return a part of the log in `folder` as of `size`; raises FileMissing."""
    return Part(tuple(_member(folder, each) for each in part_files(number, size)))


def top(folder: Path, batch: Batch) -> Part:
    """Return what belongs to no part: the checkpoint of a published batch, and the tiles above.

    Raises FileMissing where the folder does not hold a file.
    """
    ends = Batch.objects.published().filter(size__lte=batch.size)
    files = top_files(batch.size, ends.values_list("size", flat=True))
    signed = batch.checkpoint.encode()
    first = Member(CHECKPOINT, len(signed), lambda: signed)
    return Part((first, *(_member(folder, each) for each in files)))


def known(folder: Path, number: int) -> Known | None:
    """Return what is known of a complete part, None if it has not been hashed yet."""
    try:
        sha256, length = _known_file(folder, number).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return None
    return Known(sha256, int(length))


def hash_parts(folder: Path) -> int:
    """Hash each complete part that has not been hashed yet; return how many those were."""
    newest = Batch.objects.published().last_batch()
    size = newest.size if newest else 0
    new = [n for n in range(complete_parts(size)) if not _known_file(folder, n).exists()]
    for number in new:
        target, made = _known_file(folder, number), part(folder, number, size)
        make_folder(target.parent)
        line = f"{made.sha256()} {made.length}\n".encode()
        replace_file(target, line, draft=target.with_suffix(".draft"))
    return len(new)


def _known_file(folder: Path, number: int) -> Path:
    return folder.with_name(f"{folder.name}.parts") / f"{number}.sha256"


def _member(folder: Path, named: BundleId | Tile) -> Member:
    path = folder / named.path
    try:
        length = named.width * HASH_SIZE if isinstance(named, Tile) else path.stat().st_size
    except FileNotFoundError as error:
        raise FileMissing(path=named.path) from error
    return Member(named.path, length, path.read_bytes)
