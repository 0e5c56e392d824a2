# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small files, small functions, names that say something."""

from tests.architecture.house import ROOT, functions, sources

FILE_WALL = 400
TEST_WALL = 600
FUNCTION_WALL = 40
EMPTY_NAMES = {"utils", "helpers", "common", "core", "misc", "manager"}


def test_no_source_file_is_over_the_wall() -> None:
    """No source file has more than 400 lines."""
    over = {p.name: n for p in sources() if (n := len(p.read_text().splitlines())) > FILE_WALL}
    assert over == {}


def test_no_test_file_is_over_the_wall() -> None:
    """No test file has more than 600 lines."""
    files = sources(ROOT / "tests")
    over = {p.name: n for p in files if (n := len(p.read_text().splitlines())) > TEST_WALL}
    assert over == {}


def test_no_function_is_over_the_wall() -> None:
    """No function has more than 40 lines, its docstring left out."""
    over = []
    for path in sources():
        for function in functions(path):
            body = function.body
            first = body[1] if len(body) > 1 and _is_docstring(body[0]) else body[0]
            if (function.end_lineno or 0) - first.lineno + 1 > FUNCTION_WALL:
                over.append(f"{path.name}:{function.lineno} {function.name}")
    assert over == []


def test_no_name_says_nothing() -> None:
    """No file or folder is called utils, helpers, common, core, misc or manager."""
    named = [p for p in ROOT.glob("tuidang/**/*") if p.stem in EMPTY_NAMES]
    assert named == []


def test_every_source_names_its_licence() -> None:
    """pure and verify are Apache-2.0, everything else AGPL, said in the first line."""
    wrong = []
    for path in sources():
        text = path.read_text()
        floor = path.relative_to(ROOT / "tuidang").parts[0]
        licence = "Apache-2.0" if floor in {"pure", "verify"} else "AGPL-3.0-or-later"
        if text and f"SPDX-License-Identifier: {licence}" not in "\n".join(text.splitlines()[:2]):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def _is_docstring(node: object) -> bool:
    value = getattr(node, "value", None)
    return isinstance(getattr(value, "value", None), str)
