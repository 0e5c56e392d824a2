# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page as a file: the same for everybody, covered by its hash, closed to the network."""

import base64
import gzip
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.page.running import NODE, ROOT, build
from tuidang.verify import page as verifying
from tuidang.verify.page import (
    MARKER,
    NotForAPage,
    PageMissing,
    fixed_page,
    page_digest,
    security_policy,
    whole_page,
)

ORIGIN, VKEY = "log.invalid/sample", "log.invalid/sample+0badc0de+AQ<>"
NOTE = b'{"sample":true}\n\n\xe2\x80\x94 sample AAAA\n'
MOST_BYTES = 2_000_000


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build()


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """Anybody who builds the page from the same sources gets the same file."""
    words = verifying.BUILT.with_name("words.json").relative_to(ROOT)
    again = tmp_path / "verify.html"
    subprocess.run([NODE, "scripts/page.mjs", words, again], cwd=ROOT, check=True, timeout=120)
    assert again.read_bytes() == verifying.BUILT.read_bytes()


def test_the_page_may_load_and_ask_nothing() -> None:
    """No address is loaded, the policy forbids it too, and only the page's own scripts run."""
    page = verifying.BUILT.read_text()
    policy = dict(each.split(" ", 1) for each in security_policy(page.encode()).split("; "))
    assert policy["default-src"] == policy["connect-src"] == "'none'"
    assert "unsafe-inline" not in str(policy)
    assert "'unsafe-eval'" not in policy["script-src"]
    outside = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r"""(?:src|href|action)=["']?(?!data:)[^"'>]+""", outside) == []
    assert len(page.encode()) < MOST_BYTES


def test_the_policy_names_the_hash_of_each_script() -> None:
    """What runs at once and the two parts that are unpacked later are those of the policy."""
    page = verifying.BUILT.read_text()
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    for part in ("pdf", "picture"):
        packed = re.search(f'id="part-{part}">([^<]*)<', page)
        assert packed
        scripts.append(gzip.decompress(base64.b64decode(packed[1])).decode())
    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts]
    named = re.findall(r"'sha256-([^']+)'", security_policy(page.encode()).partition("style")[0])
    assert hashes == named


def test_the_hash_covers_all_but_the_trust_bundle() -> None:
    """The first bytes, as many as the page itself says, have the hash that goes into the log."""
    page = whole_page(ORIGIN, VKEY, NOTE)
    installation = re.search(rb'id="installation">([^<]*)</script>', page)
    assert installation
    said = json.loads(installation[1])
    assert (said["origin"], said["log_vkey"]) == (ORIGIN, VKEY)
    fixed, rest = page[: said["size"]], page[said["size"] :]
    assert hashlib.sha256(fixed).digest() == page_digest(ORIGIN, VKEY)
    assert fixed == fixed_page(ORIGIN, VKEY)
    assert rest.startswith(MARKER)
    assert NOTE in rest
    assert page_digest(ORIGIN, VKEY) != page_digest("other.invalid", VKEY)


def test_a_bundle_that_would_end_its_place_is_refused() -> None:
    """Nothing in a trust bundle can become a part of the page."""
    with pytest.raises(NotForAPage):
        whole_page(ORIGIN, VKEY, NOTE + b"</script><script>")
    assert whole_page(ORIGIN, VKEY, None).endswith(MARKER)


def test_a_page_that_was_not_built_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An installation without npm has no page, and an error that says how to get one."""
    monkeypatch.setattr(verifying, "BUILT", tmp_path / "verify.html")
    with pytest.raises(PageMissing, match=r"scripts/page\.sh"):
        page_digest(ORIGIN, VKEY)


def test_modules_are_small_and_say_what_they_are_for() -> None:
    """Each names its licence, begins with what it is for, and stays below the wall."""
    modules = list((ROOT / "tuidang/verify/page/src").rglob("*.js"))
    assert len(modules) > 20
    for module in modules:
        lines = module.read_text().splitlines()
        assert lines[0] == "// SPDX-License-Identifier: Apache-2.0", module.name
        assert lines[1].startswith("/**"), module.name
        assert len(lines) <= 250, module.name


def test_the_lock_names_no_server() -> None:
    """Which registry packages come from is for whoever installs to say."""
    assert "://" not in (ROOT / "package-lock.json").read_text()


def test_every_text_of_the_page_is_in_three_languages() -> None:
    """No text is empty, and where the scripts differ the traditional one was written."""
    source = (
        "import {texts} from './tuidang/verify/page/src/texts.js';"
        "process.stdout.write(JSON.stringify(texts))"
    )
    command = [NODE, "--input-type=module", "--eval", source]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    texts = json.loads(done.stdout)
    assert all(len(said) == 3 and all(said) for said in texts.values())
    used = "".join(
        path.read_text()
        for path in (ROOT / "tuidang/verify/page/src").glob("*")
        if path.suffix in {".js", ".html"} and path.name != "texts.js"
    )
    unused = [name for name in texts if not re.search(rf"\b{name}\b|{name.split('_')[0]}_\$", used)]
    assert unused == []
