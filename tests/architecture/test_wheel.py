# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wheel: what a stranger installs to audit a log, in an environment that has nothing else."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.architecture.house import ROOT
from tests.verify.certificate.cases import all_cases
from tests.verify.sample_logs import TRUST, log_files, sample_log, write_files
from tuidang.pure.merkle.kernel import available

UV = ROOT / ".uv" / "bin" / "uv"
# What the wheel's base asks for, and what that needs in turn; taken from our own environment,
# since tests have no network.
BASE = ("cryptography", "cffi", "_cffi_backend", "pycparser")
# What the extra `verify` asks for, as folders and files.
VERIFY = ("cbor2", "_cbor2", "zxingcpp", "pypdf", "PIL", "pillow")
NEEDS_THE_REGISTRY = 3
NEEDS_AN_EXTRA = 2


@dataclass(frozen=True)
class Stranger:
    """An environment of its own, with the wheel installed and no more than its base needs."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment."""
        program = self.folder / "bin" / command[0]
        return subprocess.run(
            [str(program), *command[1:]],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release is."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def stranger(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    """An empty environment into which the wheel was installed without extras."""
    folder = tmp_path_factory.mktemp("stranger") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = ["pip", "install", "--quiet", "--offline", "--no-cache", "--no-deps"]
    subprocess.run([str(UV), *install, "--python", str(python), str(wheel)], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    ours = Path(sysconfig.get_path("purelib"))
    for each in ours.iterdir():
        if re.split(r"[-.]", each.name)[0] in BASE:
            copy = shutil.copytree if each.is_dir() else shutil.copy2
            copy(each, packages / each.name)
    return Stranger(folder, {"PATH": os.defpath, "HOME": str(folder)})


def test_the_base_needs_what_pure_and_verify_need(wheel: Path) -> None:
    """Without extras the wheel asks for cryptography alone; the registry is an extra."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        metadata = message_from_bytes(archive.read(name))
    wanted = metadata.get_all("Requires-Dist") or []
    base = {re.split(r"[^A-Za-z0-9-]", each)[0] for each in wanted if "extra ==" not in each}
    assert base == {"cryptography"}
    assert any(each.lower().startswith("django") for each in wanted)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(metadata.get_all("Provides-Extra") or ()) == set(project["optional-dependencies"])


def test_the_wheel_holds_words_pages_and_no_secrets(wheel: Path) -> None:
    """Catalogues, templates, styles and word lists are in; tests, keys and data are not."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = [each.relative_to(ROOT).as_posix() for each in ROOT.glob("tuidang/**/*.po")]
    assert sources
    assert {each.removesuffix("po") + "mo" for each in sources} <= names
    for pattern in ("tuidang/**/*.html", "tuidang/**/*.css", "tuidang/pure/words/*.txt"):
        assert {each.relative_to(ROOT).as_posix() for each in ROOT.glob(pattern)} <= names
    assert {each.split("/")[0] for each in names if ".dist-info/" not in each} == {"tuidang"}
    assert not [each for each in names if each.endswith((".key", ".sqlite3", ".json", ".pyc"))]


def test_the_wheel_brings_the_compiled_kernel(wheel: Path, stranger: Stranger) -> None:
    """Built where there is a compiler, the wheel says for which platform, and hashes fast."""
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    assert wheel.name.endswith(f"-py3-none-{platform}.whl")
    program = "from tuidang.pure.merkle.kernel import implementation; print(implementation())"
    assert stranger.run("python", "-c", program).stdout.strip() == next(iter(available()))


def test_without_a_compiler_the_wheel_is_for_every_platform(tmp_path: Path) -> None:
    """Where nothing compiles the kernel, it is left out, told, and no error."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "hatch_build.py", "README.md"):
        shutil.copy(ROOT / name, source)
    folders = ("tuidang/pure/merkle", "LICENSES")
    for name in folders:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("*.so*"))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(source)]
    environment = os.environ | {"CC": str(tmp_path / "no-such-compiler")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no C compiler" in done.stdout + done.stderr
    (built,) = (source / "dist").glob("*.whl")
    assert built.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(built) as archive:
        assert not [each for each in archive.namelist() if ".so" in each]


def test_a_stranger_audits_a_log_without_django(stranger: Stranger, tmp_path: Path) -> None:
    """Where Django cannot be imported, `tuidang log audit` recomputes a log and exits with 0."""
    write_files(tmp_path / "log", log_files(sample_log()))
    write_files(tmp_path, {"trust.json": TRUST})
    django = stranger.run("python", "-c", "import django")
    assert "ModuleNotFoundError" in django.stderr
    words = ("log", "audit", str(tmp_path / "log"), "--vkey", str(tmp_path / "trust.json"))
    done = stranger.run("tuidang", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "each counted once" in done.stdout


def test_a_stranger_is_told_what_is_missing(stranger: Stranger) -> None:
    """A command of the registry says how to install it, and does nothing."""
    done = stranger.run("tuidang", "doctor")
    assert done.returncode == NEEDS_THE_REGISTRY
    assert "tuidang[registry]" in done.stderr


def test_a_stranger_without_the_extra_is_told_to_install_it(stranger: Stranger) -> None:
    """Where nothing but the base is installed, `tuidang-verify` says what it needs."""
    done = stranger.run("tuidang-verify", "certificate.pdf")
    assert done.returncode == NEEDS_AN_EXTRA
    assert "tuidang[verify]" in done.stderr


def test_a_stranger_checks_certificates_without_django(stranger: Stranger, tmp_path: Path) -> None:
    """With the extra alone, PDF, photo and text are judged, and a forged paper is refused."""
    cases = {each.name: each for each in all_cases(tmp_path / "cases")}
    ours = Path(sysconfig.get_path("purelib"))
    (tmp_path / "extra").mkdir()
    for each in ours.iterdir():
        if re.split(r"[-.]", each.name)[0] in VERIFY:
            (tmp_path / "extra" / each.name).symlink_to(each)
    verifier = replace(
        stranger, environment={**stranger.environment, "PYTHONPATH": str(tmp_path / "extra")}
    )
    assert "ModuleNotFoundError" in verifier.run("python", "-c", "import django").stderr
    for name in ("pdf-proven", "page-photo", "code-td1", "pdf-other-face"):
        case = cases[name]
        words = ("tuidang-verify", "--bundle", str(case.bundle), str(case.path))
        done = verifier.run(*words)
        assert (done.returncode, done.stderr) == (case.exit_status, "")
        assert f"({case.expected_reason})" in done.stdout
