# SPDX-License-Identifier: AGPL-3.0-or-later
"""Doors to measure: our public one on either database, and one that does nothing."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


def nothing(environ: dict[str, object], start_response: object) -> list[bytes]:
    """Answer 201 after reading the body: the raw limit of the server itself."""
    environ["wsgi.input"].read()  # type: ignore[attr-defined]
    start_response("201 Created", [("Content-Type", "application/json")])  # type: ignore[operator]
    return [b"{}"]


def free_port() -> int:
    """Return a loopback port that nothing uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def door(application: str, database: str = "", *, threads: int = 4) -> Iterator[int]:
    """Run `application` (module:name) under granian, as `tuidang run` does; give its port.

    With a fresh data folder; `database` as TUIDANG_DATABASE.
    """
    with tempfile.TemporaryDirectory(prefix="tuidang-bench-") as folder:
        port = free_port()
        environment = os.environ | {
            "TUIDANG_DATA": folder,
            "TUIDANG_DATABASE": database,
            "DJANGO_SETTINGS_MODULE": "tuidang.settings.office",
        }
        if application.startswith("tuidang."):
            tuidang = [sys.executable, "-m", "tuidang.cli.main", "install"]
            subprocess.run(tuidang, env=environment, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(
            _command(application, port, threads),
            env=environment | {"DJANGO_SETTINGS_MODULE": "tuidang.settings.public"},
            cwd=ROOT,
        )
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def postgres() -> Iterator[str]:
    """Run a throw-away PostgreSQL 15, durable as in production; give its address."""
    folder = tempfile.mkdtemp(prefix="tuidang-bench-")
    Path(folder).chmod(0o711)
    script = str(ROOT / "scripts" / "postgres.sh")
    where = f"{folder}/postgres"
    started = subprocess.run([script, "start", where], check=True, capture_output=True, text=True)
    try:
        yield started.stdout.strip()
    finally:
        subprocess.run([script, "stop", where], check=True)
        Path(folder).rmdir()


def _command(application: str, port: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", "2", "--blocking-threads", str(threads), "--backlog", "1024",
        "--log-level", "error", "--no-ws", application,
    ]  # fmt: skip


def _wait(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            time.sleep(0.5)  # every worker, not only the first
            return
    raise RuntimeError("the door does not open")
