# SPDX-License-Identifier: Apache-2.0
"""Audit a public log of declarations from its files alone.

    python3 audit_log.py [FOLDER or URL] [--vkey FILE]

One file and the standard library, so that you can read all of it before you believe it. It
recomputes every hash, the order of every batch, every seal and the totals, and verifies the
signatures, and that nothing comes twice which must come once (kept in memory: 120 bytes a
person). Exit status: 0 if all that holds, 1 if the log fails (the file at fault is named), 2 if
the command is wrong. No key comes from the log itself. Sections are `transparency-log.md`'s.
"""

import argparse
import json
import os
import urllib.request as web
import zlib
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256, sha512
from http.client import HTTPException
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, NoReturn


class AuditFailed(Exception):
    """The log does not hold: the path at fault, below the log's folder, and why."""


# --- 1. Ed25519 signatures (RFC 8032 section 5.1) ----------------------------------------------
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]  # on the curve  y^2 - x^2 = 1 + D x^2 y^2  modulo P
ZERO, BASE = (0, 1), bytes([0x58] + [0x66] * 31)


def add(p: Point, q: Point) -> Point:
    """Return the sum of two points: the curve's own formula, without tricks."""
    k = D * p[0] * q[0] * p[1] * q[1] % P
    inverse = pow(1 - k * k, -1, P)  # of (1 + k)(1 - k), which is never zero
    x, y = p[0] * q[1] + p[1] * q[0], p[1] * q[1] + p[0] * q[0]
    return x * (1 - k) * inverse % P, y * (1 + k) * inverse % P


def multiply(scalar: int, point: Point) -> Point:
    """Return scalar times point. Not in constant time: nothing here is secret."""
    result = ZERO
    for bit in f"{scalar:b}":
        result = add(result, result)
        result = add(result, point) if bit == "1" else result
    return result


def decode_point(data: bytes) -> Point:
    """Return the point of 32 bytes; ValueError unless they are its one canonical encoding."""
    sign, y = divmod(int.from_bytes(data, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if len(data) != 32 or y >= P or x * x % P != square or (x == 0 and sign):
        raise ValueError("not the encoding of a point")
    return (x if x % 2 == sign else P - x, y)


def verify(key: bytes, message: bytes, signature: bytes) -> None:
    """Raise ValueError unless the signature holds, strictly: canonical, s < order, no cofactor."""
    public, r, base = decode_point(key), decode_point(signature[:32]), decode_point(BASE)
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little")
    holds = len(signature) == 64 and s < ORDER and multiply(8, public) != ZERO
    if not holds or multiply(s, base) != add(r, multiply(k % ORDER, public)):
        raise ValueError("a signature does not verify")


# --- 2. Trusted keys and the signed checkpoint (sections 6 to 8) -------------------------------
# What is read is written anew and compared, so that exactly one spelling of it passes.
LOG_KEY, COSIGNER, YEAR_10000 = 0x01, 0x04, 253_402_300_800


class Key(NamedTuple):
    """A public key that we trust, and the name and four bytes by which lines refer to it."""

    name: str
    id: bytes
    kind: int
    public: bytes


def parse_key(vkey: str, kind: int) -> Key:
    """Return the key of `<name>+<id>+<base64>`; ValueError unless it is one of this kind."""
    name, _, encoded = vkey.split("+", 2)
    data = b64decode(encoded)
    key = Key(name, sha256(name.encode() + b"\n" + data).digest()[:4], kind, data[1:])
    if vkey != f"{name}+{key.id.hex()}+{b64encode(data).decode()}" or name.split() != [name]:
        raise ValueError("not the text of a key")
    if data[0] != kind or multiply(8, decode_point(key.public)) == ZERO:
        raise ValueError("not a key of the expected kind, or one of small order")
    return key


def read_keys(data: bytes) -> list[Key]:
    """Return the log's key and its cosigners', from vkey lines, trust.json or trust.note."""
    text, _, signatures = data.decode().partition("\n\n")
    if not text.startswith("{"):
        first, *others = (line for line in data.decode().splitlines() if line[:1] != "#")
        return [parse_key(first, LOG_KEY), *(parse_key(each, COSIGNER) for each in others if each)]
    bundle = json.loads(text)
    cosigners = [bundle["clock_vkey"], *(each["vkey"] for each in bundle["witnesses"])]
    log = parse_key(bundle["log_vkey"], LOG_KEY)
    if signatures and not open_note(data, [log])[1]:
        raise ValueError("the note is not signed by the log that it names")
    return [log, *(parse_key(each, COSIGNER) for each in cosigners if each)]


def open_note(data: bytes, keys: list[Key]) -> tuple[str, dict[Key, int]]:
    """Return a note's text and which keys signed it when; ValueError if a known line fails."""
    text, separator, block = data.decode().rpartition("\n\n")
    text, lines = text + "\n", block.split("\n")
    known, signed = {(key.name, key.id): key for key in keys}, dict[Key, int]()
    if not separator or lines.pop() or not 0 < len(lines) <= 100 or len(data) > 1_000_000:
        raise ValueError("not a signed note")
    for line in lines:
        name, _, encoded = line.removeprefix("— ").partition(" ")
        signature = b64decode(encoded)
        if line != f"— {name} {b64encode(signature).decode()}" or len(signature) < 5:
            raise ValueError("not a signature line")
        key = known.get((name, signature[:4]))  # none: others may sign too, and are ignored
        if key in signed or name.split() != [name] or "+" in name or min(name) < " ":
            raise ValueError("a second line of one key, or not the name of a key")
        if key and key.kind == LOG_KEY:
            verify(key.public, text.encode(), signature[4:])
            signed[key] = 0
        elif key:
            signed[key] = time = int.from_bytes(signature[4:12], "big")
            if not 0 < time < YEAR_10000:
                raise ValueError("the time of a cosignature is not plausible")
            verify(key.public, f"cosignature/v1\ntime {time}\n{text}".encode(), signature[12:])
    return text, signed


def open_checkpoint(data: bytes, keys: list[Key]) -> tuple[int, bytes, dict[Key, int]]:
    """Return size, root and signatures; ValueError unless log, and clock if trusted, signed."""
    text, signed = open_note(data, keys)
    _, size, root64, _ = text.split("\n")  # more lines would be extensions
    origin, root = keys[0].name, b64decode(root64)
    canonical = f"{origin}\n{int(size)}\n{b64encode(root).decode()}\n"
    if text != canonical or len(root) != 32 or int(size) >= 2**63:
        raise ValueError("another origin, or a size or root that is not canonical")
    if any(key.name in (origin, f"{origin}/clock") and key not in signed for key in keys):
        raise ValueError("not signed by the log and its clock")
    return int(size), root, signed


# --- 3. Where the files come from (section 5) --------------------------------------------------
CAP = 256 * (2 + 0xFFFF) + 1  # one byte more than the largest file can honestly have
OPENER = web.OpenerDirector()  # it follows no redirect, so no other host is asked
for handler in (web.ProxyHandler, web.HTTPHandler, web.HTTPSHandler, web.HTTPErrorProcessor):
    OPENER.add_handler(handler())
OPENER.add_handler(web.HTTPDefaultErrorHandler())


class Log:
    """The files of a log: in a folder, where nothing else may lie, or behind a URL."""

    def __init__(self, root: str) -> None:
        self.root, self.unread = root.rstrip("/"), set[str]()
        self.strict = not root.startswith(("http://", "https://"))
        for path in sorted(Path(root).rglob("*")) if self.strict else ():
            name = path.relative_to(root).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise AuditFailed(name, "neither a file nor a folder; links are not allowed")
            self.unread.add(name)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file that the log must have, unpacked if they came packed."""
        self.unread.difference_update(accumulate(path.split("/"), "{}/{}".format))
        try:
            if self.strict:
                with Path(self.root, path).open("rb") as file:
                    return file.read(CAP)
            with OPENER.open(f"{self.root}/{path}", timeout=30) as answer:
                data: bytes = answer.read(CAP)
            packed = answer.headers.get("Content-Encoding") == "gzip"
            return zlib.decompressobj(31).decompress(data, CAP) if packed else data
        except (OSError, ValueError, HTTPException, zlib.error) as error:
            raise AuditFailed(path, f"cannot be read: {error}") from error


# --- 4. Entries and the rules between them (sections 1 to 3) -----------------------------------
CELLS = [(o, old | c) for o in (*range(8), 0xFF) for old in (0, 0x80) for c in (0, 1, 2, 3, 7)]
DECLARED, CORRECTION, LINK, NOTE, RECEIVED, SEAL = range(6)  # their order in a batch
EMPTY_ROOT = sha256(b"").digest()
# The first four bytes of every entry there can be -> its kind, its length, and its cell.
HEADS = {bytes([1, *cell, 0]): (DECLARED, 36, n) for n, cell in enumerate(CELLS, 1)}
HEADS |= {bytes([2, *c, r]): (CORRECTION, 44, n) for n, c in enumerate(CELLS, 1) for r in (1, 2)}
HEADS |= {bytes([5, 0, 0, 0]): (LINK, 68, 0), bytes([4, 0, 0, 0]): (RECEIVED, 40, 0)}
HEADS |= {bytes([6, kind, 0, 0]): (NOTE, 36, 0) for kind in range(1, 6)}
HEADS |= {bytes([3, flag, 0, n]): (SEAL, 32 + 10 * n, 0) for flag in (0, 1) for n in range(91)}


class Ledger:
    """What the entries so far add up to, and what the next one must fit."""

    def __init__(self) -> None:
        self.bundle = ""  # the file that the entries come from
        self.counts = [0] * (1 + len(CELLS))
        self.cell_of = bytearray()  # of each entry: the cell in which it counts a person, or 0
        self.seen = set[bytes]()  # commitments, and nullifiers behind a letter
        self.last: tuple[int, bytes] = (-1, b"")  # kind and body of the last entry in this batch
        self.ends: list[int] = []  # the size of the log after each batch
        self.days: list[int] = []  # first and last day of each batch, since 1970-01-01
        self.flagged = 0  # batches that went out below the minima

    def refuse(self, words: str) -> NoReturn:
        """Say which entry breaks which rule."""
        raise AuditFailed(self.bundle, f"entry {len(self.cell_of)}: {words}")

    def feed(self, entry: bytes) -> None:
        """Take the next entry; AuditFailed if it breaks a rule."""
        (kind, length, cell), body = HEADS.get(entry[:4], (-1, -1, 0)), entry[4:]
        if len(entry) != length:
            self.refuse("not an entry of this log")
        if (kind, body) <= self.last or (kind == SEAL) != (self.last[0] == RECEIVED):
            self.refuse("the batch is not in the order D, C, L, N, one R, one S")
        self.last = (kind, body)
        if kind <= LINK:
            unique = [body[-32:]] if kind < LINK else [body[:32], b"n" + body[32:]]
            if not self.seen.isdisjoint(unique):
                self.refuse("this commitment or nullifier stands in the log already")
            self.seen.update(unique)
        if kind == DECLARED:
            self.counts[cell] += 1
        elif kind == CORRECTION:
            index = int.from_bytes(body[:8], "big")
            if index >= len(self.cell_of) or self.cell_of[index] != cell:
                self.refuse("corrects what counts nobody with these orgs and class")
            self.cell_of[index] = 0  # so that it cannot be corrected twice
            self.counts[cell] -= 1
        elif kind == RECEIVED and body[:4] == bytes(4) and body[4:] != EMPTY_ROOT:
            self.refuse("nothing received, and a root that is not empty")
        self.cell_of.append(cell if kind == DECLARED else 0)
        if kind == SEAL:
            self.seal(entry)

    def seal(self, entry: bytes) -> None:
        """Compare a seal with the one that the entries so far call for."""
        first, last = (int.from_bytes(entry[at : at + 4], "big") for at in (24, 28))
        if not (self.days[-1] if self.days else 0) <= first <= last < YEAR_10000 // 86_400:
            self.refuse("the days of the seal go backwards, or no calendar has them")
        start = self.ends[-1] if self.ends else 0
        expected = len(self.ends).to_bytes(4, "big") + start.to_bytes(8, "big")
        expected += (start - 1 if start else 2**64 - 1).to_bytes(8, "big") + entry[24:32]
        for cell, count in zip(CELLS, self.counts[1:], strict=True):
            expected += bytes(cell) + count.to_bytes(8, "big") if count else b""
        if entry[4:] != expected:
            self.refuse("the seal states another place or total than the entries give")
        self.ends.append(len(self.cell_of))
        self.days += [first, last]
        self.flagged += entry[1]
        self.last = (-1, b"")


BITS = {0: 8, 0xFF: 16}  # of the two bytes that name no organisation; all others are bits
ORGS = {1: "Party", 2: "Youth League", 4: "Young Pioneers", 8: "not specified", 16: "withheld"}
WHO = {0: "by the person, own name", 1: "by the person, alias", 2: "by someone else, named"}
WHO |= {3: "by someone else, unnamed", 7: "class withheld"}


# --- 5. The tree, its files, and the audit (sections 4 and 5) ----------------------------------
def file_path(kind: int | str, n: int, width: int) -> str:
    """Return such as `tile/0/x001/234/067.p/9`."""
    name = f"{n % 1000:03d}" + (f".p/{width}" if width < 256 else "")
    while n := n // 1000:
        name = f"x{n % 1000:03d}/{name}"
    return f"tile/{kind}/{name}"


def root_of(hashes: list[bytes]) -> bytes:
    """Return the root over some hashes: neighbours paired, an odd last one promoted."""
    while len(hashes) > 1:
        pairs, odd = zip(hashes[::2], hashes[1::2], strict=False), hashes[len(hashes) & ~1 :]
        hashes = [sha256(b"\x01" + one + other).digest() for one, other in pairs] + odd
    return hashes[0] if hashes else EMPTY_ROOT


class Audit:
    """One walk through a log, from its first entry to its last."""

    def __init__(self, log: Log, keys: list[Key]) -> None:
        try:
            self.size, self.root, self.signed = open_checkpoint(log.read("checkpoint"), keys)
        except ValueError as error:
            raise AuditFailed("checkpoint", f"not a valid checkpoint: {error}") from error
        self.log, self.keys, self.ledger = log, keys, Ledger()
        self.rows = [list[bytes]() for _ in range(9)]  # hashes on each level; of 0 the last tile
        self.doubt: list[str] = []  # the first tile and bundle that contradict each other
        for n in range(-(-self.size // 256)):
            self.take_bundle(n, min(256, self.size - 256 * n))
        self.check_root()
        self.check_upper_tiles()
        for path in sorted(log.unread):
            raise AuditFailed(path, "nothing in the log implies this")

    def take_bundle(self, n: int, width: int) -> None:
        """Put up to 256 entries into the tree and hold the rules between them."""
        bundle, tile = file_path("entries", n, width), file_path(0, n, width)
        data, entries, at = self.log.read(bundle), list[bytes](), 0
        while at + 1 < len(data):  # each entry stands behind its length, two bytes
            start, at = at + 2, at + 2 + 256 * data[at] + data[at + 1]
            entries.append(data[start:at])
        if len(entries) != width or at != len(data):
            raise AuditFailed(bundle, "does not hold its entries")
        self.rows[0], level = [sha256(b"\x00" + entry).digest() for entry in entries], 0
        while self.rows[level] and len(self.rows[level]) % 256 == 0:
            self.rows[level + 1].append(root_of(self.rows[level][-256:]))
            level += 1
        if self.log.read(tile) != b"".join(self.rows[0]):
            self.doubt = self.doubt or [tile, bundle]
        if self.doubt:
            return  # the root will tell which of the two is wrong; until then, only hash
        self.ledger.bundle, batches = bundle, len(self.ledger.ends)
        for entry in entries:
            self.ledger.feed(entry)
        older = {end - 256 * n for end in self.ledger.ends[batches:]} - {width}
        self.compare("entries", n, [len(e).to_bytes(2, "big") + e for e in entries if older], older)
        self.compare(0, n, self.rows[0], older)

    def compare(self, kind: int | str, n: int, parts: list[bytes], widths: set[int]) -> None:
        """Compare a file, and the shorter ones that must be there until it is full."""
        for width in sorted(widths):
            path = file_path(kind, n, width)
            needed = width == len(parts) or (self.log.strict and len(parts) < 256)
            if not needed and path not in self.log.unread:
                continue
            if self.log.read(path) != b"".join(parts[:width]):
                raise AuditFailed(path, "is not what the entries give")

    def check_root(self) -> None:
        """Hold that the entries give the signed root, and that the last one is a seal."""
        edge: list[bytes] = []
        for row in self.rows:
            edge = [root_of(row[len(row) & ~255 :] + edge)] if len(row) % 256 or edge else []
        holds = root_of(edge) == self.root
        if self.doubt:
            raise AuditFailed(self.doubt[0 if holds else 1], "is not what the log has signed")
        if not holds:
            raise AuditFailed("checkpoint", "the entries give another root")
        if self.size and self.ledger.last[0] >= 0:
            self.ledger.refuse("the log does not end on a seal")

    def check_upper_tiles(self) -> None:
        """Compare the tiles above the leaf hashes, as of every batch end."""
        for level, row in enumerate(self.rows[1:], 1):
            tiles = {divmod(end >> 8 * level, 256) for end in self.ledger.ends}
            tiles |= {(n, 256) for n in range(len(row) // 256)}
            for n, width in sorted(tiles):
                self.compare(level, n, row[256 * n : 256 * n + 256], {width} - {0})

    def summary(self) -> str:
        """Return what the log says, for people."""
        counts = zip(CELLS, self.ledger.counts[1:], strict=True)
        cells = [(BITS.get(o, o), c, n) for (o, c), n in counts if n]
        sums = [("persons, each counted once", sum(n for _, _, n in cells))]
        sums += [(w, sum(n for o, _, n in cells if o & bit)) for bit, w in ORGS.items()]
        sums += [(w, sum(n for _, c, n in cells if c & 0x7F == which)) for which, w in WHO.items()]
        for o, c, n in cells:
            words = " + ".join(w for bit, w in ORGS.items() if o & bit)
            sums.append((f"- {words}; {WHO[c & 0x7F]}{', carried over' * (c >> 7)}", n))
        head = [f"log          {self.keys[0].name}", f"entries      {self.size}"]
        head += [f"root         {b64encode(self.root).decode()}"]
        for key, time in sorted(self.signed.items()):
            when = f" at {datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC" if time else ""
            head.append(f"signed by    {key.name}{when}")
        days = [str(date(1970, 1, 1) + timedelta(n)) for n in self.ledger.days] or ["none"]
        head += [f"batches      {len(self.ledger.ends)}, {self.ledger.flagged} below the minima"]
        head += [f"days         {days[0]} to {days[-1]}", ""]
        return "\n".join(head + [f"{n:>15,}  {words}" for words, n in sums])


def main() -> None:
    """Run the command."""
    data = os.environ.get("TUIDANG_DATA", "var")
    parser = argparse.ArgumentParser(description="Audit a log of declarations.")
    parser.add_argument("log", nargs="?", default=f"{data}/log", help="folder or http(s) URL")
    parser.add_argument("--vkey", default=f"{data}/trust/trust.json", help="file of trusted keys")
    args = parser.parse_args()
    try:
        keys = read_keys(Path(args.vkey).read_bytes())
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        parser.error(f"{args.vkey} holds no keys to trust: {error}")
    try:
        print(Audit(Log(args.log), keys).summary())
    except AuditFailed as failure:
        parser.exit(1, "FAILED {!a}: {}\n".format(*failure.args))


if __name__ == "__main__":
    main()
