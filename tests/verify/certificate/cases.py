# SPDX-License-Identifier: AGPL-3.0-or-later
"""The common set: genuine and forged certificates on which every checker must agree.

`all_cases(folder)` writes the files, the bundles and `cases.json`, which says for each file
which bundle it is checked with, and the outcome and the reason that must come out. Keys,
persons and numbers are samples.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.verify.certificate import code_cases, paper_cases
from tests.verify.certificate.made import LOG_OF_ALL, Made
from tests.verify.certificate.sample_bundle import bundle_content, signed_bundle
from tuidang.pure.merkle.canonical import to_base64

# In the order of their sequence numbers: a page that has seen one refuses those before it.
BUNDLES = ("old", "main", "clock", "forked", "strict")


@dataclass(frozen=True)
class Case:
    """One file, the bundle it is checked with, and what must come out.

    `fresh` is false where the bundle does not tell the certificate's status of today; the
    command then ends with 3 instead of 0.
    """

    name: str
    path: Path
    expected_outcome: str
    expected_reason: str
    bundle: Path
    fresh: bool = True

    @property
    def exit_status(self) -> int:
        """What `tuidang-verify` ends with."""
        if self.expected_outcome != "valid":
            return 1
        return 0 if self.fresh else 3


def all_cases(folder: Path, *, today: date | None = None) -> list[Case]:
    """Write the common set into a folder and return it, bundle by bundle in rising order."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in bundles(today or datetime.now(UTC).date()).items():
        (folder / f"{name}.trust.note").write_bytes(data)
    cases = [_written(each, folder) for each in _made()]
    cases.sort(key=lambda each: BUNDLES.index(each.bundle.name.partition(".")[0]))
    rows = [asdict(each) | {"path": each.path.name, "bundle": each.bundle.name} for each in cases]
    (folder / "cases.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return cases


def bundles(today: date) -> dict[str, bytes]:
    """Return the bundles by name; all but the old one are of today."""
    log = LOG_OF_ALL
    forked: list[dict[str, Any]] = bundle_content(log, sequence=4, issued=today)["batches"]
    forked[1]["root"] = to_base64(bytes(32))
    contents = [
        bundle_content(log, sequence=1, issued=today - timedelta(days=45)),
        bundle_content(log, sequence=2, issued=today),
        bundle_content(log, sequence=3, issued=today, needed=0),
        bundle_content(log, sequence=4, issued=today, batches=forked),
        bundle_content(log, sequence=5, issued=today, needed=3),
    ]
    signed = [signed_bundle(each, log.key) for each in contents]
    return dict(zip(BUNDLES, signed, strict=True))


def _written(made: Made, folder: Path) -> Case:
    path = folder / made.file
    path.write_bytes(made.data)
    bundle = folder / f"{made.bundle}.trust.note"
    return Case(path.stem, path, made.outcome, made.reason, bundle, made.fresh)


@cache
def _made() -> tuple[Made, ...]:
    return tuple(_all())


def _all() -> Iterator[Made]:
    yield from code_cases.genuine()
    yield from code_cases.forged()
    yield from paper_cases.genuine()
    yield from paper_cases.forged()
