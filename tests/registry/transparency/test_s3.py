# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log on S3-compatible storage: a real boto3 against moto's server, over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from django.test import RequestFactory
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, publish_on
from tuidang.registry.transparency.errors import (
    FileDiffers,
    FileMissing,
    LockMoved,
    PublisherBusy,
    StoreUnreachable,
)
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.s3 import Bucket, S3Lock, S3Store
from tuidang.verify.log_audit import audit
from tuidang.verify.sources import open_source
from tuidang.verify.trust import parse_trust
from tuidang.web.public import log_files

# As an operator would say it: everybody may read the log, and nothing else in the bucket.
READABLE = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
    "Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/log/*"}]}"""


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The address of a storage service on the loopback interface."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def address(service: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket of its own for each test, as `s3://bucket/prefix`."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "sample")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", service)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    name = f"sample-{token_hex(4)}"
    client = boto3.client("s3")
    client.create_bucket(Bucket=name)
    client.put_bucket_policy(Bucket=name, Policy=READABLE.replace("BUCKET", name))
    return f"s3://{name}/log"


@pytest.fixture
def bucket(address: str) -> Bucket:
    """The same bucket, opened."""
    return Bucket(address)


def lose_answer(bucket: Bucket, *, of: int = 1) -> None:
    """Let the nth PUT of this bucket be carried out, and its answer be lost."""
    calls: list[None] = []

    def lose(**_: Any) -> None:
        calls.append(None)
        if len(calls) == of:
            raise ReadTimeoutError(endpoint_url="")

    bucket._client.meta.events.register("after-call.s3.PutObject", lose)


def test_an_object_is_made_once(bucket: Bucket) -> None:
    """What lies there stays, whoever makes it a second time."""
    assert bucket.make("tile/0/000", b"first")
    assert not bucket.make("tile/0/000", b"second")
    assert bucket.read("tile/0/000")[0] == b"first"


def test_an_object_is_replaced_only_by_who_saw_it(bucket: Bucket) -> None:
    """An ETag that is no longer the object's replaces nothing."""
    bucket.make("checkpoint", b"first")
    _, etag = bucket.read("checkpoint")
    assert bucket.replace("checkpoint", b"second", etag)
    assert not bucket.replace("checkpoint", b"third", etag)
    assert bucket.read("checkpoint")[0] == b"second"


def test_a_service_that_ignores_conditions_is_found_out(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers that all is well and overwrites; one probe shows it, again and again."""
    assert bucket.holds_conditions()
    assert bucket.holds_conditions()
    put = bucket._client.put_object

    def forgetful(**words: Any) -> Any:
        return put(**{k: v for k, v in words.items() if k not in {"IfMatch", "IfNoneMatch"}})

    monkeypatch.setattr(bucket._client, "put_object", forgetful)
    assert not bucket.holds_conditions()


def test_what_is_not_there_is_missing(bucket: Bucket) -> None:
    """A missing object is named by its path below the prefix."""
    with pytest.raises(FileMissing) as missing:
        bucket.read("tile/0/000")
    assert missing.value.data == {"path": "tile/0/000"}


def test_a_service_that_is_down_is_named(
    bucket: Bucket, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody answering is an error of ours, without addresses or keys."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StoreUnreachable) as failed:
        Bucket(address).read("checkpoint")
    assert "127.0.0.1" not in str(failed.value)


def test_staged_files_become_objects_and_never_change(bucket: Bucket, tmp_path: Path) -> None:
    """Release may run twice; a file that would have to change is refused."""
    store = S3Store(bucket, tmp_path / "log")
    store.stage([("tile/0/000.p/1", b"a" * 32), ("tile/entries/000.p/1", b"b")])
    with pytest.raises(FileMissing):
        store.read("tile/0/000.p/1")
    store.release()
    store.release()
    assert store.read("tile/0/000.p/1") == b"a" * 32
    store.stage([("tile/0/000.p/1", b"c" * 32)])
    with pytest.raises(FileDiffers):
        store.release()
    assert store.read("tile/0/000.p/1") == b"a" * 32


def test_a_lost_answer_is_looked_up(bucket: Bucket, tmp_path: Path) -> None:
    """A write that was carried out and not confirmed fails, and is found done the next time."""
    store = S3Store(bucket, tmp_path / "log")
    store.stage([("tile/0/000.p/1", b"a" * 32)])
    lose_answer(bucket)
    with pytest.raises(StoreUnreachable):
        store.release()
    store.release()
    assert store.read("tile/0/000.p/1") == b"a" * 32


def test_a_checkpoint_that_somebody_else_replaced_is_not_overwritten(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the checkpoint and replacing it, a second publisher is noticed."""
    store = S3Store(bucket, tmp_path / "log")
    store.replace_checkpoint(b"first")
    read = Bucket.read

    def overtaken(self: Bucket, path: str) -> tuple[bytes, str]:
        found = read(self, path)
        monkeypatch.setattr(Bucket, "read", read)
        assert self.replace(path, b"of another", found[1])
        return found

    monkeypatch.setattr(Bucket, "read", overtaken)
    with pytest.raises(PublisherBusy):
        store.replace_checkpoint(b"second")
    assert store.read("checkpoint") == b"of another"


def test_the_lock_moves_only_from_what_is_there(bucket: Bucket) -> None:
    """Compare and swap: of two who saw the same checkpoint, one wins."""
    lock = S3Lock(bucket)
    assert lock.read() is None
    lock.swap(None, "first")
    with pytest.raises(LockMoved):
        lock.swap(None, "other first")
    lock.swap("first", "second")
    with pytest.raises(LockMoved):
        lock.swap("first", "other second")
    assert lock.read() == "second"


def test_a_lock_whose_answer_was_lost_is_read_again(bucket: Bucket) -> None:
    """After an error only `read` knows which checkpoint is there."""
    lock = S3Lock(bucket)
    lock.swap(None, "first")
    lose_answer(bucket)
    with pytest.raises(StoreUnreachable):
        lock.swap("first", "second")
    assert lock.read() == "second"


@pytest.mark.django_db
def test_a_log_lives_in_a_bucket(
    log_folder: Path, address: str, service: str, settings: Settings
) -> None:
    """Two days are published to the service, and audited there by their addresses alone."""
    settings.MIN_BATCH = settings.MIN_CELL = 1
    settings.LOG_STORE, settings.LOCK_STORE = address, address.replace("/log", "/lock")
    for day, persons in enumerate([range(300), range(300, 320)]):
        arrive(persons, on=day)
        publish_on(day)
    trust = parse_trust((Path(settings.TRUST_FOLDER) / "trust.json").read_bytes())
    report = audit(open_source(address.replace("s3://", f"{service}/")), trust)
    assert report.size == Batch.objects.published().get(number=1).size
    assert sum(report.cells.values()) == 320
    assert not log_folder.exists()
    served = log_files.checkpoint(RequestFactory().get("/log/checkpoint"))
    assert served.content == Batch.objects.get(number=1).checkpoint.encode()


@pytest.mark.django_db
def test_a_publication_goes_on_after_a_lost_answer(
    log_folder: Path,
    address: str,
    service: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever answer is lost, the next call publishes the same batch, and nothing twice."""
    settings.MIN_BATCH = settings.MIN_CELL = 1
    settings.LOG_STORE, settings.LOCK_STORE = address, address.replace("/log", "/lock")
    arrive(range(5))
    put, lost = Bucket._put, []

    def losing(self: Bucket, path: str, data: bytes, **more: str) -> bool:
        done = put(self, path, data, **more)
        if (self._prefix, path) not in lost:
            lost.append((self._prefix, path))
            raise StoreUnreachable(path=path, why="lost")
        return done

    monkeypatch.setattr(Bucket, "_put", losing)
    for _ in range(8):
        try:
            batch = publish_on(0)
            break
        except StoreUnreachable:
            continue
    assert len(lost) >= 4
    assert batch == Batch.objects.published().get()
    trust = parse_trust((Path(settings.TRUST_FOLDER) / "trust.json").read_bytes())
    report = audit(open_source(address.replace("s3://", f"{service}/")), trust)
    assert sum(report.cells.values()) == 5
