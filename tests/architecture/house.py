# SPDX-License-Identifier: AGPL-3.0-or-later
"""The house as its tests see it: source files, functions, and the order of rooms."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tuidang"


def sources(folder: Path = SOURCE) -> list[Path]:
    """Return every Python file below `folder`, but for migrations, which Django writes."""
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a file, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def contracts() -> list[dict[str, Any]]:
    """Return the import contracts of pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return list(settings["tool"]["importlinter"]["contracts"])


def registry_layers() -> list[set[str]]:
    """Return the registry's rooms, top layer first; rooms not built yet are left out."""
    (contract,) = [c for c in contracts() if c["name"] == "The order of rooms in the registry"]
    layers = [{room.strip() for room in layer.split("|")} for layer in contract["layers"]]
    return [{room for room in layer if not room.startswith("(")} for layer in layers]
