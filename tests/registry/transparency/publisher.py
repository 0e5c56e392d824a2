# SPDX-License-Identifier: AGPL-3.0-or-later
"""A publisher that dies or is hindered at a system call of our choice, and what must hold after.

Run as a program, since it forks: everything is imported and the sample installation made once, then
each case is a child of its own on a fresh copy. Every name says that it is a sample.

    python -m tests.registry.transparency.publisher kill|error|random|restore FOLDER
"""

import gc
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

FOLDER = Path(sys.argv[2]).resolve() if __name__ == "__main__" else Path()
BASE, NOW, TRACE = FOLDER / "base", FOLDER / "now", FOLDER / "trace"
CALL = re.compile(r"(\w+)\(")
# Calls that need room fail for want of it, all others by a broken disk.
NO_ROOM = {"write", "pwrite64", "mkdir", "link", "linkat", "rename", "ftruncate", "fallocate"}
KILLS, KILLS_IN_ONE_HISTORY = 500, 10
# Every call is killed. That each one can also fail takes as long again, so every third does, and
# all of them where the parsers are fuzzed for long too.
ERRORS_EACH = 1 if os.environ.get("TUIDANG_HYPOTHESIS") == "nightly" else 3


class Call(NamedTuple):
    """The system call number `which` (from 1) of this name."""

    name: str
    which: int

    @property
    def error(self) -> str:
        """How it fails."""
        return "ENOSPC" if self.name in NO_ROOM else "EIO"


def main(mode: str) -> int:
    """Run all cases of a mode and print how many; 1 and the first that fails otherwise."""
    make_base()
    began = time.monotonic()
    ways = {"random": random_kills, "restore": restore_yesterday}
    count = ways[mode]() if mode in ways else each_call(mode)
    print(f"{mode}: {count} cases in {time.monotonic() - began:.0f} s")
    return 0


def make_base() -> None:
    """Make an installation with one batch of 250 persons, and declarations that wait for the next.

    The next batch then fills a tile and begins another.
    """
    from django.core.management import call_command

    from tests.registry.tally.samples import DAY, at, day, declare
    from tests.registry.transparency.samples import arrive
    from tuidang.registry.audit.doers import REGISTRY
    from tuidang.registry.tally.actions import publish_batch
    from tuidang.registry.transparency.actions import link
    from tuidang.registry.vault.actions import create_member, renew_rings

    call_command("migrate", interactive=False, verbosity=0)
    create_member(uuid.UUID(int=7), "a sample passphrase of words", by=REGISTRY, day=DAY)
    renew_rings(by=REGISTRY, day=DAY)
    arrive(range(250))
    publish_batch(now=at(0))
    for persons in (3, 1):
        declare(persons, on=1, manner="single")
    declare(2, on=1)
    link(bytes([1]) * 32, bytes([2]) * 32, day=day(1))
    close_database()
    shutil.copytree(NOW, BASE)
    publish_and_prove()  # so that everything is imported, and no child does it again
    close_database()
    gc.freeze()


def each_call(mode: str) -> int:
    """Let the publisher meet its fault at every call that touches the log or its lock."""
    calls = touching(traced(None))[:: 1 if mode == "kill" else ERRORS_EACH]
    missed = 0
    for call in calls:
        fault = "signal=SIGKILL" if mode == "kill" else f"error={call.error}"
        lines = traced(f"{call.name}:{fault}:when={call.which}")
        missed += not any(touches(line) and is_hit(line, mode) for line in lines)
        heal(f"{mode} {call.name} number {call.which}")
    # Two runs are not alike to the last call, since ids are random; nearly all are hit as meant.
    if missed > len(calls) // 20:
        raise SystemExit(f"{missed} of {len(calls)} faults hit another call than was meant")
    print(dict(Counter(call.name for call in calls)))
    return len(calls)


def touching(lines: list[str]) -> list[Call]:
    """Return the calls of a recording that touch the log's folders or its lock."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        if match := CALL.match(line):
            seen[match[1]] += 1
            if touches(line):
                found.append(Call(match[1], seen[match[1]]))
    return found


def touches(line: str) -> bool:
    """Say whether a traced call names the log, its staging or lock file, or the lock store."""
    return f"{NOW}/log" in line or f"{NOW}/lock" in line


def is_hit(line: str, mode: str) -> bool:
    """Say whether a traced call is the one that the fault hit."""
    return line.endswith("= ?") if mode == "kill" else line.endswith("(INJECTED)")


def traced(inject: str | None) -> list[str]:
    """Publish in a child under strace, on a fresh copy; return what strace wrote."""
    fresh_copy()
    wait, go = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(go)
        run_child(lambda: os.read(wait, 1) and publish_once())
    os.close(wait)
    words = ["strace", "-y", "-o", str(TRACE), "-p", str(pid)]
    words += ["-e", f"inject={inject}", "-e", f"trace={inject.partition(':')[0]}"] if inject else []
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        said = strace.stderr.readline()
        if "attached" not in said:
            os.kill(pid, signal.SIGKILL)
            raise SystemExit(f"strace may not trace here, so nothing was tested: {said}")
        os.write(go, b"!")
        strace.stderr.read()
    os.close(go)
    os.waitpid(pid, 0)
    return TRACE.read_text().splitlines()


def random_kills() -> int:
    """Kill publishers at random moments, several in one history; return how many died of it."""
    died = 0
    while died < KILLS:
        fresh_copy()
        # Anew for each history: measured once while the machine is busy, most would outlive it.
        seconds = lasting(publish_new)
        for _ in range(KILLS_IN_ONE_HISTORY):
            died += is_killed(publish_new, random.uniform(0, seconds))
            remember_seen()
        heal(f"random kills up to number {died}")
    return died


def is_killed(work: Callable[[], object], seconds: float) -> bool:
    """Do some work in a child and kill it after that time; say whether it died of that."""
    pid = os.fork()
    if not pid:
        run_child(work)
    ended = os.pidfd_open(pid)
    select.select([ended], [], [], seconds)
    os.close(ended)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1] == signal.SIGKILL


def restore_yesterday() -> int:
    """Publish on two more days, put the database of before back, and go on with the log."""
    for work in (fresh_copy, publish_two_days, restore_database, go_on_after_restoring):
        run_alone(work, work.__name__)
    return 1


def publish_two_days() -> None:
    """Accept what waits, count more, write a note and a correction, and publish all of it."""
    from tests.registry.tally.samples import at, day, declare
    from tuidang.registry.tally.actions import publish_batch
    from tuidang.registry.transparency.actions import link
    from tuidang.registry.transparency.corrections import ask_correction
    from tuidang.registry.transparency.models import Leaf
    from tuidang.registry.transparency.notes import note

    accept_waiting()
    note(5, bytes(range(32)), day=day(1))
    link(bytes([3]) * 32, bytes([4]) * 32, day=day(1))
    ask_correction(Leaf.objects.get(index=7), 2, bytes(range(32)), day=day(1))
    publish_batch(now=at(1))
    declare(2, on=2, manner="single")
    publish_batch(now=at(9))
    remember_seen()


def restore_database() -> None:
    """Put yesterday's database file back, as a careless operator would."""
    for leftover in NOW.glob("db.sqlite3-*"):
        leftover.unlink()
    shutil.copyfile(BASE / "db.sqlite3", NOW / "db.sqlite3")


def go_on_after_restoring() -> None:
    """Be refused with words, adopt, accept the same declaration again, and publish."""
    from tests.registry.tally.samples import at
    from tests.registry.transparency.proven import prove
    from tuidang.cli.main import main as tuidang
    from tuidang.registry.tally.actions import publish_batch
    from tuidang.registry.transparency.errors import LogAhead
    from tuidang.registry.transparency.models import Batch

    remember_seen()
    before = (NOW / "log/checkpoint").read_bytes()
    with pytest.raises(LogAhead, match="tuidang log adopt"):
        publish_batch(now=at(10))
    assert (NOW / "log/checkpoint").read_bytes() == before
    assert tuidang(["log", "adopt"]) == 0
    accept_waiting()
    batch = publish_batch(now=at(10))
    assert batch is not None
    assert Batch.objects.count() == 4
    assert sum(count for _, _, count in batch.cells) == 250 + 4 + 2 + 2 - 1
    prove((NOW / "seen").read_text().split("\0"), adopted={1, 2})
    assert tuidang(["log", "adopt"]) == 0


def accept_waiting() -> None:
    """Accept the two sample persons whose declaration waits for review."""
    from tests.registry.tally.samples import day, sample
    from tuidang.registry.audit.doers import REGISTRY
    from tuidang.registry.declarations.actions import accept
    from tuidang.registry.declarations.models import Declaration
    from tuidang.registry.declarations.opened import Opened

    row = Declaration.objects.get(state=Declaration.State.RECEIVED)
    body, _ = sample(row.size, on=1)
    accept(row, Opened(body), by=REGISTRY, manner="single", day=day(1))


def lasting(work: Callable[[], object]) -> float:
    """Return how long some work takes in a child."""
    began = time.monotonic()
    pid = os.fork()
    if not pid:
        run_child(work)
    os.waitpid(pid, 0)
    return time.monotonic() - began


def heal(name: str) -> None:
    """Start again in a fresh child, and prove that everything holds; end with words if not."""
    run_alone(publish_and_prove, f"after: {name}")


def run_alone(work: Callable[[], object], name: str) -> None:
    """Do some work in a fresh child; end with words if it fails."""
    pid = os.fork()
    if not pid:
        run_child(work)
    if os.waitpid(pid, 0)[1]:
        raise SystemExit(name)


def run_child(work: Callable[[], object]) -> NoReturn:
    """Do some work in this forked child and end it."""
    try:
        work()
    except BaseException:  # whatever it is, this process ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def publish_once() -> None:
    """Publish the second day's batch; a refusal or a broken disk ends it."""
    import sqlite3

    from django.db import DatabaseError

    from tests.registry.tally.samples import at
    from tuidang.registry.tally.actions import publish_batch
    from tuidang.registry.transparency.errors import TransparencyError

    try:
        publish_batch(now=at(1))
    except (OSError, TransparencyError, sqlite3.Error, DatabaseError):
        return


def publish_new() -> None:
    """Accept one more declaration, finish what was interrupted, and publish another batch."""
    from tests.registry.tally.samples import at, declare
    from tuidang.registry.tally.actions import publish_batch

    declare(1, on=1, manner="single")
    publish_batch(now=at(1), at_once=True)


def publish_and_prove() -> None:
    """Publish what waits and prove what is promised, with every checkpoint that was ever seen."""
    from tests.registry.tally.samples import at
    from tests.registry.transparency.proven import prove
    from tuidang.registry.declarations.models import Declaration
    from tuidang.registry.tally.actions import publish_batch

    remember_seen()
    publish_batch(now=at(1, hour=5))
    if Declaration.objects.filter(received=False).exists():  # came in after the day's batch
        publish_batch(now=at(1, hour=6), at_once=True)
    prove((NOW / "seen").read_text().split("\0"))


def remember_seen() -> None:
    """Keep the public checkpoint and the one in the lock store."""
    from tuidang.registry.transparency.actions import open_lock

    public = NOW / "log/checkpoint"
    with (NOW / "seen").open("a") as seen:
        seen.write("\0".join([public.read_text(), open_lock().read() or "", ""]))


def fresh_copy() -> None:
    """Begin again from the sample installation."""
    shutil.rmtree(NOW)
    shutil.copytree(BASE, NOW)


def close_database() -> None:
    """Let no child inherit a connection."""
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    os.environ.update(
        TUIDANG_DATA=str(NOW),
        TUIDANG_MEMORY=str(FOLDER / "memory"),
        TUIDANG_TEST_DATABASE="",
        TUIDANG_FREE_BYTES="0",
        DJANGO_SETTINGS_MODULE="tuidang.settings.test",
    )
    NOW.mkdir(parents=True)
    import django

    django.setup()
    sys.exit(main(sys.argv[1]))
