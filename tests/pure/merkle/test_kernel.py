# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hash kernel: every way of hashing gives the same answer, and nothing is read too far."""

import base64
import os
import random
import subprocess
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from tests.pure.merkle.samples import VECTORS
from tuidang.pure.ledger.entries import CLASSES, ORGS, Counted
from tuidang.pure.merkle import kernel
from tuidang.pure.merkle.bundles import decode_bundle, encode_bundle
from tuidang.pure.merkle.compiled import load
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import EMPTY_ROOT, leaf_hash, node_hash

KERNELS = kernel.available()
PLAIN = KERNELS["hashlib"]
Taken = tuple[int, dict[tuple[int, int], int], bytes]
COMPILED = [each for name, each in KERNELS.items() if name != "hashlib"]
each_kernel = pytest.mark.parametrize("each", KERNELS.values(), ids=KERNELS)
SHARED = random.Random(4)


def noise(count: int) -> bytes:
    """Return bytes without a pattern, the same ones in every run."""
    return SHARED.randbytes(count)


SECRET = array("Q", random.Random(18).randbytes(144))


def person(commitment: bytes, orgs: int = 7, class_: int = 0) -> bytes:
    """Return a D entry as it stands in a bundle."""
    return encode_bundle([Counted(orgs, class_, commitment).encode()])


def take(each: kernel.Kernel, bundle: bytes, start: int = 0, last: bytes = b"") -> Taken:
    """Return all that taking persons from a bundle leaves behind."""
    kept: list[bytes] = []
    persons = kernel.Persons(kept.append, SECRET, each)
    taken = persons.take(bundle, start, last)
    persons.flush()
    return taken, persons.cells(), b"".join(kept)


def test_a_machine_with_a_compiler_has_the_compiled_kernel() -> None:
    """Where tests run there is a compiler, so the plain C of the kernel runs at least."""
    assert load() is not None
    assert "portable" in KERNELS


@each_kernel
def test_leaves_are_hashed_as_the_vectors_say(each: kernel.Kernel) -> None:
    """The roots over numbered leaves are those of Go's tlog, at every size that it gives."""
    for size, expected in VECTORS["roots leaf-%d"].items():
        entries = [b"leaf %d" % index for index in range(int(size))]
        root = each.root_of(each.leaf_hashes(entries))
        assert base64.b64encode(root).decode() == expected
    assert base64.b64encode(each.leaf_hashes([b""])).decode() == VECTORS["leaf_hash_of_empty_entry"]


# NIST's further examples of SHA-256 are over zeros, as is what a leaf of zeros is hashed from.
ZEROS = {
    55: "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7",
    56: "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb",
    57: "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785",
    64: "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b",
    1_000: "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53",
    1_000_000: "d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025",
}


@each_kernel
def test_zeros_hash_as_nist_says(each: kernel.Kernel) -> None:
    """Leaves of zeros have the hashes of NIST's examples, alone and sixteen at a time."""
    for count, expected in ZEROS.items():
        for times in (1, 16, 17):
            assert each.leaf_hashes([bytes(count - 1)] * times).hex() == expected * times


@each_kernel
def test_leaves_of_every_length_hash_as_hashlib_does(each: kernel.Kernel) -> None:
    """Alone, among their like and among others, entries of 0 to 200 bytes and long ones fit."""
    sizes = [*range(201), 255, 256, 257, 1000, 8191, 65_535, 100_000]
    alike = [[noise(size)] * (1 + size % 35) for size in sizes]
    mixed = [[noise(SHARED.choice(sizes[:201])) for _ in range(n)] for n in range(1, 60)]
    for entries in [[noise(size)] for size in sizes] + alike + mixed:
        assert each.leaf_hashes(entries) == b"".join(map(leaf_hash, entries))
    assert each.leaf_hashes([]) == b""


@pytest.mark.unmeasured
@each_kernel
def test_rows_and_roots_of_every_size_are_as_hashlib_s(each: kernel.Kernel) -> None:
    """Rows above 1 to 600 hashes and their roots are those that pairing one by one gives."""
    hashes = [noise(32) for _ in range(600)]
    for size in range(1, 601):
        row, joined = hashes[:size], b"".join(hashes[:size])
        pairs = [node_hash(row[i], row[i + 1]) for i in range(0, size - 1, 2)]
        assert each.parents(joined) == b"".join(pairs + row[size & ~1 :])
        assert each.root_of(joined) == PLAIN.root_of(joined)


@pytest.mark.unmeasured
@pytest.mark.parametrize("each", COMPILED, ids=lambda each: each.name)
def test_larger_trees_are_as_hashlib_s(each: kernel.Kernel) -> None:
    """Sizes around the powers of 256 and others give the same roots and tiles."""
    hashes = noise(32 * 70_000)
    for size in (4_095, 65_535, 65_536, 65_537, 70_000, SHARED.randrange(1_000, 70_000)):
        assert each.root_of(hashes[: 32 * size]) == PLAIN.root_of(hashes[: 32 * size])
    tiles = [PLAIN.root_of(hashes[at : at + 8192]) for at in range(0, 273 * 8192, 8192)]
    assert each.tile_roots(hashes[: 273 * 8192]) == b"".join(tiles)


def test_another_implementation_gives_the_same_roots() -> None:
    """At every size up to 70, and at 1,000, pymerkle's tree has the root that ours has."""
    entries = [noise(36) for _ in range(1000)]
    tree = InmemoryTree()
    tree.append_entries(entries)
    for size in (*range(1, 71), 1000):
        joined = kernel.leaf_hashes(entries[:size])
        assert tree.get_root(size) == kernel.root_of(joined)


ENTRIES = st.lists(st.binary(max_size=80) | st.binary(min_size=36, max_size=36), max_size=40)


@given(ENTRIES, st.integers(0, 8), st.binary(max_size=3))
def test_bundles_are_read_as_they_are_decoded(
    entries: Sequence[bytes], cut: int, more: bytes
) -> None:
    """A bundle gives the hashes of its entries, or is refused for what decoding refuses it."""
    whole = b"".join(len(each).to_bytes(2, "big") + each for each in entries)
    bundle = whole[: max(len(whole) - cut, 0)] + more
    expected: bytes | str
    try:
        expected = b"".join(map(leaf_hash, decode_bundle(bundle)))
    except FormatError as error:
        expected = error.code
    for each in KERNELS.values():
        assert hashed(each, bundle) == expected


def hashed(each: kernel.Kernel, bundle: bytes) -> bytes | str:
    """Return what a kernel makes of a bundle: hashes, or the code of its refusal."""
    try:
        return kernel.bundle_hashes(bundle, kernel=each)
    except FormatError as error:
        return error.code


@each_kernel
def test_bundles_of_another_size_are_refused(each: kernel.Kernel) -> None:
    """More entries than 256, or others than expected, are refused before they are believed."""
    entry = b"\x00\x01x"
    assert len(kernel.bundle_hashes(entry * 256, 256, kernel=each)) == 256 * 32
    for bundle, expected in ((entry * 257, None), (entry * 257, 257), (entry, 2), (b"", None)):
        with pytest.raises(FormatError) as refused:
            kernel.bundle_hashes(bundle, expected, kernel=each)
        assert refused.value.code == "bundle_count"
    assert kernel.bundle_hashes(b"", 0, kernel=each) == b""


@each_kernel
def test_persons_are_counted_by_their_cells(each: kernel.Kernel) -> None:
    """Every cell there can be is counted, and fingerprints of commitments are handed on."""
    cells = [(orgs, class_) for orgs in sorted(ORGS) for class_ in sorted(CLASSES)]
    commitments = sorted(noise(32) for _ in cells)
    bundle = b"".join(person(c, *cell) for c, cell in zip(commitments, cells, strict=True))
    found = b"".join(kernel.fingerprint(c, SECRET) for c in commitments)
    assert take(each, bundle) == (len(cells), dict.fromkeys(cells, 1), found)


@each_kernel
def test_whatever_is_no_person_in_order_stops_the_count(each: kernel.Kernel) -> None:
    """Each wrong byte, a commitment that does not ascend and a cut-off end stop before them."""
    low, high = sorted((noise(32), noise(32)))
    good = person(low) + person(high)
    assert take(each, good)[0] == 2
    wrong = [(0, 1), (1, 35), (1, 37), (2, 0), (2, 2), (3, 8), (3, 0xFE), (4, 4), (4, 5), (4, 6)]
    wrong += [(4, 8), (4, 0x84), (4, 0x7F), (4, 0xFF), (5, 1)]
    for place, value in wrong:
        other = bytearray(person(high))
        other[place] = value
        assert take(each, person(low) + other)[0] == 1, (place, value)
    for order, expected in (((high, low), 1), ((low, low), 1), ((low[:31] + b"\x00", low), 2)):
        assert take(each, b"".join(map(person, order)))[0] == expected
    for cut in range(1, 39):
        assert take(each, good[:-cut])[0] == 1
    assert take(each, good, 38, low) == take(each, person(high))
    assert take(each, good, 38, high)[0] == 0
    assert take(each, good, 76, high)[0] == take(each, good, 100)[0] == 0


@given(st.integers(0, 2**32), st.integers(1, 120), st.integers(0, 8))
def test_taking_persons_is_the_same_by_every_kernel(seed: int, count: int, faults: int) -> None:
    """Whatever a bundle holds, each kernel takes the same persons from it."""
    chance = random.Random(seed)
    commitments = [chance.randbytes(32) for _ in range(count)]
    bundle = bytearray(b"".join(map(person, sorted(commitments))))
    for _ in range(faults):
        bundle[chance.randrange(len(bundle))] = chance.randrange(256)
    assert len({repr(take(each, bytes(bundle))) for each in KERNELS.values()}) == 1


@pytest.mark.unmeasured
@each_kernel
def test_fingerprints_are_handed_over_in_time(each: kernel.Kernel) -> None:
    """Of more persons than there is room for none is lost, and they stay in order."""
    commitments = sorted(noise(32) for _ in range(256))
    bundle, kept = b"".join(map(person, commitments)), list[bytes]()
    persons = kernel.Persons(kept.append, SECRET, each)
    assert [persons.take(bundle, 0, b"") for _ in range(520)] == [256] * 520
    persons.flush()
    assert len(kept) > 1
    assert b"".join(kept) == b"".join(kernel.fingerprint(c, SECRET) for c in commitments) * 520


def test_a_fingerprint_is_its_formula() -> None:
    """Eight words times secret numbers and one more, of 64 bits the upper half; twice."""
    value = b"".join(n.to_bytes(4, "big") for n in range(1, 9))
    high = sum(n * SECRET[n - 1] for n in range(1, 9)) + SECRET[8]
    low = sum(n * SECRET[n + 8] for n in range(1, 9)) + SECRET[17]
    expected = [(each % 2**64 >> 32).to_bytes(4, "big") for each in (high, low)]
    assert kernel.fingerprint(value, SECRET) == b"".join(expected)


def test_nobody_crowds_a_bucket_who_does_not_know_the_secret() -> None:
    """Commitments that are alike but for one byte are spread over the buckets all the same."""
    for place in range(32):
        values = [bytes(place) + bytes([n]) + bytes(31 - place) for n in range(256)]
        found = {kernel.fingerprint(value, SECRET) for value in values}
        assert len(found) == 256
        assert len({each[0] for each in found}) > 64


def test_a_secret_has_eighteen_numbers() -> None:
    """Another secret, or what is no commitment, is refused and never read beyond."""
    for secret in (SECRET[1:], array("I", range(18)), array("Q")):
        with pytest.raises(FormatError, match="18 numbers"):
            kernel.Persons(lambda _: None, secret)
    with pytest.raises(FormatError, match="32 bytes"):
        kernel.fingerprint(bytes(31), SECRET)


@given(st.integers(0, 2**32), st.integers(0, 700), st.integers(1, 8))
def test_repeats_are_found_whatever_is_alike(seed: int, count: int, width: int) -> None:
    """Fingerprints that come twice are found, also where most of their bytes are the same."""
    chance = random.Random(seed)
    pool = [chance.randbytes(width).rjust(8, b"\x07") for _ in range(1 + count // 2)]
    values = [chance.choice(pool) for _ in range(count)]
    expected = sorted({value for value in values if values.count(value) > 1})
    for each in KERNELS.values():
        assert each.repeats(b"".join(values)) == expected
        groups = each.buckets(b"".join(values))
        assert all(
            {group[at] for at in range(0, len(group), 8)} == {first}
            for first, group in enumerate(groups)
            if group
        )
        assert b"".join(groups) == b"".join(sorted(values, key=lambda value: value[0]))


def test_joined_hashes_are_measured() -> None:
    """Bytes that are no whole number of hashes, tiles or fingerprints are refused."""
    functions = (kernel.root_of, kernel.parents, kernel.fingerprint_repeats, kernel.buckets)
    for refuse, length in [*((each, 33) for each in functions), (kernel.tile_roots, 32 * 255)]:
        with pytest.raises(FormatError):
            refuse(bytes(length))
    assert kernel.root_of(b"") == EMPTY_ROOT
    assert kernel.tile_roots(b"") == b""


@pytest.mark.parametrize("name", [*KERNELS, ""])
def test_the_environment_chooses(name: str) -> None:
    """TUIDANG_KERNEL forces a kernel; without it the fastest runs."""
    program = "from tuidang.pure.merkle.kernel import implementation; print(implementation())"
    environment = os.environ | {"TUIDANG_KERNEL": name}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == (name or next(iter(KERNELS)))


@pytest.mark.parametrize("name", ["avx1024", "AVX512", "hashlib "])
def test_a_kernel_that_is_not_there_is_refused(name: str) -> None:
    """Asking for a kernel that this machine lacks says so, and which there are."""
    with pytest.raises(kernel.KernelMissing, match="hashlib"):
        kernel.choose(name)


def test_a_library_of_another_kind_is_not_used(tmp_path: Path) -> None:
    """What is no library, or another one, counts as none."""
    other = tmp_path / "libkernel.so"
    assert load(other) is None
    other.write_bytes(b"not a library")
    assert load(other) is None
