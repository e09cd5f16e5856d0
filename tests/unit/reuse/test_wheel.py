"""The wheel: what is in it, and that it works where nothing of the checkout is."""

from __future__ import annotations

import email
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import multinet

PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


def _python(*arguments: str, **kwargs: object) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, **kwargs
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Path:
    """Built as a user would, but without a network: the build's own needs are installed."""
    to = tmp_path_factory.mktemp("wheel")
    offline = ("--no-deps", "--no-build-isolation", "--no-index")
    _python(*PIP, "wheel", *offline, "--wheel-dir", str(to), str(project))
    (made,) = to.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_package_is_in_it(names: set[str], project: Path) -> None:
    root = project / "components"
    ours = {
        str(path.relative_to(root))
        for path in (root / "multinet").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == ours


def test_it_is_typed_and_has_the_nodes_and_multus_s_scripts(names: set[str]) -> None:
    assert "multinet/py.typed" in names
    scripts = {name for name in names if name.endswith(".sh")}
    assert {"multinet/nodes/scripts/apply.sh", "multinet/multus/scripts/daemon.sh"} <= scripts


def test_its_metadata_is_the_project_s(wheel: Path, project: Path) -> None:
    wanted = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    with zipfile.ZipFile(wheel) as archive:
        info = f"multinet-{multinet.__version__}.dist-info"
        metadata = email.message_from_bytes(archive.read(f"{info}/METADATA"))
        entries = archive.read(f"{info}/entry_points.txt").decode()
    assert metadata["Name"] == "multinet"
    assert metadata["Version"] == multinet.__version__
    assert metadata["Requires-Python"] == wanted["requires-python"]
    needed = [x for x in metadata.get_all("Requires-Dist", []) if "extra ==" not in x]
    assert {_name(n) for n in needed} == {_name(d) for d in wanted["dependencies"]}
    assert "multinet = multinet.cli:main" in entries


def _name(requirement: str) -> str:
    """Of the project that is required, as registries spell it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\s\[]", requirement)[0]).lower()


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in a directory of its own; what it depends on is where the tests have it."""
    to = tmp_path_factory.mktemp("installed")
    _python(*PIP, "install", "--no-deps", "--no-index", "--target", str(to), str(wheel))
    return to


def _run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(installed), "NO_COLOR": "1", "COLUMNS": "80"}
    command = [str(installed / "bin" / "multinet"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=environment
    )


def test_its_command_validates_an_environment(
    installed: Path, project: Path, tmp_path: Path
) -> None:
    told = _run(installed, "--help", cwd=tmp_path)
    assert told.returncode == 0
    assert "validate" in told.stdout
    file = project / "Pulumi.dev.yaml"
    told = _run(installed, "validate", "-f", str(file), cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "valid (calico and 1 network)" in told.stdout + told.stderr


def test_its_command_renders_with_the_scripts_of_the_wheel(
    installed: Path, project: Path, tmp_path: Path
) -> None:
    where = ("-s", "edge", "-C", str(project), "-o", str(tmp_path / "out"))
    told = _run(installed, "render", *where, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "out" / "summary.md").is_file()


def test_it_is_the_wheel_s_package_that_runs(installed: Path, tmp_path: Path) -> None:
    says = "import multinet.multus.component as c; print(c.__file__)"
    environment = os.environ | {"PYTHONPATH": str(installed)}
    file = _python("-c", says, cwd=tmp_path, env=environment).strip()
    assert Path(file).is_relative_to(installed)
