# SPDX-License-Identifier: AGPL-3.0-or-later
"""Timestamps of checkpoints by services made here with `openssl ts`, behind real HTTP."""

import hashlib
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from rfc3161_client import decode_timestamp_response

from tests.registry.transparency.samples import arrive, publish_on
from tuidang.pure.merkle.canonical import from_base64
from tuidang.registry.transparency.der_order import certificates_in_order
from tuidang.registry.transparency.errors import TimestampsUnusable
from tuidang.registry.transparency.models import Batch, Timestamp
from tuidang.registry.transparency.timestamp import installed_services
from tuidang.registry.transparency.timestamping import Stamped, message_of, stamp

pytestmark = pytest.mark.django_db

CONFIG = """
[ca]
subject = dn
[dn]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[plain]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
Answering = Callable[[bytes], bytes]


def openssl(*words: str | Path, data: bytes = b"") -> bytes:
    """Run openssl and return what it prints."""
    done = subprocess.run(
        ["openssl", *map(str, words)], input=data, capture_output=True, check=True
    )
    return done.stdout


class Service:
    """A sample timestamp authority: a root, a key under it, and an HTTP server."""

    def __init__(self, folder: Path, leaf: str = "leaf") -> None:
        folder.mkdir()
        self.folder, self.config = folder, folder / "tsa.cnf"
        self.config.write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01")
        self._make("root", [*("-x509", "-extensions", "root")])
        issuer = ("-CA", folder / "root.pem", "-CAkey", folder / "root.key")
        self._make("tsa", ["-x509", *issuer, "-extensions", leaf])
        self._one_at_a_time = threading.Lock()
        self.answering: Answering = self.reply
        self.asked: list[bytes] = []

    def _make(self, name: str, how: list[Any]) -> None:
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        files = ("-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.pem")
        subject = f"/CN=sample {self.folder.name} {name}"
        openssl("req", *curve, *files, "-config", self.config, "-subj", subject, *how)

    def reply(self, query: bytes) -> bytes:
        """Return a real response to a query."""
        with self._one_at_a_time:
            asked = self.folder / "query.tsq"
            asked.write_bytes(query)
            where = ("-config", self.config, "-section", "tsa", "-queryfile", asked)
            return openssl("ts", "-reply", *where)

    def serve(self, status: int = 200) -> HTTPServer:
        """Answer on loopback until shut down."""
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked.append(query)
                assert self.headers["Content-Type"] == "application/timestamp-query"
                body = service.answering(query)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name there
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return server


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> list[Service]:
    """Make two services, independent of one another."""
    folder = tmp_path_factory.mktemp("tsa")
    return [Service(folder / name) for name in ("alpha", "beta")]


@pytest.fixture
def running(services: list[Service], settings: Settings) -> Iterator[list[Service]]:
    """Name both in the settings while they answer."""
    servers = [each.serve() for each in services]
    settings.WITNESS_SECONDS, settings.WITNESSES_SECONDS = 5.0, 10.0
    settings.TIMESTAMP_SERVICES = [
        f"{each.folder.name}=http://127.0.0.1:{server.server_port}/;{each.folder / 'root.pem'}"
        for each, server in zip(services, servers, strict=True)
    ]
    for each in services:
        each.answering, each.asked = each.reply, []
    yield services
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def batch(log_folder: Path) -> Batch:
    """Publish a batch."""
    arrive(range(3))
    found = publish_on(0)
    assert found is not None
    return found


def now() -> datetime:
    """Return the time that the services have too."""
    return datetime.now(UTC)


def told(log_folder: Path) -> list[dict[str, Any]]:
    """Return what the trust bundle says of the first batch's timestamps."""
    text = (log_folder.parent / "trust" / "trust.json").read_text()
    batches: list[dict[str, Any]] = json.loads(text)["batches"]
    return list(batches[0]["timestamps"])


def test_two_services_stamp_a_checkpoint(
    running: list[Service], batch: Batch, log_folder: Path
) -> None:
    """Both responses verify with openssl over the checkpoint's text, from the public files."""
    assert stamp(batch, now=now()).new == ("alpha", "beta")
    text = log_folder / "checkpoint"
    message = log_folder.parent / "message"
    message.write_bytes(text.read_bytes().partition(b"\n\n")[0] + b"\n")
    assert message.read_bytes() == message_of(batch)
    for service in running:
        name = service.folder.name
        file = log_folder.parent / "trust" / "timestamps" / f"{batch.size}-{name}.tsr"
        trusting = ("-CAfile", service.folder / "root.pem")
        said = openssl("ts", "-verify", "-in", file, "-data", message, *trusting)
        assert said.strip().endswith(b"OK")
        shown = openssl("ts", "-reply", "-in", file, "-text").decode()
        assert "Hash Algorithm: sha256" in shown
        assert "Nonce: 0x" in shown


def test_the_bundle_says_what_they_are(
    running: list[Service], batch: Batch, log_folder: Path
) -> None:
    """Service, time, response and a label; the batch is not called witnessed for it."""
    path = log_folder.parent / "trust" / "trust.json"
    sequence = json.loads(path.read_text())["sequence"]
    before = now() - timedelta(seconds=2)
    stamp(batch, now=now())
    for entry, service in zip(told(log_folder), running, strict=True):
        assert entry["service"] == service.folder.name
        assert before <= datetime.fromisoformat(entry["time"]) <= now()
        row = Timestamp.objects.get(service=entry["service"])
        assert from_base64(entry["response"]) == bytes(row.response)
        assert "not a witness" in entry["label"]
    bundle = json.loads(path.read_text())
    assert bundle["batches"][0]["witnessed"] is False
    assert bundle["sequence"] == sequence + 1


def test_a_service_is_asked_once(running: list[Service], batch: Batch, log_folder: Path) -> None:
    """What has been stamped is not stamped again, and its file is written again if it is lost."""
    stamp(batch, now=now())
    file = log_folder.parent / "trust" / "timestamps" / f"{batch.size}-alpha.tsr"
    before = file.read_bytes()
    file.unlink()  # as a crash between row and file would leave it
    assert stamp(batch, now=now()) == Stamped((), ())
    assert file.read_bytes() == before
    assert [len(each.asked) for each in running] == [1, 1]


def test_a_service_that_is_down_is_asked_again(
    running: list[Service], batch: Batch, settings: Settings, log_folder: Path
) -> None:
    """One answers, the other is down; later only the other is asked."""
    both = settings.TIMESTAMP_SERVICES
    settings.TIMESTAMP_SERVICES = [
        both[0].replace("http://127.0.0.1:", "http://127.0.0.1:1"),
        both[1],
    ]
    settings.TIMESTAMP_SERVICES[0] = f"alpha=http://127.0.0.1:1/;{both[0].partition(';')[2]}"
    found = stamp(batch, now=now())
    assert (found.new, found.missing) == (("beta",), ("alpha",))
    settings.TIMESTAMP_SERVICES = both
    assert stamp(batch, now=now()).new == ("alpha",)
    assert [len(each.asked) for each in running] == [1, 1]
    assert [each["service"] for each in told(log_folder)] == ["alpha", "beta"]


def lies(services: list[Service]) -> dict[str, Answering]:
    """Return manners in which the first service could answer wrongly."""
    first, second = services
    other = hashlib.sha256(b"another message").hexdigest()
    query = ("ts", "-query", "-digest", other, "-sha256", "-cert")
    return {
        "garbage": lambda _: b"\x30\x03hello",
        "nothing": lambda _: b"",
        "too much": lambda query: first.reply(query) + bytes(100_000),
        "cut off": lambda query: first.reply(query)[:-20],
        "a byte changed": lambda query: first.reply(query)[:-1] + b"\0",
        "another service's": second.reply,
        "another message": lambda _: first.reply(openssl(*query)),
        "the query": lambda query: query,
        "a refusal": lambda _: first.reply(b"no query"),
    }


KINDS = ("garbage", "nothing", "too much", "cut off", "a byte changed", "another service's")


@pytest.mark.parametrize("kind", [*KINDS, "another message", "the query", "a refusal"])
def test_a_wrong_answer_is_no_timestamp(running: list[Service], batch: Batch, kind: str) -> None:
    """Whatever the first service answers, only the second one's stamp is kept."""
    running[0].answering = lies(running)[kind]
    assert stamp(batch, now=now()).missing == ("alpha",)
    assert Timestamp.objects.get().service == "beta"


def test_an_old_answer_is_no_timestamp(running: list[Service], batch: Batch) -> None:
    """A response to an earlier query of the same text has another nonce."""
    stamp(batch, now=now())
    Timestamp.objects.all().delete()
    earlier = running[0].reply(running[0].asked[0])
    running[0].answering = lambda _: earlier
    assert stamp(batch, now=now()).missing == ("alpha",)


def test_a_time_that_cannot_be_is_no_timestamp(running: list[Service], batch: Batch) -> None:
    """A service whose clock is a day ahead of ours is not believed."""
    assert stamp(batch, now=now() - timedelta(days=1)).new == ()


def test_a_key_for_other_things_stamps_nothing(
    running: list[Service], batch: Batch, tmp_path: Path, settings: Settings
) -> None:
    """A certificate that is not for time stamping is refused, whoever issued it."""
    with pytest.raises(subprocess.CalledProcessError):
        Service(tmp_path / "plain", leaf="plain").reply(b"")
    settings.TIMESTAMP_SERVICES = [
        each.replace("beta=", "other=").replace("beta/root.pem", "alpha/root.pem")
        for each in settings.TIMESTAMP_SERVICES
    ]
    assert stamp(batch, now=now()).missing == ("other",)


def test_the_console_shows_what_would_be_stamped(
    batch: Batch, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service at `console:` prints the text of the checkpoint."""
    settings.TIMESTAMP_SERVICES = ["show=console:"]
    assert stamp(batch, now=now()).missing == ("show",)
    assert capsys.readouterr().err == message_of(batch).decode()


BAD = {
    "nothing": "",
    "a name alone": "alpha",
    "no certificate": "alpha=http://a.invalid/",
    "a name with capitals": "Alpha=http://a.invalid/;{root}",
    "a name with a slash": "a/b=http://a.invalid/;{root}",
    "a name that begins with a dash": "-a=http://a.invalid/;{root}",
    "no address": "={root}",
    "another address": "alpha=ftp://a.invalid/;{root}",
    "a certificate that is not there": "alpha=http://a.invalid/;/nowhere",
    "a certificate that is none": "alpha=http://a.invalid/;{folder}/tsa.cnf",
}


@pytest.mark.parametrize("name", BAD)
def test_settings_that_cannot_be_followed_are_refused(
    services: list[Service], settings: Settings, name: str
) -> None:
    """A name no file can have, another address, or no certificate is said, and not skipped."""
    folder = services[0].folder
    settings.TIMESTAMP_SERVICES = [BAD[name].format(root=folder / "root.pem", folder=folder)]
    with pytest.raises(TimestampsUnusable):
        installed_services()


def test_a_service_has_one_name(services: list[Service], settings: Settings) -> None:
    """Two services of one name could not be told apart."""
    one = f"a=http://a.invalid/;{services[0].folder / 'root.pem'}"
    settings.TIMESTAMP_SERVICES = [one, one]
    with pytest.raises(TimestampsUnusable):
        installed_services()


def test_certificates_may_come_in_any_order(services: list[Service]) -> None:
    """A response is read with its chain in both orders, and other bytes are left as they are."""
    query = openssl("ts", "-query", "-digest", "00" * 32, "-sha256", "-cert")
    sent = services[0].reply(query)
    ordered = certificates_in_order(sent)
    assert len(decode_timestamp_response(ordered).signed_data.certificates) == 2
    assert certificates_in_order(ordered) == ordered
    assert sorted(sent) == sorted(ordered)
    for data in (b"", b"0", b"\x30\x80", sent[:-1], sent[:40], query, sent + b"0"):
        assert certificates_in_order(data) == data
