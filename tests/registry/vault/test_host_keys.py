# SPDX-License-Identifier: AGPL-3.0-or-later
"""The host's secrets, in files."""

from pathlib import Path

import pytest

from tuidang.registry.vault.host_keys import (
    destroy_host_key,
    has_host_key,
    host_key,
    host_subkey,
    read_key,
    write_new,
)


def test_a_host_key_is_made_once_and_stays(keys_folder: Path) -> None:
    """The first use makes 32 random bytes in a file of mode 600; later uses read them."""
    key = host_key("office")
    path = keys_folder / "office.key"
    assert path.read_bytes() == key == host_key("office")
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in keys_folder.iterdir()] == ["office.key"]


def test_settings_read_a_key_by_its_folder(tmp_path: Path) -> None:
    """The settings get the file's own bytes, and no folder above it is left open to others."""
    folder = tmp_path / "data" / "keys"
    assert read_key(folder, "django") == (folder / "django.key").read_bytes()
    assert {path.stat().st_mode & 0o777 for path in (folder, folder.parent)} == {0o700}


def test_a_damaged_key_file_is_refused(keys_folder: Path) -> None:
    """A file of another length is no key, and is never filled up or replaced."""
    keys_folder.mkdir()
    (keys_folder / "office.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="damaged"):
        host_key("office")
    assert (keys_folder / "office.key").read_bytes() == b"short"


def test_the_loser_of_a_race_leaves_the_winners_file(tmp_path: Path) -> None:
    """Writing to a name that is taken changes nothing, says so, and leaves no draft."""
    path = tmp_path / "some.key"
    assert write_new(path, b"first")
    assert not write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_each_purpose_has_a_key_of_its_own() -> None:
    """Subkeys of one host key differ by purpose and are not the key itself."""
    keys = {host_subkey("office", "a"), host_subkey("office", "b"), host_subkey("lookup", "a")}
    assert len(keys | {host_key("office")}) == 4


def test_a_destroyed_key_is_gone_from_folder_and_process(keys_folder: Path) -> None:
    """After destruction the process has forgotten the key too, and a new one is another."""
    key = host_key("sample")
    assert has_host_key("sample")
    destroy_host_key("sample")
    assert not has_host_key("sample")
    assert list(keys_folder.iterdir()) == []
    assert host_key("sample") != key


def test_destroying_twice_is_no_error() -> None:
    """A destruction that was interrupted can be tried again."""
    destroy_host_key("sample")
    assert not has_host_key("sample")


def test_the_bytes_are_overwritten_before_the_name_goes(keys_folder: Path) -> None:
    """Whoever still holds the file open finds other bytes in it."""
    key = host_key("sample")
    with (keys_folder / "sample.key").open("rb") as still_open:
        destroy_host_key("sample")
        assert still_open.read() != key
