# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang run`: a complete installation on one machine: public site, office, timetable.

The three run as processes of their own, with the rights of their own zone. If one dies, all
stop: half an installation that looks alive is worse than none.
"""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

HOST = "127.0.0.1"
PR_SET_PDEATHSIG = 1  # prctl(2): a child ends when the parent does, however it ended
START_SECONDS = 30


def add_parser(subparsers: Any) -> None:
    """Add `tuidang run`."""
    parser = subparsers.add_parser("run", help="start a complete installation on this machine")
    parser.add_argument("--public-port", type=int, default=_port("TUIDANG_PUBLIC_PORT", 8000))
    parser.add_argument("--office-port", type=int, default=_port("TUIDANG_OFFICE_PORT", 8001))
    parser.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Install what is missing, start the processes, print the addresses, wait for Ctrl-C."""
    from tuidang.cli.install import print_recovery
    from tuidang.cli.installation import install

    for port in (args.public_port, args.office_port):
        if _is_taken(port):
            print(f"Port {port} on {HOST} is in use; stop what uses it, or choose another with "
                  "TUIDANG_PUBLIC_PORT and TUIDANG_OFFICE_PORT.", file=sys.stderr)  # fmt: skip
            return 1
    made = install()
    if made.recovery_secret:
        print_recovery(made.recovery_secret)
    # SIGINT too: a shell that starts us in the background has it ignored.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _interrupt)
    processes = start(args.public_port, args.office_port)
    try:
        wait_until_up(processes, (args.public_port, args.office_port))
        print_addresses(args.public_port, args.office_port, made.login_files)
        return watch(processes)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(processes)


def start(public_port: int, office_port: int) -> list[subprocess.Popen[bytes]]:
    """Start the public door, the office, and the timetable."""
    workers = str(max(1, os.cpu_count() or 1))
    return [
        _start(_granian("public", public_port, workers=workers, threads="4"), "public"),
        _start(_granian("office", office_port, workers="1", threads="4"), "office"),
        _start([sys.executable, "-m", "tuidang.cli.main", "jobs"], "office"),
    ]


def wait_until_up(processes: list[subprocess.Popen[bytes]], ports: tuple[int, ...]) -> None:
    """Wait until each door answers /healthz; raise RuntimeError if it does not in time."""
    end = time.monotonic() + START_SECONDS
    for port in ports:
        while not _answers(port):
            if time.monotonic() > end or any(p.poll() is not None for p in processes):
                raise RuntimeError(f"nothing answers on port {port}")
            time.sleep(0.05)


def watch(processes: list[subprocess.Popen[bytes]]) -> int:
    """Return 1 as soon as one process has ended by itself."""
    while all(process.poll() is None for process in processes):
        time.sleep(0.5)
    print("One process ended; stopping the others.", file=sys.stderr)
    return 1


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End every process and wait for it."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def print_addresses(public_port: int, office_port: int, login_files: tuple[Path, ...]) -> None:
    """Say where things are, and the demonstration's logins."""
    print(f"Public site   http://{HOST}:{public_port}/")
    print(f"Office        http://{HOST}:{office_port}/")
    print(f"Public log    http://{HOST}:{public_port}/log/checkpoint")
    for path in login_files:
        print(f"Login         {path}")
        print(f"              {path.read_text()}")
    print("Ctrl-C ends it; the data stays.", flush=True)


def _granian(door: str, port: int, *, workers: str, threads: str) -> list[str]:
    # Access logs are off by default and stay off: a line for each request would name nobody,
    # but its order and its times are what we promise not to keep.
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", workers, "--blocking-threads", threads, "--backlog", "1024",
        "--log-level", "warning", "--no-ws", f"tuidang.web.{door}.wsgi:application",
    ]  # fmt: skip


def _start(command: list[str], zone: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": f"tuidang.settings.{zone}"}
    return subprocess.Popen(
        command,
        env=environment,
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509 -- this process has one thread
    )


def end_with_parent() -> None:
    """Ask, in a child, for SIGTERM when its parent ends, even by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _port(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
