# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs many sample certificates in an installation of its own, and dies on the way.

Run as a program, since it forks: everything is imported once, then each signer is a child that is
killed at a moment of chance while it works. What must hold is looked at in the end.

    python -m tests.registry.certificates.signer COUNT KILLS      (in TUIDANG_DATA)
"""

import importlib
import json
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

PASSPHRASES = ("sample one", "sample two")
GROUP = 250  # applications to a transaction, while they are made ready
LONGEST = 0.5  # seconds that one certificate takes at most
CHECKED = 60  # certificates that are opened in the end, at most


class Turn(NamedTuple):
    """What one signer did: did it come to its end, how many, in which time, and its memory.

    `memory` is the resident set in KiB after each certificate.
    """

    ended: bool
    signed: int
    seconds: float
    memory: list[int]


def main(count: int, kills: int) -> list[Turn]:
    """Make ready, sign with so many deaths between, prove; return what each signer did."""
    make_ready(count)
    turns: list[Turn] = []
    while not turns or not turns[-1].ended:
        deaths_left, left = kills - len(turns), count - _issued()
        share = 2 * left // (deaths_left + 1)
        turns.append(one_signer(random.randint(1, max(1, share)) if deaths_left > 0 else 0))
    prove(count)
    return turns


def make_ready(count: int) -> None:
    """Install, and bring so many applications as far as the second signature."""
    from django.core.management import call_command
    from django.db import transaction

    from tests.registry.certificates.office import SELF_STATED, WISH, Applicant, Office
    from tests.registry.declarations.desk import Desk, Seat, body, hand_in, person
    from tuidang.registry.audit.doers import REGISTRY, Doer
    from tuidang.registry.certificates import actions
    from tuidang.registry.vault.actions import create_member, open_member, renew_rings

    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    today = datetime.now(UTC).date()
    members = [create_member(_id(n), PASSPHRASES[n], by=REGISTRY, day=today) for n in (0, 1)]
    renew_rings(by=REGISTRY, day=today)
    seats = [
        Seat(Doer(member.id, f"Sample {n}"), open_member(member.id, PASSPHRASES[n]))
        for n, member in enumerate(members)
    ]
    office, codes = Office(Desk(*seats), now=datetime.now(UTC)), []
    for start in range(0, count, GROUP):
        with transaction.atomic():
            for number in range(start, min(count, start + GROUP)):
                row, code = hand_in(body(person(f"样本{number}")), day=today)
                office.desk.accept(row, day=today)
                wish = replace(WISH, legal_name=_name(number))
                application = Applicant(row, code).apply(wish, day=today)
                doing = {"by": seats[0].doer, "day": today}
                actions.prepare(application.pk, SELF_STATED, seats[0].unlocked, **doing)
                codes.append(code.random.hex())
    office.publish()
    _codes_file().write_text(json.dumps(codes))


def one_signer(die_after: int) -> Turn:
    """Let a child sign what is ready; kill it somewhere after so many, unless that is 0."""
    from django.db import connections

    before, began = _issued(), time.monotonic()
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _sign(writing)
    os.close(writing)
    memory = _watch(child, reading, die_after)
    if die_after:
        time.sleep(random.random() * LONGEST)  # anywhere within the next ones
        os.kill(child, signal.SIGKILL)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return Turn(status == 0, _issued() - before, time.monotonic() - began, memory)


def _watch(child: int, reading: int, die_after: int) -> list[int]:
    """Note the memory of a child after each certificate, until it ends or has to."""
    memory: list[int] = []
    while not die_after or len(memory) < die_after:
        told = os.read(reading, 1)
        if not told:
            break
        pages = int(Path(f"/proc/{child}/statm").read_text().split()[1])
        if pages:  # none: it has just ended
            memory.append(pages * resource.getpagesize() // 1024)
    return memory


def prove(count: int) -> None:
    """Raise AssertionError unless all was issued once, each with a number and place of its own."""
    from tuidang.registry.audit.models import AuditRow
    from tuidang.registry.certificates.models import Application, Certificate
    from tuidang.registry.vault.models import Mail

    assert (
        Application.objects.filter(state="issued").count() == Application.objects.count() == count
    )
    places = set(Certificate.objects.values_list("status_list", "status_index"))
    hashes = {bytes(each) for each in Certificate.objects.values_list("number_hash", flat=True)}
    assert len(places) == len(hashes) == Certificate.objects.count() == count
    mail = Counter(Mail.objects.values_list("mailbox", "kind"))
    assert set(mail.values()) == {1}
    assert Counter(kind for _, kind in mail)["certificate"] == count
    assert AuditRow.objects.filter(verb="sign_certificate").count() == count
    prove_delivered(count)


def prove_delivered(count: int) -> None:
    """Open certificates with their holders' codes: each is valid, its number its own."""
    from tests.registry.certificates.office import WORD
    from tuidang.pure.receipt import Code
    from tuidang.registry.certificates import actions
    from tuidang.registry.certificates.keyed_hashes import number_hash
    from tuidang.registry.certificates.models import Certificate
    from tuidang.registry.certificates.proving import installed_bundle
    from tuidang.registry.declarations.actions import find
    from tuidang.verify.certificate.check import check_bytes

    codes, bundle, numbers = json.loads(_codes_file().read_text()), installed_bundle(), set()
    today = datetime.now(UTC).date()
    looked_at = random.sample(codes, min(count, CHECKED))
    for each in looked_at:
        code = Code(bytes.fromhex(each))
        row = find(code)
        assert row is not None
        (delivery,) = actions.fetch(row, code, WORD)
        claims = check_bytes(delivery.files["code.txt"], bundle, today=today).claims
        assert claims is not None
        assert Certificate.objects.filter(number_hash=number_hash(claims.number)).count() == 1
        numbers.add(claims.number)
    assert len(numbers) == len(looked_at)


def _sign(told: int) -> NoReturn:
    """Sign all that is ready as the second volunteer, and tell of each by one byte."""
    from tuidang.registry.audit.doers import Doer
    from tuidang.registry.certificates import actions
    from tuidang.registry.vault.actions import open_member

    status = 1
    try:
        member, day = _id(1), datetime.now(UTC).date()
        unlocked = open_member(member, PASSPHRASES[1])
        report = actions.sign_many(
            actions.to_sign(),
            unlocked,
            by=Doer(member, "Sample"),
            day=day,
            progress=lambda _: os.write(told, b".") and None,
        )
        status = 0 if not report.left else 2
    finally:
        os._exit(status)


def _issued() -> int:
    from tuidang.registry.certificates.models import Certificate

    return Certificate.objects.count()


def _id(number: int) -> Any:
    from uuid import UUID

    return UUID(int=1000 + number)


def _name(number: int) -> str:
    letters = [chr(65 + number // 26**place % 26) for place in range(4)]
    return f"SAMPLE<<{''.join(letters)}"


def _codes_file() -> Path:
    from django.conf import settings

    return Path(settings.DATA) / "sample-codes.json"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuidang.settings.test")
    django.setup()
    # Here, since each child would do it again; not the compiler, whose threads no child would have.
    importlib.import_module("tuidang.registry.certificates.paper.paper")
    for turn in main(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(turn._asdict()))
