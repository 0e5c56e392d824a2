# SPDX-License-Identifier: AGPL-3.0-or-later
"""What ruff and import-linter cannot see."""

import ast

from tests.architecture.house import ROOT, SOURCE, functions, sources


def test_every_test_says_what_it_promises() -> None:
    """Each test function carries a docstring of one sentence."""
    silent = [
        f"{path.relative_to(ROOT)}::{function.name}"
        for path in sources(ROOT / "tests")
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []


def test_every_module_says_what_it_is_for() -> None:
    """Each module that holds code begins with a docstring."""
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_no_model_overrides_save_and_no_signal_is_used() -> None:
    """Invariants are database constraints: no save() of our own, no signals."""
    overriding = [
        f"{path.relative_to(ROOT)}:{function.lineno}"
        for path in sources(SOURCE / "registry")
        for function in functions(path)
        if function.name in {"save", "delete", "full_clean"}
    ]
    signals = [str(p.relative_to(ROOT)) for p in sources() if "django.dispatch" in p.read_text()]
    assert overriding == []
    assert signals == []


def test_the_project_names_no_registry_and_no_machine() -> None:
    """No tracked text names a package registry's host or a folder of one machine."""
    hosts = ["python" + "hosted.org", "py" + "pi.org/simple", "registry.np" + "mjs"]
    files = [*ROOT.glob("requirements/*"), *ROOT.glob("scripts/*"), *ROOT.glob("docs/**/*.md")]
    naming = [p.name for p in files if p.is_file() and any(h in p.read_text() for h in hosts)]
    assert naming == []
