# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a list of names to figures that a stranger recounts, and a proof that needs nobody."""

import base64
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from tests.journeys.conftest import BIN, ROOT, Installation, picture
from tests.journeys.steps import (
    CODES,
    TYPED,
    Person,
    come_back,
    declare,
    open_item,
    press,
    said,
)
from tests.verify.auditors import fault
from tuidang.pure.ledger.entries import Counted, Received, decode
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.ledger.received import verify_received
from tuidang.pure.merkle.bundles import decode_bundle
from tuidang.pure.merkle.checkpoints import parse_checkpoint
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import Verifier, open_note
from tuidang.pure.merkle.tiles import bundles_for_size
from tuidang.pure.merkle.tlog_proof import parse, verify
from tuidang.pure.receipt import DeclarantKeys, parse_code
from tuidang.pure.receipt.keys import mailbox_identity
from tuidang.registry.vault.sealing import unseal

LISTED = 53
SINGLE_FILE = ROOT / "tuidang" / "verify" / "audit_log.py"
ORIGIN = "demo.invalid/registry"
NUMERALS = "一二三四五六七八九十"
COUNTED = "counted and published"


@dataclass
class Audit:
    """What one of the two auditors said."""

    status: int
    words: str

    @property
    def persons(self) -> int:
        """The total that it recomputed."""
        (line,) = [each for each in self.words.splitlines() if each.endswith("each counted once")]
        return int(line.split()[0].replace(",", ""))


def audit(installation: Installation, log: str) -> list[Audit]:
    """Let both auditors read a log: the package's, and the single file with plain Python."""
    trust = installation.data / "trust" / "trust.json"
    words = [log, "--vkey", str(trust)]
    commands = (
        [str(BIN / "tuidang"), "log", "audit", *words],
        [sys.executable, "-I", "-S", str(SINGLE_FILE), *words],
    )
    done = [
        subprocess.run(each, capture_output=True, text=True, env=installation.environment)
        for each in commands
    ]
    return [Audit(each.returncode, each.stdout + each.stderr) for each in done]


def publish(installation: Installation) -> int:
    """Publish now and return the total that both auditors find in the folder."""
    installation.command("log", "publish", "--now")
    found = audit(installation, str(installation.data / "log"))
    assert [each.status for each in found] == [0, 0], found
    assert found[0].words == found[1].words
    return found[0].persons


def tally(installation: Installation) -> dict[str, Any]:
    """Return what the interface says of the totals."""
    with urlopen(f"{installation.public}/api/v1/tally") as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def receipt(installation: Installation, code: str) -> dict[str, Any]:
    """Return what the interface says to the holder of a code."""
    body = json.dumps({"receipt": code}).encode()
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(f"{installation.public}/api/v1/receipt", body, headers)) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def write_list(path: Path) -> Path:
    """Write 53 people the way lists come: every separator, rare characters, a mask, 等 12 人."""
    han = [f"样本{tens}{ones}" for tens in "木火土金" for ones in NUMERALS][:36]
    lines = ["、".join(han[:20]), "，".join(han[20:33]), " ".join(han[33:])]
    lines += ["样本𠮷; 样本㐆；样本𬭎", "Sample Listed", "样本**", "样本末等 12 人"]
    TYPED.update([*han, "样本𠮷", "样本㐆", "样本𬭎", "Sample Listed", "样本末"])
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_list_of_fifty_three_becomes_part_of_the_total(
    page: Page, first_desk: Page, installation: Installation, tmp_path: Path
) -> None:
    """Entered and accepted by commands, published, and then all who count find the same.

    The desk comes first, so that the command takes the code after the browser's and nobody waits.
    """
    before = publish(installation)
    entered = installation.command("declare", str(write_list(tmp_path / "list.txt")), "--json")
    code = json.loads(entered)["receipt"]["chinese"]
    CODES.add(code)
    login = str(installation.data / "first-volunteer.json")
    accepted = installation.command("review", "accept", "--all-clean", "--login", login)
    assert "Rules that ran" in accepted
    persons = publish(installation)
    assert persons >= before + LISTED
    state = receipt(installation, code)
    assert [each["state"] for each in state["persons"]] == ["logged"] * LISTED
    _agrees(page, installation, persons)


def _agrees(page: Page, installation: Installation, persons: int) -> None:
    """Compare page, interface and files, to the last cell."""
    figures = tally(installation)
    totals = figures["totals"]
    assert totals["persons"] == persons
    cells = figures["cells"]
    assert sum(cell["persons"] for cell in cells) == persons
    page.goto(f"{installation.public}/zh-hans/tally/")
    assert page.inner_text("#persons").replace(",", "") == str(persons)
    checkpoint = (installation.data / "log" / "checkpoint").read_text()
    assert figures["checkpoint"] == checkpoint
    by_address = audit(installation, f"{installation.public}/log/")
    assert [(each.status, each.persons) for each in by_address] == [(0, persons)] * 2
    assert all(checkpoint.splitlines()[2] in each.words for each in by_address)


def test_a_declarant_proves_it_without_us(
    page: Page, first_desk: Page, installation: Installation
) -> None:
    """The state page shows entry and proof; packet, log and proof then hold by pure rules alone."""
    name = "样本证甲"
    code = declare(page, installation, "zh-hans", Person(name, organizations=("party", "league")))
    open_item(first_desk, installation, name)
    press(first_desk, 'form[action$="/accept/"] button')
    publish(installation)
    come_back(page, installation, "zh-hans", code)
    assert said("zh-hans", COUNTED) in page.inner_text("main tbody")
    shown = page.locator("main details pre")
    proof, path, r_proof = (each.text_content() or "" for each in shown.all())
    index = int(page.inner_text("main tbody td.n"))
    state = receipt(installation, code)
    opening = _opening(state["packet"], code)
    entries = _entries(installation)
    counted = decode(entries[index])
    assert isinstance(counted, Counted)
    opening.verify_counted(ORIGIN, counted)
    assert name.encode() in {opening.value(number) for number in range(1, 7)}
    log = _log_key(installation)
    parsed = parse(proof.encode())
    assert parsed.index == index
    verify(parsed, leaf_hash(entries[index]), log)
    (told,) = state["proofs"]["received"]
    assert (path.split(), r_proof) == (told["path"], told["r_proof"])
    _check_received(told, opening, entries, log)


def _check_received(
    told: dict[str, Any], opening: Opening, entries: list[bytes], log: Verifier
) -> None:
    """Follow the commitment to its R entry, and that entry to the checkpoint."""
    proof = parse(told["r_proof"].encode())
    received = decode(entries[proof.index])
    assert isinstance(received, Received)
    verify(proof, leaf_hash(entries[proof.index]), log)
    hashes = [base64.b64decode(line) for line in told["path"]]
    verify_received(received, opening.commitment(ORIGIN), told["index"], hashes)


def _opening(sealed: str, code: str) -> Opening:
    """Open the packet with the key that comes from the code alone."""
    packet = base64.b64decode(sealed)
    keys = DeclarantKeys(parse_code(code), ORIGIN)
    content = json.loads(unseal(packet, [mailbox_identity(keys.mailbox_secret)]))
    (one,) = content["openings"]
    compact = json.dumps(one["opening"], sort_keys=True, separators=(",", ":"))
    return Opening.from_json(compact.encode())


def _entries(installation: Installation) -> list[bytes]:
    log = installation.data / "log"
    note = open_note((log / "checkpoint").read_bytes(), [_log_key(installation)])
    size = parse_checkpoint(note.text).size
    bundles = [(log / each.path, each.width) for each in bundles_for_size(size)]
    return [e for path, width in bundles for e in decode_bundle(path.read_bytes(), width)]


def _log_key(installation: Installation) -> Verifier:
    trust = json.loads((installation.data / "trust" / "trust.json").read_text())
    return Verifier.parse(trust["log_vkey"])


def test_what_is_withdrawn_in_time_is_not_counted(
    page: Page, first_desk: Page, installation: Installation
) -> None:
    """Accepted already, withdrawn before the publication: the total does not know of it."""
    before = publish(installation)
    code = declare(page, installation, "en", Person("Sample Gone"))
    open_item(first_desk, installation, "Sample Gone")
    press(first_desk, 'form[action$="/accept/"] button')
    come_back(page, installation, "en", code)
    page.check('[name="sure"]')
    press(page, 'button[value="withdraw"]')
    assert page.inner_text("#state") == "Withdrawn."
    assert publish(installation) == before
    assert come_back(page, installation, "en", code) == "Withdrawn."


def test_one_flipped_byte_is_found_and_named(installation: Installation, tmp_path: Path) -> None:
    """Whichever file of a copied log has one byte changed, both auditors name it.

    For every file they are asked within this process, and for one as they are started by anybody.
    """
    publish(installation)
    copy = tmp_path / "copy"
    shutil.copytree(installation.data / "log", copy)
    names = [each.relative_to(copy).as_posix() for each in copy.rglob("*") if each.is_file()]
    assert {"checkpoint"} < set(names)
    trust = (installation.data / "trust" / "trust.json").read_bytes()
    for name in names:
        whole = (copy / name).read_bytes()
        middle = len(whole) // 2
        (copy / name).chmod(0o600)
        (copy / name).write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        assert fault(copy, trust) == name
        for each in audit(installation, str(copy)) if name == "checkpoint" else ():
            assert each.status == 1, each
            assert f"'{name}'" in each.words
        (copy / name).write_bytes(whole)
    assert [each.status for each in audit(installation, str(copy))] == [0, 0]


def test_pictures_of_the_totals(page: Page, installation: Installation) -> None:
    """The page of totals is kept as a picture, in three languages."""
    for language in ("zh-hans", "zh-hant", "en"):
        page.goto(f"{installation.public}/{language}/tally/")
        picture(page, f"tally-{language}")
