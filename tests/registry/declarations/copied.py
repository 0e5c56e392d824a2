# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs as a process of its own: a day of work, and copies of the data folder after it.

Called with a folder for the copies; writes what was typed and derived to standard output, as
hex lines, for the test that looks for it in the bytes.
"""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path


def main(copies: Path) -> None:
    """Do a day's work, and copy data folder and database while items wait."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    typed = work()
    shutil.copytree(settings.DATA, copies / "with-wal")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(settings.DATA, copies / "after-checkpoint")
    for each in typed:
        print(each.hex())


def work() -> list[bytes]:
    """Let one declaration wait, one be returned and answered, one be published."""
    from tests.registry.declarations.desk import (
        DAY,
        body,
        hand_in,
        make_desk,
        new_key,
        other,
        person,
        secret_forms,
        text_forms,
    )
    from tuidang.registry.declarations import actions
    from tuidang.registry.declarations.keyed_hashes import list_fingerprint
    from tuidang.registry.transparency.actions import publish

    desk, key = make_desk(), new_key()
    declared = body(
        person("样本甲子", organizations=["party", "league"]),
        other("Sample Person Two"),
        statement="这一段文字只是样本，谁也没有这样说过。",
        place={"country": "NZ", "province": "Sample Province"},
        bind={"legal_name": "SAMPLE<<ONE<PERSON", "birth_date": "1990-01-02"},
    )
    facts = {"idempotency_key": key, "channel": "list", "fingerprint": list_fingerprint(declared)}
    rows = [hand_in(declared, **facts)]
    rows += [hand_in(body(person("样本乙丑"))), hand_in(body(person("样本丙寅")))]
    (asked, _), (accepted, _) = rows[1:]
    actions.return_with_question(asked, "样本问题：是哪一年？", by=desk.first.doer, day=DAY)
    asked.refresh_from_db()
    actions.answer(asked, "样本回答：是那一年。", day=DAY)
    desk.accept(accepted)
    actions.hand_over(day=DAY)
    batch = publish(now=datetime(2026, 7, 14, 12, tzinfo=UTC), at_once=True)
    assert batch is not None
    actions.deliver(batch, day=DAY)
    texts = ["样本甲子", "Sample Person Two", "样本乙丑", "样本丙寅", declared.statement, key]
    texts += ["样本问题：是哪一年？", "样本回答：是那一年。", "SAMPLE<<ONE<PERSON", "19900102"]
    texts += ["Sample Province"]
    forms = [form for _, code in rows for form in secret_forms(code, persons=2)]
    return [*text_forms(*texts), *forms]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
