# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a mirror serves: the files of a log by their names, and nothing beside them."""

from pathlib import Path
from typing import Any

import pytest

from tests.verify.sample_logs import (
    CLOCK,
    ORIGIN,
    TIME,
    TRUST,
    checkpoint_of,
    log_files,
    sample_log,
    signed,
    write_files,
)
from tests.verify.witness.running import serve
from tuidang.pure.merkle.checkpoints import cosign
from tuidang.pure.merkle.notes import split_note
from tuidang.pure.merkle.signatures import Signer
from tuidang.verify.log_audit import audit
from tuidang.verify.mirror.door import Door
from tuidang.verify.sources import open_source
from tuidang.verify.trust import parse_trust
from tuidang.verify.witness.witness import origin_hash

ENTRIES = sample_log()
FILES = log_files(ENTRIES)
DIGEST = origin_hash(ORIGIN)
AUDITOR = Signer("critic.invalid/auditor", b"\x21" * 32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mirror's folder with the sample log and things that are nobody's business."""
    write_files(tmp_path / "log", FILES)
    write_files(tmp_path, {"state/seen": b"secret", "log/.hidden": b"secret", "key": b"secret"})
    return tmp_path


def get(folder: Path, path: str, method: str = "GET") -> tuple[str, dict[str, str], bytes]:
    """Ask the application itself; returns status, headers and body."""
    started: list[Any] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path}
    body = b"".join(Door(folder, DIGEST)(environ, lambda *said: started.extend(said)))
    return started[0], dict(started[1]), body


def test_a_served_copy_can_be_audited(folder: Path) -> None:
    """Over HTTP the mirror is a log like the log, at its root and below the origin's hash."""
    trust = parse_trust(TRUST)
    with serve(Door(folder, DIGEST), "", lambda: None) as served:
        for prefix in ("", f"/{DIGEST}"):
            assert audit(open_source(served.url + prefix), trust).size == len(ENTRIES)


def test_tiles_are_for_ever_and_checkpoints_for_seconds(folder: Path) -> None:
    """Kinds and caching are those of the specification."""
    for path in ("tile/0/000", "tile/entries/002.p/13"):
        status, headers, body = get(folder, f"/{path}")
        assert (status, body) == ("200 OK", FILES[path])
        assert headers["Content-Type"] == "application/octet-stream"
        assert "immutable" in headers["Cache-Control"]
    status, headers, body = get(folder, "/checkpoint")
    assert (status, body) == ("200 OK", FILES["checkpoint"])
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=5"
    assert get(folder, "/checkpoint", "HEAD")[2] == b""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "//checkpoint",
        "/checkpoint/",
        "/key",
        "/.hidden",
        "/state/seen",
        "/../key",
        "/tile/../../key",
        "/tile/0/../../.hidden",
        "/tile/0/000/../../../.hidden",
        "/tile/0/000\x00",
        "/tile/0/3",
        "/tile/0/003",
        "/tile/0/000.p/0",
        "/tile/0",
        f"/{'0' * 64}/checkpoint",
        f"/{DIGEST.upper()}/checkpoint",
        f"/{DIGEST}/state/seen",
        f"/{DIGEST}/../key",
    ],
)
def test_nothing_else_is_served(path: str, folder: Path) -> None:
    """Paths that no log has are not looked up."""
    status, _, body = get(folder, path)
    assert status == "404 Not Found"
    assert b"secret" not in body


def test_nothing_can_be_sent(folder: Path) -> None:
    """A mirror is read only."""
    assert get(folder, "/checkpoint", "POST")[0] == "405 Method Not Allowed"


def cosigned_at(size: int) -> bytes:
    """Return the checkpoint of the first entries with the auditor's line."""
    text = split_note(checkpoint_of(ENTRIES[:size]))[0]
    return signed(text, cosign(text, CLOCK, TIME), cosign(text, AUDITOR, TIME))


def test_the_auditors_line_is_below_the_origins_hash(folder: Path) -> None:
    """Only there; never on a checkpoint that is older than the copy's, or another log's."""
    below = f"/{DIGEST}/checkpoint"
    for size in (len(ENTRIES), len(ENTRIES) + 10):  # the larger one is about to be public
        own = cosigned_at(size).replace(b"\n525\n", b"\n%d\n" % size)
        write_files(folder, {"state/cosigned": own})
        assert get(folder, "/checkpoint")[2] == FILES["checkpoint"]
        assert get(folder, below)[2] == own
    write_files(folder, {"state/cosigned": cosigned_at(5)})
    assert get(folder, below)[2] == FILES["checkpoint"]
    write_files(folder, {"state/cosigned": b"other." + cosigned_at(525)})
    assert get(folder, below)[2] == FILES["checkpoint"]


def test_a_mirror_without_a_copy_serves_nothing(tmp_path: Path) -> None:
    """Before the first round has held, there is nothing to show."""
    assert get(tmp_path, "/checkpoint")[0] == "404 Not Found"
