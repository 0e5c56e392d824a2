# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tile names, trees from tiles, growing."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.merkle.samples import VECTORS, MemoryLog, leaves
from tuidang.pure.merkle.bundles import BundleError, decode_bundle, encode_bundle
from tuidang.pure.merkle.hashes import EMPTY_ROOT
from tuidang.pure.merkle.proofs import consistency_proof, inclusion_proof
from tuidang.pure.merkle.tiles import (
    BundleId,
    Tile,
    TileError,
    bundles_for_size,
    consistency_proof_from_tiles,
    inclusion_proof_from_tiles,
    parse_path,
    root_from_tiles,
    tiles_for_size,
)
from tuidang.pure.merkle.tree import root

HASHES = leaves(1000)
TILES = st.builds(Tile, st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
BUNDLES = st.builds(BundleId, st.integers(0, 10**12), st.integers(1, 256))


@pytest.mark.parametrize(("n", "path"), VECTORS["paths"].items())
def test_numbers_are_written_as_in_the_specification(n: str, path: str) -> None:
    """A tile number becomes groups of three digits, all but the last with an x."""
    assert Tile(3, int(n)).path == f"tile/3/{path}"
    assert parse_path(f"tile/entries/{path}.p/7") == BundleId(int(n), 7)


@given(TILES | BUNDLES)
def test_paths_round_trip(name: Tile | BundleId) -> None:
    """A path leads back to the tile or bundle that it was made from."""
    assert parse_path(name.path) == name


def test_the_widest_partial_tile_has_a_path() -> None:
    """255 hashes are a partial tile; 256 are a full one, which has no width in its path."""
    assert parse_path("tile/0/001.p/255") == Tile(0, 1, 255)
    assert parse_path("tile/63/001") == Tile(63, 1, 256)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/3/123/456/078",
        "tile/3/x123/x456",
        "tile/3/-1",
        "tile/-1/000",
        "tile/03/000",
        "tile/64/000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/001.p/",
        "tile/0/001/",
        "tile/0/001\n",
        "/tile/0/001",
        "tile//001",
        "tile/entries/",
        "tile/Entries/000",
        "tile/0/٠٠١",
        "tile/٣/001",
        "tile/0/" + "x999/" * 2000 + "999",
    ],
)
def test_other_spellings_are_refused(path: str) -> None:
    """A path that is not the one spelling of a tile or bundle is refused."""
    with pytest.raises(TileError):
        parse_path(path)


@given(st.text("tile/ensr0123456789x.p-+", max_size=24).map(lambda rest: f"tile/{rest}"))
def test_what_is_accepted_is_spelled_that_way(path: str) -> None:
    """No two paths name the same thing: an accepted path is the one that is written."""
    try:
        name = parse_path(path)
    except TileError:
        return
    assert name.path == path


def test_tiles_of_known_sizes() -> None:
    """A size implies exactly the tiles that the specification lists."""
    listed = [tile.path for tile in tiles_for_size(70_000)]
    assert set(VECTORS["tiles 70000"]) <= set(listed)
    assert len(listed) == 274 + 2 + 1
    assert [tile.path for tile in tiles_for_size(256)] == VECTORS["tiles 256"]
    assert [bundle.path for bundle in bundles_for_size(257)] == [
        "tile/entries/000",
        "tile/entries/001.p/1",
    ]
    assert list(tiles_for_size(0)) == []
    assert list(bundles_for_size(0)) == []


def test_tiles_of_the_vectors() -> None:
    """The tiles of 300 leaves hold the bytes that other implementations give."""
    log = MemoryLog()
    log.append(HASHES[:300])
    assert (
        hashlib.sha256(log.tiles[Tile(0, 0)]).hexdigest()
        == (VECTORS["tile/0/000 sha256 (leaf 0..255)"])
    )
    upper = base64.b64encode(log.tiles[Tile(1, 0, 1)]).decode()
    assert upper == VECTORS["tile/1/000.p/1 for size 300"]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=5), st.data())
def test_a_log_grows_by_any_steps(steps: list[int], data: st.DataObject) -> None:
    """After any growth all implied tiles are there, and they give the same tree and proofs."""
    log = MemoryLog()
    for step in steps:
        size = min(log.size + step, 1000)
        new_root = log.append(HASHES[log.size : size])
        assert set(tiles_for_size(size)) <= set(log.tiles)
        assert new_root == root(HASHES[:size])
        assert root_from_tiles(log.tiles.__getitem__, size) == new_root
    if not log.size:
        return
    place = data.draw(st.integers(0, log.size - 1))
    found = inclusion_proof_from_tiles(log.tiles.__getitem__, place, log.size)
    assert found == inclusion_proof(place, HASHES[: log.size])
    found = consistency_proof_from_tiles(log.tiles.__getitem__, place, log.size)
    assert found == consistency_proof(place, HASHES[: log.size])


def test_a_third_level_is_reached() -> None:
    """Above 65,536 leaves the tree from tiles still equals the tree from leaves."""
    hashes = [index.to_bytes(32, "big") for index in range(66_000)]
    log = MemoryLog()
    log.append(hashes[:65_000])
    assert log.append(hashes[65_000:]) == root(hashes)
    assert set(tiles_for_size(66_000)) <= set(log.tiles)
    found = consistency_proof_from_tiles(log.tiles.__getitem__, 65_000, 66_000)
    assert found == consistency_proof(65_000, hashes)


def test_no_tiles_make_the_empty_tree() -> None:
    """An empty log needs no tile, and growing it by nothing writes none."""
    log = MemoryLog()
    assert log.append([]) == EMPTY_ROOT
    assert root_from_tiles(log.tiles.__getitem__, 0) == EMPTY_ROOT
    assert log.tiles == {}


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33, b"x" * 64])
def test_a_tile_of_the_wrong_length_is_refused(content: bytes) -> None:
    """A tile that does not hold exactly its hashes is refused by every computation."""
    with pytest.raises(TileError) as caught:
        root_from_tiles(lambda _: content, 1)
    assert caught.value.code == "tile_length"


def test_the_bundle_of_the_vectors() -> None:
    """Entries are framed by two bytes of length, as the specification shows."""
    entries = [b"a", b"", b"xyz"]
    assert encode_bundle(entries).hex() == VECTORS['bundle [b"a",b"",b"xyz"]']


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=256), st.data())
def test_bundles_round_trip_and_break(entries: list[bytes], data: st.DataObject) -> None:
    """A bundle gives its entries back; cut anywhere it is refused or holds fewer."""
    bundle = encode_bundle(entries)
    assert decode_bundle(bundle) == decode_bundle(bundle, len(entries)) == entries
    cut = data.draw(st.integers(0, len(bundle) - 1))
    with pytest.raises(BundleError):
        decode_bundle(bundle[:cut], len(entries))


def test_the_longest_entry_and_the_fullest_bundle_fit() -> None:
    """256 entries, one of them of 65,535 bytes, are a bundle."""
    entries = [bytes(65_535), *[b""] * 255]
    assert decode_bundle(encode_bundle(entries)) == entries


@pytest.mark.parametrize(
    ("data", "expected", "code"),
    [
        (b"", None, "bundle_count"),
        (b"\0\1a", 2, "bundle_count"),
        (b"\0\1a\0\1b", 1, "bundle_count"),
        (b"\0\0" * 257, None, "bundle_count"),
        (b"\0\1a\0", None, "bundle_cut_off"),
        (b"\0\2a", None, "bundle_cut_off"),
        (b"\0\1a\0", 2, "bundle_cut_off"),
    ],
)
def test_bad_bundles_say_what_is_wrong(data: bytes, expected: int | None, code: str) -> None:
    """A bundle with another number of entries, or cut off, is refused with its reason."""
    with pytest.raises(BundleError) as caught:
        decode_bundle(data, expected)
    assert caught.value.code == code


@pytest.mark.parametrize("entries", [[], [b""] * 257, [bytes(65_536)]])
def test_what_fits_no_bundle_is_refused(entries: list[bytes]) -> None:
    """No bundle is made of nothing, of too many entries or of a too long one."""
    with pytest.raises(BundleError):
        encode_bundle(entries)
