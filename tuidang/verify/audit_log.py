# SPDX-License-Identifier: Apache-2.0
"""Audit a public log of declarations from its files alone.

    python3 audit_log.py [FOLDER or URL] [--vkey FILE]

One file and the standard library, so that you can read all of it before you believe it. It
recomputes every hash, the order of every batch, every seal and the totals, verifies signatures,
and finds what comes twice and must not. No key comes from the log. Nine bytes an entry go to disk.
Exit status: 0 if all holds, 1 if not (the file at fault is named), 2 if that cannot be found out.
"""

import argparse
import json
import os
import re
import urllib.request as web
import zlib
from array import array
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256, sha512
from pathlib import Path
from struct import pack, unpack
from tempfile import SpooledTemporaryFile as Spool


class AuditFailed(Exception):
    """The log does not hold: the path at fault, below the log's folder, and why."""


def check(holds: object, words: str, path: str = "") -> None:
    """Raise unless something holds: AuditFailed for a file, or else ValueError."""
    if not holds:
        raise AuditFailed(path, words) if path else ValueError(words)


# --- 1. Ed25519 signatures (RFC 8032 section 5.1) ----------------------------------------------
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ZERO, BASE = (0, 1), bytes([0x58] + [0x66] * 31)
Point = tuple[int, int]  # on the curve  y^2 - x^2 = 1 + D x^2 y^2  modulo P


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
        result = add(add(result, result), point if bit == "1" else ZERO)
    return result


def decode_point(data: bytes) -> Point:
    """Return the point of 32 bytes; ValueError unless they are its one canonical encoding."""
    sign, y = divmod(int.from_bytes(data, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    check(len(data) == 32 and y < P and x * x % P == square and (x or not sign), "not a point")
    return (x if x % 2 == sign else P - x, y)


def verify(key: bytes, message: bytes, signature: bytes) -> None:
    """Raise ValueError unless the signature holds, strictly: canonical, s < order, no cofactor."""
    public, r, base = decode_point(key), decode_point(signature[:32]), decode_point(BASE)
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little")
    holds = len(signature) == 64 and s < ORDER and multiply(8, public) != ZERO
    check(holds and multiply(s, base) == add(r, multiply(k % ORDER, public)), "a bad signature")


# --- 2. Trusted keys and the signed checkpoint (sections 6 to 8): only one spelling passes -----
LOG_KEY, COSIGNER, YEAR_10000 = 0x01, 0x04, 253_402_300_800
Key = tuple[str, bytes, int, bytes]  # name, four bytes by which lines refer to it, kind, key
Trust = tuple[list[Key], dict[int, bytes]]  # the log's key first; roots that it had, by size


def parse_key(vkey: str, kind: int) -> Key:
    """Return the key of `<name>+<id>+<base64>`; ValueError unless it is one of this kind."""
    name, _, encoded = vkey.split("+", 2)
    data = b64decode(encoded)
    key_id = sha256(name.encode() + b"\n" + data).digest()[:4]
    exact = vkey == f"{name}+{key_id.hex()}+{b64encode(data).decode()}" and name.split() == [name]
    check(exact and data[0] == kind and multiply(8, decode_point(data[1:])) != ZERO, "not a key")
    return name, key_id, kind, data[1:]


def read_trust(data: bytes) -> Trust:
    """Return what vkey lines, trust.json or trust.note say: keys, the log's first, and batches."""
    text, _, signatures = data.decode().partition("\n\n")
    bundle = json.loads(text) if text.startswith("{") else {}
    vkeys = [line for line in data.decode().splitlines() if line[:1] != "#"]
    if bundle:
        others = [each["vkey"] for each in bundle["witnesses"]]
        vkeys = [bundle["log_vkey"], bundle["clock_vkey"], *others]
    others = [vkey for vkey in vkeys[1:] if vkey and len(vkey) < 1000]  # ML-DSA keys are longer
    keys = [parse_key(vkeys[0], LOG_KEY), *(parse_key(vkey, COSIGNER) for vkey in others)]
    if bundle and signatures:
        open_note(data, keys[:1])
    return keys, {each["size"]: b64decode(each["root"]) for each in bundle.get("batches", [])}


def open_note(data: bytes, keys: list[Key]) -> tuple[str, dict[Key, int]]:
    """Return a note's text and which keys signed it when; ValueError if the first did not."""
    text, separator, block = data.decode().rpartition("\n\n")
    text, lines, signed = text + "\n", block.split("\n"), dict[Key, int]()
    check(separator and not lines.pop() and 0 < len(lines) <= 100 and len(data) < CAP, "no note")
    for line in lines:
        name, _, encoded = line.removeprefix("— ").partition(" ")
        signature = b64decode(encoded)
        exact = line == f"— {name} {b64encode(signature).decode()}" and len(signature) > 4
        check(exact and name.split() == [name] and min(name) >= " " and "+" not in name, "no line")
        for key in [key for key in keys if key[:2] == (name, signature[:4])]:  # or it is ignored
            start = 4 if key[2] == LOG_KEY else 12
            time = int.from_bytes(signature[4:start], "big")
            check(key not in signed and (start == 4 or 0 < time < YEAR_10000), "twice, or no time")
            stamp = f"cosignature/v1\ntime {time}\n" if time else ""
            verify(key[3], (stamp + text).encode(), signature[start:])
            signed[key] = time
    check(keys[0] in signed, "not signed by the log")
    return text, signed


# --- 3. Where the files come from (section 5) --------------------------------------------------
CAP = 1_000_001  # one byte more than a checkpoint may have; no other file is as long
OPEN = sum(getattr(os, flag, 0) for flag in ("O_RDONLY", "O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"))
OPENER = web.OpenerDirector()  # it follows no redirect, so no other host is asked
for name in ("Proxy", "HTTP", "HTTPS", "HTTPDefaultError"):
    OPENER.add_handler(getattr(web, f"{name}Handler")())
OPENER.add_handler(web.HTTPErrorProcessor())


def read(log: str, path: str) -> bytes:
    """Return the bytes of a file that the log must have, unpacked if they came packed."""
    try:
        if not log.startswith(("http://", "https://")):
            with os.fdopen(os.open(f"{log}/{path}", OPEN), "rb", buffering=0) as file:
                return os.read(file.fileno(), min(os.fstat(file.fileno()).st_size + 1, CAP))
        with OPENER.open(f"{log.rstrip('/')}/{path}", timeout=30) as answer:
            data, packing = answer.read(CAP), answer.headers.get("Content-Encoding")
        return zlib.decompressobj(31).decompress(data, CAP) if packing == "gzip" else data
    except Exception as error:
        raise AuditFailed(path, f"cannot be read: {error}") from error


def file_path(kind: int | str, n: int, width: int = 256) -> str:
    """Return such as `tile/0/x001/234/067.p/9`."""
    name = f"{n % 1000:03d}" + (f".p/{width}" if width < 256 else "")
    while n := n // 1000:
        name = f"x{n % 1000:03d}/{name}"
    return f"tile/{kind}/{name}"


# --- 4. Entries (sections 1 and 2) and the tree over them (section 4) --------------------------
CELLS = [(o, old | c) for o in (*range(8), 0xFF) for old in (0, 0x80) for c in (0, 1, 2, 3, 7)]
DECLARED, CORRECTION, LINK, NOTE, RECEIVED, SEAL = range(6)  # their order in a batch
EMPTY_ROOT, RUN, NONE, DAYS = sha256(b"").digest(), 2**20, (-1, b""), YEAR_10000 // 86_400
PERSONS = {bytes([1, *cell, 0]): n for n, cell in enumerate(CELLS, 1)}  # by the first 4 bytes
HEADS = {head: (DECLARED, 36, n) for head, n in PERSONS.items()}  # -> kind, length, cell
HEADS |= {bytes([2, *c, r]): (CORRECTION, 44, n) for n, c in enumerate(CELLS, 1) for r in (1, 2)}
HEADS |= {bytes([5, 0, 0, 0]): (LINK, 68, 0), bytes([4, 0, 0, 0]): (RECEIVED, 40, 0)}
HEADS |= {bytes([6, kind, 0, 0]): (NOTE, 36, 0) for kind in range(1, 6)}
HEADS |= {bytes([3, flag, 0, n]): (SEAL, 32 + 10 * n, 0) for flag in (0, 1) for n in range(91)}
ORGS = {1: "Party", 2: "Youth League", 4: "Young Pioneers", 8: "not specified", 16: "withheld"}
WHO = {0: "by the person, own name", 1: "by the person, alias", 2: "by someone else, named"}
WHO |= {3: "by someone else, unnamed", 7: "class withheld"}


def split(data: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle, each of which stands behind its length; or none."""
    if len(data) == 38 * width and data[::38] + data[1::38] == bytes(width) + b"\x24" * width:
        return list(unpack("2x36s" * width, data))  # the usual, at once
    entries, at = list[bytes](), 0
    while at + 1 < len(data):
        start, at = at + 2, at + 2 + 256 * data[at] + data[at + 1]
        entries.append(data[start:at])
    return entries if (len(entries), at) == (width, len(data)) else []


def unique_in(entry: bytes) -> list[bytes]:
    """Return what an entry says that may stand in the log once: nullifiers behind a letter."""
    kind, body = HEADS.get(entry[:4], (SEAL,))[0], entry[4:]
    return [body[:32], b"n" + body[32:]] if kind == LINK else [body[-32:]] * (kind < LINK)


def root_of(hashes: list[bytes]) -> bytes:
    """Return the root over some hashes: neighbours paired, an odd last one promoted."""
    while len(hashes) > 1:
        pairs, odd = zip(hashes[::2], hashes[1::2], strict=False), hashes[len(hashes) & ~1 :]
        hashes = [sha256(b"\x01" + one + other).digest() for one, other in pairs] + odd
    return hashes[0] if hashes else EMPTY_ROOT


# --- 5. The audit (sections 1 to 5) ------------------------------------------------------------
class Audit:
    """One walk through a log, from its first entry to its last."""

    def __init__(self, log: str, trust: Trust) -> None:
        self.log, self.keys, self.known, self.path = log, trust[0], dict(trust[1]), ""
        try:
            text, self.signed = open_note(read(log, "checkpoint"), self.keys)
            _, size, root64, _ = text.split("\n")  # more lines would be extensions
            origin, self.size, self.root = self.keys[0][0], int(size), b64decode(root64)
            canonical = f"{origin}\n{self.size}\n{b64encode(self.root).decode()}\n"
            check(text == canonical and len(self.root) == 32, "another origin, or not canonical")
            own = [key for key in self.keys if key[0] in (origin, f"{origin}/clock")]
            check(all(key in self.signed for key in own), "not signed by the log and its clock")
            check(max([0, *self.known]) <= self.size < 2**63, "a size that is known to be wrong")
        except ValueError as error:
            raise AuditFailed("checkpoint", f"not a valid checkpoint: {error}") from error
        self.taken, self.flagged, self.last = 0, 0, NONE  # last: kind and body, in the batch
        self.ends, self.cuts = array("Q", [0]), array("Q", [0])  # sizes after batches; see `claim`
        self.days, self.counts = list[int](), [0] * 91  # days: first and last of each batch
        self.parts = [array("q") for _ in range(min(self.size >> 18, 2**16) + 1)]  # see `claim`
        self.rows, self.full = [list[bytes]() for _ in range(10)], [0] * 10  # on each level
        self.doubt, self.wrong = ("", ""), ""  # a tile and its bundle that disagree; a tile above
        with Spool(RUN) as self.cell_of, Spool(RUN) as self.hashes:  # of each entry: cell, or 0
            try:
                for n in range(-(-self.size // 256)):
                    self.take_bundle(n, min(256, self.size - 256 * n))
                self.check_root()
            finally:
                self.check_unique()  # what repeats before another fault is the earlier fault

    def check_root(self) -> None:
        """Hold that the entries give the signed root, and end as they must."""
        holds = self.edge(256) == self.root
        check(not self.doubt[0], "is not what the log has signed", self.doubt[0 if holds else 1])
        check(holds, "the entries give another root", "checkpoint")
        check(self.last[0] < 0, f"entry {self.size - 1}: is not a seal, and the last", self.path)
        check(not self.known, "not every batch that is known ends", "checkpoint")
        check(not self.wrong, "is not what the entries give", self.wrong)
        was = {(bits, end >> bits) for end in self.ends for bits in range(0, 64, 8)}
        for folder, inner, names in os.walk(self.log):  # where files of earlier sizes may lie
            inner.sort()
            for path in (f"{folder}/{name}"[len(self.log) + 1 :] for name in sorted(names)):
                found = re.fullmatch(r"tile/(entries|[0-7])/([x0-9/]+)(?:\.p/([1-9]\d*))?", path)
                kind, digits, more = found.groups() if found else ("0", "0", "")
                n, width = int("0" + re.sub("[x/]", "", digits)), int(more or 256)
                bits, end = 8 * int(kind.replace("entries", "0")), 256 * n + width
                had = (bits, end) in was if more else end <= self.size >> bits
                if path != "checkpoint" and not (had and path == file_path(kind, n, width)):
                    self.wrong = min(self.wrong or path, path)
                elif more:  # the beginning of what lies there now
                    now = file_path(kind, n, min(256, (self.size >> bits) - 256 * n))
                    data, whole = read(self.log, path), read(self.log, now)
                    fits = split(data, width) if kind == "entries" else len(data) == 32 * width
                    check(fits and whole.startswith(data), "is not what the entries give", path)
        check(not self.wrong, "nothing in the log implies this", self.wrong)

    def take_bundle(self, n: int, width: int) -> None:
        """Put up to 256 entries into the tree and hold the rules between them."""
        tile, self.path = file_path(0, n, width), file_path("entries", n, width)
        entries = split(read(self.log, self.path), width)
        check(entries, "does not hold its entries", self.path)
        self.rows[0] = [sha256(b"\x00" + entry).digest() for entry in entries]
        if read(self.log, tile) != b"".join(self.rows[0]):
            self.doubt = self.doubt if self.doubt[0] else (tile, self.path)
        bodies, cells = [e[4:] for e in entries], bytes([PERSONS.get(e[:4], 0) for e in entries])
        plain = all(cells) and {*map(len, bodies)} == {32} and sorted(set(bodies)) == bodies
        if self.doubt[0]:  # the root will tell which of the two is wrong
            entries = []
        elif plain and self.last < (DECLARED, bodies[0]):  # nothing but persons in order: at once
            self.claim(bodies)
            for cell in set(cells):
                self.counts[cell] += cells.count(cell)
            self.cell_of.write(cells)
            self.taken, self.last, entries = self.taken + width, (DECLARED, bodies[-1]), []
        for entry in entries:
            self.take(entry)
        for level, row in enumerate(self.rows):
            if len(row) < 256 and 256 * n + width < self.size:
                break  # what does not fill a tile is compared at the end
            path = file_path(level, self.full[level], len(row))
            if level and row and read(self.log, path) != b"".join(row):
                self.wrong = min(self.wrong or path, path)  # or what lies below it
            if len(row) == 256:
                self.rows[level + 1].append(root_of(row))
                self.rows[level], self.full[level] = [], self.full[level] + 1

    def edge(self, width: int) -> bytes:
        """Return the root over the tiles that are full and some of the leaf hashes behind them."""
        edge: list[bytes] = []
        for row in (self.rows[0][:width], *self.rows[1:]):
            edge = [root_of(row + edge)] if row + edge else []
        return root_of(edge)

    def take(self, entry: bytes) -> None:
        """Take the next entry; AuditFailed if it breaks a rule."""
        (kind, length, cell), body = HEADS.get(entry[:4], (-1, -1, 0)), entry[4:]
        here, index = f"entry {self.taken}: ", int.from_bytes(body[:8], "big")
        check(len(entry) == length, here + "not an entry of this log", self.path)
        ordered = (kind, body) > self.last and (kind == SEAL) == (self.last[0] == RECEIVED)
        check(ordered, here + "the batch is not in the order D, C, L, N, one R, one S", self.path)
        self.last = (kind, body)
        self.claim(unique_in(entry))
        if kind == CORRECTION:
            self.cell_of.seek(min(index, self.taken))
            check(self.cell_of.read(1) == bytes([cell]), here + "corrects nobody", self.path)
            self.cell_of.seek(index)
            self.cell_of.write(b"\x00")  # so that it cannot be corrected twice
            self.cell_of.seek(0, os.SEEK_END)
        fits = kind != RECEIVED or index >> 32 or body[4:] == EMPTY_ROOT
        check(fits, here + "nothing received, and a root that is not empty", self.path)
        if kind == SEAL:
            self.seal(entry, here)
        self.counts[cell] += 1 if kind == DECLARED else -1
        self.cell_of.write(bytes([cell * (kind == DECLARED)]))
        self.taken += 1

    def seal(self, entry: bytes, here: str) -> None:
        """Compare a seal with the one that the entries so far call for."""
        first, last, start = *unpack(">II", entry[24:32]), self.ends[-1]
        check(self.days[-1:] <= [first] <= [last] < [DAYS], here + "days out of order", self.path)
        expected = pack(">IQQ", len(self.ends) - 1, start, (start or 2**64) - 1) + entry[24:32]
        for cell, count in zip(CELLS, self.counts[1:], strict=True):
            expected += bytes(cell) + count.to_bytes(8, "big") if count else b""
        check(entry[4:] == expected, here + "a seal of other places or totals", self.path)
        self.ends.append(end := self.taken + 1)
        self.flagged, self.last = self.flagged + entry[1], NONE
        self.days += [first, last]
        if root := self.known.pop(end, None):
            check(self.edge(end % 256 or 256) == root, "not as known", "checkpoint")

    def claim(self, keys: list[bytes]) -> None:
        """Lay aside Python's hash of what must be unique: its key is new in every run."""
        for key in map(hash, keys):
            self.parts[key % len(self.parts)].append(key)
        if len(self.parts[0]) > RUN // len(self.parts):
            for part in self.parts:
                self.hashes.write(part.tobytes())
                self.cuts.append(self.hashes.tell())
                del part[:]

    def check_unique(self) -> None:
        """Look for what comes twice; read it again, since two things may have one hash."""
        suspects, seen, end = set[int](), set[bytes](), min(self.taken + 1, self.size)
        for first, waiting in enumerate(self.parts):
            part = array("q")
            for at in range(first, len(self.cuts) - 1, len(self.parts)):
                self.hashes.seek(self.cuts[at])
                part.frombytes(self.hashes.read(self.cuts[at + 1] - self.cuts[at]))
            part.extend(waiting)
            once = dict.fromkeys(part)
            if len(once) < len(part):  # of each part, the first few that come again
                suspects.update([h for h in part if once.pop(h, True)][:8])
        for n in range(-(-end // 256) if suspects else 0):
            path = file_path("entries", n, min(256, self.size - 256 * n))
            entries = split(read(self.log, path), min(256, self.size - 256 * n))
            for index, entry in enumerate(entries[: end - 256 * n], 256 * n):
                for key in [key for key in unique_in(entry) if hash(key) in suspects]:
                    check(key not in seen, f"entry {index}: stands in the log already", path)
                    seen.add(key)
        check(len(seen) >= 2 * len(suspects), "has changed while it was read", "tile/entries")

    def summary(self) -> str:
        """Return what the log says, for people."""
        counts = zip(CELLS, self.counts[1:], strict=True)
        cells = [({0: 8, 0xFF: 16}.get(o, o), c, n) for (o, c), n in counts if n]
        sums = [("persons, each counted once", sum(n for _, _, n in cells))]
        sums += [(w, sum(n for o, _, n in cells if o & bit)) for bit, w in ORGS.items()]
        sums += [(w, sum(n for _, c, n in cells if c & 0x7F == which)) for which, w in WHO.items()]
        for o, c, n in cells:
            words = " + ".join(w for bit, w in ORGS.items() if o & bit)
            sums.append((f"- {words}; {WHO[c & 0x7F]}{', carried over' * (c >> 7)}", n))
        head = [f"log          {self.keys[0][0]}", f"entries      {self.size}"]
        head += [f"root         {b64encode(self.root).decode()}"]
        for key, time in sorted(self.signed.items()):
            when = f" at {datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC" if time else ""
            head.append(f"signed by    {key[0]}{when}")
        days = [str(date(1970, 1, 1) + timedelta(n)) for n in self.days] or ["none"]
        head += [f"batches      {len(self.ends) - 1}, {self.flagged} below the minima"]
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
        print(Audit(args.log.rstrip("/"), read_trust(Path(args.vkey).read_bytes())).summary())
    except AuditFailed as failure:
        parser.exit(1, "FAILED {!a}: {}\n".format(*failure.args))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        parser.error(f"{args.vkey} holds no keys to trust, or there is no room: {error}")


if __name__ == "__main__":
    main()
