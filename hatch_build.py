# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds the hash kernel when the package is installed, where the machine has a C compiler.

Without one everything works too, slower, so a missing or failing compiler is told and is no
error. A wheel that holds the kernel says for which platform it is.
"""

import os
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path("tuidang") / "pure" / "merkle"
LIBRARY = "libkernel.so"
SOURCES = ("kernel.c", "sha256.h")
FLAGS = ("-O3", "-std=gnu11", "-shared", "-fPIC", "-fvisibility=hidden")


class KernelHook(BuildHookInterface[Any]):
    """Compiles the kernel beside its source, for wheels and for editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the kernel where it is imported from, and into the wheel."""
        folder = Path(self.root) / FOLDER
        if not self._is_fresh(folder):
            (folder / LIBRARY).unlink(missing_ok=True)
            self._compile(folder)
        if version != "editable" and (folder / LIBRARY).exists():
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"py3-none-{platform}"
            build_data["pure_python"] = False
            build_data["artifacts"].append((FOLDER / LIBRARY).as_posix())

    def _is_fresh(self, folder: Path) -> bool:
        library, sources = folder / LIBRARY, [folder / each for each in SOURCES]
        sources.append(Path(__file__))
        return library.exists() and all(
            library.stat().st_mtime_ns > each.stat().st_mtime_ns for each in sources
        )

    def _compile(self, folder: Path) -> None:
        """Compile under another name first: a running program may have the old one open."""
        named = shlex.split(os.environ.get("CC", ""))
        found = (each for each in ("cc", "gcc", "clang") if shutil.which(each))
        compiler = named or [next(found, "cc")]
        draft = folder / f"{LIBRARY}.{os.getpid()}"
        command = [*compiler, *FLAGS, "-o", str(draft), str(folder / "kernel.c")]
        if shutil.which(compiler[0]) is None:
            self.app.display_warning(f"no C compiler ({compiler[0]}), so hashing is slower")
            return
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            draft.unlink(missing_ok=True)
            self.app.display_warning(f"the hash kernel was not compiled: {done.stderr}")
            return
        draft.replace(folder / LIBRARY)
