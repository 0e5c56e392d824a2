# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log in parts: unpacked together they are a log that the strictest audit accepts."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.verify.sample_logs import Written, ends_of, sample_log
from tests.web.public.sealed import write_log
from tuidang.pure.merkle import parts as pure_parts
from tuidang.registry.transparency import jobs
from tuidang.web.public import log_parts
from tuidang.web.public.log_files import AUDITOR


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a part be one bundle, so that a small log has several."""
    monkeypatch.setattr(pure_parts, "BUNDLES_A_PART", 1)


@pytest.fixture
def log(installation: Path, db: None) -> Path:
    """Write a log of two parts and a rest, in six batches."""
    write_log(installation / "log", sample_log())
    return installation / "log"


def fetch(client: Client, name: str) -> bytes:
    """Return a part as it is sent, which must be as long as it says."""
    response = client.get(f"/log/parts/{name}")
    assert response.status_code == 200
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert len(data) == int(response["Content-Length"])
    return data


def names(client: Client) -> list[str]:
    """Return the names in the list of addresses, which all lie on this site."""
    lines = client.get("/log/parts/").content.decode().splitlines()
    prefix = "http://testserver/log/parts/"
    assert all(line.startswith(prefix) for line in lines)
    return [line.removeprefix(prefix) for line in lines]


def unpack(folder: Path, data: bytes) -> None:
    """Unpack a part by the system's tar."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["tar", "xf", "-"], input=data, cwd=folder, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def audit(folder: Path, trusted: Path) -> subprocess.CompletedProcess[str]:
    """Let the single-file auditor read the unpacked folder, with plain Python."""
    command = [sys.executable, "-I", "-S", str(AUDITOR), str(folder / "log")]
    return subprocess.run([*command, "--vkey", str(trusted)], capture_output=True, text=True)


@pytest.mark.parametrize("size", [*ends_of(sample_log()), 512, 768])
def test_unpacked_parts_pass_the_strict_audit(
    client: Client, installation: Path, db: None, tmp_path: Path, size: int
) -> None:
    """After each batch, and where a part is just complete, the copy is whole and no more."""
    entries = sample_log() if size in ends_of(sample_log()) else Written().fill(size).encoded()
    trusted = write_log(installation / "log", entries[:size])
    for name in names(client):
        unpack(tmp_path / "copy", fetch(client, name))
    found = audit(tmp_path / "copy", trusted)
    assert (found.returncode, found.stderr) == (0, "")
    assert f"entries      {size}" in found.stdout


def test_a_part_of_which_something_is_missing_does_not_pass(
    client: Client, log: Path, tmp_path: Path
) -> None:
    """Without one of its parts a copy is refused."""
    for name in names(client)[1:]:
        unpack(tmp_path / "copy", fetch(client, name))
    found = audit(tmp_path / "copy", log.with_name("trusted.txt"))
    assert found.returncode == 1
    assert "tile/entries/000" in found.stderr


def test_a_batch_published_in_between_does_not_mix_in(
    client: Client, installation: Path, db: None, tmp_path: Path
) -> None:
    """A list that was fetched before a batch is still good after it, and leads to the old size."""
    entries = sample_log()
    earlier, size = ends_of(entries)[3], len(entries)
    trusted = write_log(installation / "log", entries[:earlier])
    listed = names(client)
    first = fetch(client, listed[0])
    write_log(installation / "log", entries)
    unpack(tmp_path / "copy", first)
    for name in listed[1:]:
        unpack(tmp_path / "copy", fetch(client, name))
    assert f"entries      {earlier}" in audit(tmp_path / "copy", trusted).stdout
    for name in set(names(client)) - set(listed):
        unpack(tmp_path / "copy", fetch(client, name))
    assert f"entries      {size}" in audit(tmp_path / "copy", trusted).stdout


def test_the_index_says_what_each_part_is(client: Client, log: Path) -> None:
    """Length, bundles and, once hashed, the SHA-256 of a complete part are those of its bytes."""
    before = json.loads(client.get("/log/parts.json").content)
    assert [each["sha256"] for each in before["parts"]] == [None, None]
    jobs.hash_parts(now=None)  # type: ignore[arg-type]
    index = json.loads(client.get("/log/parts.json").content)
    assert (index["size"], index["checkpoint"]) == (525, (log / "checkpoint").read_text())
    assert [each["name"] for each in index["parts"]] == ["0.tar", "1.tar"]
    assert index["top"]["name"] == "top-at-525.tar"
    for each in [*index["parts"], index["top"]]:
        assert each["bytes"] == len(fetch(client, each["name"]))
    for number, each in enumerate(index["parts"]):
        assert each["sha256"] == hashlib.sha256(fetch(client, each["name"])).hexdigest()
        assert (each["first_bundle"], each["last_bundle"]) == (number, number)
        assert each["complete"]


def test_a_complete_part_is_kept_for_ever_and_others_are_not(client: Client, log: Path) -> None:
    """Caches keep what never changes; a bare name of what grows leads to its present size."""
    headers = {name: client.head(f"/log/parts/{name}").headers for name in names(client)}
    assert "immutable" in headers["0.tar"]["Cache-Control"]
    assert "immutable" not in headers["top-at-525.tar"]["Cache-Control"]
    bare = client.get("/log/parts/top.tar")
    assert (bare.status_code, bare["Location"]) == (302, "/log/parts/top-at-525.tar")
    assert fetch(client, "1.tar") == fetch(client, "1.tar")


@pytest.mark.parametrize(
    "name",
    ["2.tar", "00.tar", "0-at-525.tar", "top-at-524.tar", "2-at-525.tar", "-1.tar", "0.tar.gz",
     "top-at-0.tar", f"top-at-{9 * 10**17}.tar", "%2e%2e/checkpoint"],
)  # fmt: skip
def test_nothing_but_parts_is_served(client: Client, log: Path, name: str) -> None:
    """A name that is no part of a published size is 404."""
    assert client.get(f"/log/parts/{name}").status_code == 404


def test_before_the_log_begins_there_are_no_parts(client: Client, db: None) -> None:
    """Without a published batch every address is 404."""
    for path in ("parts.json", "parts/", "parts/0.tar", "parts/top.tar"):
        assert client.get(f"/log/{path}").status_code == 404


def test_whoever_declares_goes_before_whoever_copies(client: Client, log: Path) -> None:
    """Only so many parts go out at a time; a place is free when an answer is given up."""
    held = [client.get("/log/parts/0.tar") for _ in range(log_parts._AT_ONCE)]
    refused = client.get("/log/parts/0.tar")
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    for response in held:
        for close in response._resource_closers:
            close()
            close()  # a server may say twice that it is over
    assert len(fetch(client, "0.tar")) == len(fetch(client, "1.tar"))


def test_a_file_that_is_missing_is_named_to_nobody(client: Client, log: Path) -> None:
    """A damaged folder is 404 or 503, and its index is not half told."""
    (log / "tile" / "entries" / "000").unlink()
    assert client.get("/log/parts/0.tar").status_code == 404
    assert client.get("/log/parts.json").status_code == 503
