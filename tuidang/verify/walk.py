# SPDX-License-Identifier: Apache-2.0
"""One walk through the files of a log, from its first entry to its last.

Reads every file once, from the left, and recomputes what it must hold. Faults that are
clear at once end the walk. Wrong tiles above the leaf hashes are noted until the root has
shown that the entries are what was signed, and after them, wrong files of earlier sizes and
files too many. It must never believe a file because another one agrees with it.

Source: `transparency-log.md` sections 3 to 5.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice, tee, zip_longest

from tuidang.pure.ledger.entries import Counted, Seal
from tuidang.pure.merkle import kernel
from tuidang.pure.merkle.bundles import BundleError, decode_bundle, encode_bundle
from tuidang.pure.merkle.checkpoints import Checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.kernel import PERSON
from tuidang.pure.merkle.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    BundleId,
    Tile,
    bundles_for_size,
)
from tuidang.verify.errors import AuditFailed
from tuidang.verify.listing import ENTRIES, IN_FOLDER, Listing
from tuidang.verify.repeats import Search
from tuidang.verify.right_edge import RightEdge
from tuidang.verify.rules import Rules, bundle_of
from tuidang.verify.sources import Source
from tuidang.verify.trust import KnownBatch

CHECKPOINT = "checkpoint"
AT_ONCE = 8  # bundles; what is told and asked once for all of them takes as long as their hashes
_HEAD = (b"\x00", bytes([PERSON - 2]), bytes([Counted.TYPE]))
WRONG = "is not what the entries give"
CHANGED = "has changed while the log was read"


class Walk:
    """A walk through the files that a signed checkpoint implies."""

    def __init__(
        self, source: Source, checkpoint: Checkpoint, rules: Rules, known: Sequence[KnownBatch]
    ) -> None:
        self._source = source
        self._checkpoint = checkpoint
        self._rules = rules
        self._known = list(reversed(known))  # the next one last
        self._edge = RightEdge()
        self._rest = b""  # the leaf hashes of a last bundle that is not full
        self._listing = Listing(source, checkpoint.size)
        self._doubt: tuple[str, str] | None = None  # a tile, and the bundle it does not fit
        self._wrong: AuditFailed | None = None  # a tile above, of all the first by its path
        self._older: AuditFailed | None = None  # a file of an earlier size
        self._compared: dict[int, Tile] = {}  # on each level the last that was not full

    def run(self) -> None:
        """Hold all rules but uniqueness; raises AuditFailed."""
        bundles, ahead = tee(bundles_for_size(self._checkpoint.size))
        with closing(self._source.stream(_files(ahead))) as files:
            while group := list(islice(bundles, AT_ONCE)):
                self._take_group(group, files)
        self._check_root()
        self._rules.finish(self._checkpoint.size)
        if self._known:
            raise _another(self._known[-1])
        for failure in filter(None, (self._wrong, self._older)):
            raise failure
        self._listing.finish()
        if self._listing.stray is not None:
            raise AuditFailed(self._listing.stray, "nothing in the log implies this")

    def check_unique(self) -> None:
        """Hold that no commitment and no nullifier repeats among the entries that were taken.

        Only where two have one fingerprint are entries read again. Raises AuditFailed.
        """
        end, fault = self._rules.claimed, None
        for suspects in self._rules.repeats.suspects():
            search = Search(suspects, self._rules.repeats.secret)
            fault, end = self._first_repeat(search, end) or (fault, end)
            if fault is None and not search.complete:
                raise AuditFailed(f"tile/{ENTRIES}", CHANGED)
        if fault:
            raise fault

    def _first_repeat(self, search: Search, end: int) -> tuple[AuditFailed, int] | None:
        """Return the first repeat before an entry, and its index; None if there is none."""
        index = 0
        while index < end:
            bundle = bundle_of(index, self._checkpoint.size)
            try:
                entries = decode_bundle(self._source.read(bundle.path), bundle.width)
            except BundleError as error:
                raise AuditFailed(bundle.path, CHANGED) from error
            for index, entry in enumerate(entries[: end - index], index):  # noqa: B020
                word = search.repeats(entry)
                if word:
                    words = f"entry {index}: this {word} stands in the log already"
                    return AuditFailed(bundle.path, words), index
            index += 1
        return None

    def _take_group(self, group: list[BundleId], files: Iterator[bytes]) -> None:
        """Take some bundles: at once, if they are full of persons in order, or one by one."""
        read: list[bytes] = []
        failure = None
        try:
            read += islice(files, 2 * len(group))
        except AuditFailed as error:  # which is not the first fault, if those before have one
            failure = error
        if failure or not self._take_plain(group, b"".join(read[::2]), b"".join(read[1::2])):
            for bundle, data, tile in zip_longest(group, read[::2], read[1::2]):
                if data is not None:
                    self._take(bundle, data, tile)
        if failure:
            raise failure

    def _take_plain(self, group: list[BundleId], data: bytes, tiles: bytes) -> bool:
        """Take full bundles of persons in order, whose tiles fit; False if they are no such."""
        count = TILE_WIDTH * len(group)
        heads = data[::PERSON] + data[1::PERSON] + data[2::PERSON]  # lengths and types
        plain = heads == b"".join(each * count for each in _HEAD) and len(data) == PERSON * count
        if not plain or self._doubt or kernel.bundles_hashes(data, count) != tiles:
            return False
        self._rules.feed(group[0], data)
        filled = self._edge.add(tiles)
        for bundle in group:
            if bundle.n % IN_FOLDER == IN_FOLDER - 1:  # otherwise there is nothing to compare yet
                self._pass(bundle, [], [])
        self._pass_above(filled)
        return True

    def _take(self, bundle: BundleId, data: bytes, tile: bytes | None) -> None:
        """Put the entries of a bundle into the tree and hold the rules between them."""
        try:
            hashes = kernel.bundle_hashes(data, bundle.width)
        except FormatError as error:
            raise AuditFailed(bundle.path, str(error)) from error
        if tile is None:  # it could not be had
            return
        if tile != hashes and self._doubt is None:
            self._doubt = (Tile(0, bundle.n, bundle.width).path, bundle.path)
        seals: list[tuple[Seal, int]] = []
        if self._doubt is None:  # otherwise the root will tell which of the two is wrong
            seals = self._rules.feed(bundle, data)
            self._compare_older(bundle, data, hashes, seals)
        if bundle.width < TILE_WIDTH:
            self._rest = hashes
            return
        filled = self._edge.add(hashes)
        if self._doubt is None:
            self._pass(bundle, filled, seals)

    def _compare_older(
        self, bundle: BundleId, data: bytes, hashes: bytes, seals: list[tuple[Seal, int]]
    ) -> None:
        """Compare what was there when a batch ended inside of this bundle."""
        inside = [(seal, width) for seal, width in seals if width < TILE_WIDTH]
        if not inside:
            return
        older = [width for _, width in inside if width < bundle.width]
        entries = decode_bundle(data, bundle.width) if older else []
        for width in older:
            file = BundleId(bundle.n, width)
            self._compare(file, 0, encode_bundle(entries[:width]))
        for width in older:
            self._compare(Tile(0, bundle.n, width), 0, hashes[: width * HASH_SIZE])
        for seal, width in inside:
            for kind in (ENTRIES, "0"):
                self._listing.partial(kind, bundle.n, width)
            self._compare_known(seal, bundle.n * TILE_WIDTH + width, hashes[: width * HASH_SIZE])
        self._compare_unfinished()

    def _pass(
        self, bundle: BundleId, filled: list[tuple[Tile, bytes]], seals: list[tuple[Seal, int]]
    ) -> None:
        """Compare what a full bundle has completed."""
        for kind in (ENTRIES, "0"):
            self._listing.passed(kind, bundle.n)
        self._pass_above(filled)
        if seals and seals[-1][1] == TILE_WIDTH:
            self._compare_known(seals[-1][0], (bundle.n + 1) * TILE_WIDTH, b"")
            self._compare_unfinished()

    def _pass_above(self, filled: list[tuple[Tile, bytes]]) -> None:
        for tile, content in filled:
            self._compare(tile, tile.level, content)
            self._listing.passed(str(tile.level), tile.n)

    def _compare_unfinished(self) -> None:
        """Compare the tiles above the leaf hashes that a batch end left unfinished."""
        for tile, content in self._edge.unfinished():
            if self._compared.get(tile.level) != tile:
                self._compared[tile.level] = tile
                self._listing.partial(str(tile.level), tile.n, tile.width)
                self._compare(tile, tile.level, content)

    def _compare(self, file: Tile | BundleId, level: int, expected: bytes) -> None:
        """Compare a file, if it must be there or is, with what the entries give."""
        now = (self._checkpoint.size >> TILE_HEIGHT * level) - file.n * TILE_WIDTH
        if file.width == min(now, TILE_WIDTH):
            if self._source.read(file.path) != expected:
                self._wrong = _first(self._wrong, AuditFailed(file.path, WRONG))
        elif self._source.strict:
            self._compare_earlier(file.path, expected, must_be=now < TILE_WIDTH)

    def _compare_earlier(self, path: str, expected: bytes, *, must_be: bool) -> None:
        """Compare a file of an earlier size, which may go when the full one is there."""
        try:
            data = self._source.read(path) if must_be else self._source.find(path)
        except AuditFailed as failure:
            self._older = _first(self._older, failure)
            return
        if data is not None and data != expected:
            self._older = _first(self._older, AuditFailed(path, WRONG))

    def _compare_known(self, seal: Seal, size: int, rest: bytes) -> None:
        """Compare the tree at the end of a batch with what the trust file knows of it."""
        if self._known and self._known[-1].number == seal.batch:
            known = self._known.pop()
            if (known.size, known.root) != (size, self._edge.root(rest)):
                raise _another(known)

    def _check_root(self) -> None:
        """Hold that the entries give the signed root."""
        holds = self._edge.root(self._rest) == self._checkpoint.root
        if self._doubt:
            raise AuditFailed(self._doubt[0 if holds else 1], "is not what the log has signed")
        if not holds:
            raise AuditFailed(CHECKPOINT, "the entries give another root")


def _files(bundles: Iterator[BundleId]) -> Iterator[str]:
    """Yield every bundle and the tile of its leaf hashes, in the order of the walk."""
    for bundle in bundles:
        path = bundle.path
        yield path
        yield path.replace(ENTRIES, "0", 1)


def _first(noted: AuditFailed | None, found: AuditFailed) -> AuditFailed:
    return found if noted is None or found.file < noted.file else noted


def _another(known: KnownBatch) -> AuditFailed:
    words = f"batch {known.number} is not the one that the trust file knows"
    return AuditFailed(CHECKPOINT, words)
