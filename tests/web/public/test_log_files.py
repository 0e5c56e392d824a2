# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of the log over HTTP: exactly those, unchanged, with the caching of tlog-tiles."""

import json
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client

from tests.registry.declarations.desk import NOW, Desk, body, hand_in
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.transparency import actions as transparency
from tuidang.web.public import log_files


@pytest.fixture
def log(desk: Desk, installation: Path) -> Path:
    """Publish one person and give the folder of the log."""
    transparency.install(now=NOW)
    desk.accept(hand_in(body())[0])
    publish_batch(now=NOW, at_once=True)
    return installation / "log"


def test_every_file_of_the_log_is_served_as_it_is(client: Client, log: Path) -> None:
    """Each file comes byte for byte, tiles to be kept for ever, the checkpoint for seconds."""
    files = [path for path in log.rglob("*") if path.is_file()]
    assert len(files) >= 3
    for path in files:
        name = path.relative_to(log).as_posix()
        response = client.get(f"/log/{name}")
        checkpoint = name == "checkpoint"
        assert response.content == path.read_bytes()
        assert ("immutable" in response["Cache-Control"]) is not checkpoint
        kind = "text/plain; charset=utf-8" if checkpoint else "application/octet-stream"
        assert response["Content-Type"] == kind
        assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/000",  # not full yet
        "tile/0/000.p/0",
        "tile/0/000.p/4x",
        "tile/0/0",
        "tile/00/000.p/4",
        "tile/64/000.p/4",
        "tile/0/x000/000",
        "tile/0/../0/000.p/4",
        "tile/0/%2e%2e/%2e%2e/checkpoint",
        "tile/../../keys/log.key",
        "tile/0/000.p/4/",
        "tile/0/000.p",
        "tile/",
        "",
        "keys/log.key",
        "checkpoint/x",
    ],
)
def test_nothing_else_is_served(client: Client, log: Path, path: str) -> None:
    """A path that is no canonical name of a served file is 404, whatever lies in the folder."""
    assert client.get(f"/log/{path}").status_code == 404


def test_the_trust_files_are_served(client: Client, log: Path, installation: Path) -> None:
    """Trust file and note come as they lie in their folder, and nothing beside them."""
    for name in ("trust.json", "trust.note"):
        response = client.get(f"/.well-known/tuidang/{name}")
        assert response.content == (installation / "trust" / name).read_bytes()
    assert json.loads(client.get("/.well-known/tuidang/trust.json").content)["origin"]
    (installation / "trust" / "other.json").write_text("{}")
    assert client.get("/.well-known/tuidang/other.json").status_code == 404


EVIDENCE = ["timestamps/300-sample-service.tsr", f"statements/{'0f' * 32}.note"]


@pytest.mark.parametrize("name", EVIDENCE)
def test_timestamps_and_statements_are_served(
    client: Client, installation: Path, name: str
) -> None:
    """What others said of a checkpoint, and what a note in the log refers to, can be fetched."""
    file = installation / "trust" / name
    assert client.get(f"/.well-known/tuidang/{name}").status_code == 404
    file.parent.mkdir(parents=True)
    file.write_bytes(b"sample\xff")
    response = client.get(f"/.well-known/tuidang/{name}")
    assert response.content == b"sample\xff"
    assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    ["timestamps/300-Sample.tsr", "timestamps/x-sample.tsr", "timestamps/../trust.json",
     "timestamps/300-sample.tsr.draft", "statements/trust.note", f"statements/{'0F' * 32}.note",
     f"statements/{'0f' * 31}.note", "statements/", f"timestamps/{'0f' * 32}.note"],
)  # fmt: skip
def test_no_other_name_is_looked_for(client: Client, installation: Path, name: str) -> None:
    """Whatever lies in the folders, only names of the right spelling are served."""
    for folder in ("timestamps", "statements"):
        (installation / "trust" / folder).mkdir(parents=True)
    file = installation / "trust" / name
    if not name.endswith("/"):
        file.write_bytes(b"{}")
    assert client.get(f"/.well-known/tuidang/{name}").status_code == 404


def test_the_auditor_is_handed_out_as_text(client: Client) -> None:
    """A critic gets the single file itself, byte for byte, from the page that names it."""
    response = client.get("/audit_log.py")
    assert response.content == log_files.AUDITOR.read_bytes()
    assert response["Content-Type"].startswith("text/plain")
    assert 'href="/audit_log.py"' in client.get("/en/verify/").content.decode()


def test_before_installation_there_is_no_log(client: Client) -> None:
    """Without files the answers are 404, not faults."""
    for path in ("/log/checkpoint", "/log/tile/0/000.p/1", "/.well-known/tuidang/trust.json"):
        assert client.get(path).status_code == 404


def test_health_is_whether_the_database_answers(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The health check says yes or no and nothing else."""

    class Silent:
        @staticmethod
        def cursor() -> None:
            raise DatabaseError("sample of a secret address")

    assert client.get("/healthz").content == b"ok\n"
    monkeypatch.setattr(log_files, "connection", Silent)
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"no\n")


def test_search_engines_are_kept_from_the_interface(client: Client) -> None:
    """robots.txt leaves pages open and closes what no reader looks for."""
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    for closed in ("/api/", "/log/tile/", "/log/parts/"):
        assert f"Disallow: {closed}\n" in response.content.decode()
