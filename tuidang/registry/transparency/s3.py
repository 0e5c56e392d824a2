# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log's files, and its lock, on S3-compatible storage by boto3.

Files are staged on the local disk and become objects when they are released. An object that never
changes is only ever made (`If-None-Match: *`), and what replaces another names the one that it
replaces (`If-Match`): a second publisher elsewhere, or a request that arrives late, overwrites
nothing. Nothing here may delete an object, or count on a write that was not confirmed.

Sources: `transparency-log.md` sections 5 and 11; Amazon S3 User Guide, conditional requests.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from tuidang.registry.transparency.errors import (
    FileDiffers,
    FileMissing,
    LockMoved,
    PublisherBusy,
    StoreUnreachable,
)
from tuidang.registry.transparency.storage import CHECKPOINT, PosixStore

SCHEME = "s3://"
UPLOADS = 16  # at a time; a batch of 44,000 has about 350 files
WITHOUT_LIMIT = 2**63 - 1  # how much room a service has, nobody can ask it
PROBE, OTHER_ETAG = "conditions", '"00000000000000000000000000000000"'
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOREVER, SECONDS = "public, max-age=31536000, immutable", "public, max-age=5"


class Bucket:
    """The objects below one prefix, each read and written whole.

    `address` is `s3://BUCKET/PREFIX`. Region, keys and another service's address come from the
    environment, by boto3's own names (`AWS_ENDPOINT_URL` and so on).
    """

    def __init__(self, address: str) -> None:
        import boto3  # late: only an installation that uses it has to have it
        from botocore.config import Config

        self._bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        self._prefix = f"{prefix.rstrip('/')}/" if prefix else ""
        # One attempt may succeed and its answer be lost; asked again, "there is one already" is
        # then read back and compared.
        config = Config(max_pool_connections=UPLOADS, retries={"mode": "standard"})
        self._client: Any = boto3.client("s3", config=config)

    def read(self, path: str) -> tuple[bytes, str]:
        """Return an object's bytes and its ETag; raises FileMissing or StoreUnreachable."""
        with _failures(path):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + path)
            return answer["Body"].read(), answer["ETag"]

    def make(self, path: str, data: bytes, **headers: str) -> bool:
        """Make an object, and say whether there was none; raises StoreUnreachable."""
        return self._put(path, data, IfNoneMatch="*", **headers)

    def replace(self, path: str, data: bytes, etag: str, **headers: str) -> bool:
        """Replace the object that has this ETag, and say whether it still had it."""
        return self._put(path, data, IfMatch=etag, **headers)

    def holds_conditions(self) -> bool:
        """Say whether the service refuses what it must: to make or replace what is there already.

        One that ignores the conditions overwrites, and says that all is well. Leaves an object
        named `conditions` behind, since nothing here may delete one.
        """
        self.make(PROBE, b"first")
        present, etag = self.read(PROBE)
        made = self.make(PROBE, b"made again")
        replaced = self.replace(PROBE, b"replaced", OTHER_ETAG)
        return not made and not replaced and self.read(PROBE) == (present, etag)

    def _put(self, path: str, data: bytes, **more: str) -> bool:
        from botocore.exceptions import ClientError

        with _failures(path):
            try:
                self._client.put_object(
                    Bucket=self._bucket, Key=self._prefix + path, Body=data, **more
                )
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] in {409, 412}:
                    return False
                raise
        return True


class S3Store:
    """A log in a bucket; staging and the lock of the one publisher lie beside a local folder."""

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        self._bucket = bucket
        self._local = PosixStore(folder)

    def alone(self) -> AbstractContextManager[None]:
        """Keep other processes of this machine out; those elsewhere meet the lock store."""
        return self._local.alone()

    def free_bytes(self) -> int:
        """Return how much room there is for staging."""
        return self._local.free_bytes()

    def read(self, path: str) -> bytes:
        """Return a public file; raises FileMissing or StoreUnreachable."""
        return self._bucket.read(path)[0]

    def stage(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Make new files durable on the local disk."""
        self._local.stage(files)

    def read_staged(self, path: str) -> bytes:
        """Return a staged file as the disk gives it; raises FileMissing."""
        return self._local.read_staged(path)

    def release(self) -> None:
        """Make an object of every staged file; raises FileDiffers rather than change one."""
        with ThreadPoolExecutor(UPLOADS) as uploads:
            for _ in uploads.map(self._upload, self._local.staged_paths()):
                pass

    def discard_staged(self) -> None:
        """Forget what is staged."""
        self._local.discard_staged()

    def replace_checkpoint(self, data: bytes) -> None:
        """Replace the checkpoint that is there now; raises PublisherBusy if somebody else did."""
        headers = {"ContentType": TEXT, "CacheControl": SECONDS}
        try:
            present, etag = self._bucket.read(CHECKPOINT)
        except FileMissing:
            done = self._bucket.make(CHECKPOINT, data, **headers)
        else:
            done = present == data or self._bucket.replace(CHECKPOINT, data, etag, **headers)
        if not done and self.read(CHECKPOINT) != data:
            raise PublisherBusy

    def _upload(self, path: str) -> None:
        data = self._local.read_staged(path)
        made = self._bucket.make(path, data, ContentType=BYTES, CacheControl=FOREVER)
        if not made and self.read(path) != data:
            raise FileDiffers(path=path)


class S3Lock:
    """A lock store in one object. Its bucket should keep old versions, and no backup."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def read(self) -> str | None:
        """Return the newest signed checkpoint, None where nothing was ever put in."""
        try:
            return self._bucket.read(CHECKPOINT)[0].decode()
        except FileMissing:
            return None

    def swap(self, old: str | None, new: str) -> None:
        """Put `new` where `old` is; raises LockMoved if it is not, or no longer."""
        data = new.encode()
        if old is None:
            done = self._bucket.make(CHECKPOINT, data, ContentType=TEXT)
        else:
            present, etag = self._bucket.read(CHECKPOINT)
            same = present.decode() == old
            done = same and self._bucket.replace(CHECKPOINT, data, etag, ContentType=TEXT)
        if not done and self.read() != new:
            raise LockMoved

    def free_bytes(self) -> int:
        """Return a number that never runs short."""
        return WITHOUT_LIMIT


@contextmanager
def _failures(path: str) -> Iterator[None]:
    """Tell boto3's errors as ours; they name a path of the log and nothing else."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileMissing(path=path) from error
        raise StoreUnreachable(path=path, why=error.response["Error"]["Code"]) from error
    except BotoCoreError as error:
        raise StoreUnreachable(path=path, why=type(error).__name__) from error
