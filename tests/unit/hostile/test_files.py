"""Files that would take all memory, all time or the terminal: read by the real command, within limits."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from multinet.untrusted import bounded_yaml
from tests.unit.hostile.budget import LONG, count
from tests.unit.hostile.checked import is_clean
from tests.unit.hostile.nasty_files import ALL

ROOT = Path(__file__).resolve().parents[3]
MEMORY = 2**30
"""Bytes of address space that a command gets."""
SECONDS = 120.0
"""On a slow and busy machine; where it matters, each takes a second or two."""


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def multinet(
    *arguments: str, check: int = 2, stdin: bytes = b"", before: tuple[str, ...] = ()
) -> str:
    """What the command prints; it ends by itself, with `check`, and without a traceback."""
    command = [*before, sys.executable, "-c", "from multinet.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "components"), "NO_COLOR": "1"}
    ran = subprocess.run(
        command,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        env=environment,
        preexec_fn=limited,
        input=stdin,
    )
    said = (ran.stdout + ran.stderr).decode("utf-8")
    assert "Traceback" not in said, said[-3000:]
    assert "Warning:" not in said, said[-3000:]
    assert ran.returncode == check, said[-3000:]
    assert is_clean(said), "control characters reach the terminal"
    return said


_SEVERAL = """
import json, resource, sys
from pathlib import Path
from multinet.stack import load
for name in sys.argv[1:]:
    found = load(Path(name))
    print(json.dumps([found.settings is None, [f.as_dict() for f in found.findings[:200]]]))
    print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss), flush=True)
"""


def test_each_is_refused_by_its_code_in_one_gigabyte(tmp_path: Path) -> None:
    """All of them one after the other in one process, which may keep nothing of any."""
    files = []
    for i, (_, content) in enumerate(ALL.values()):
        (file := tmp_path / f"{i}.yaml").write_bytes(content())
        files.append(str(file))
    count("nasty files", len(files))
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", _SEVERAL, *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS * (20 if LONG else 1),
        env={**os.environ, "PYTHONPATH": str(ROOT / "components")},
        preexec_fn=limited,
        cwd=tmp_path,
    )
    answers = ran.stdout.splitlines()[::2]
    assert ran.returncode == 0, f"after {len(answers)} files: {ran.stderr[-2000:]}"
    for (what, (code, _)), answer in zip(ALL.items(), answers, strict=True):
        refused, findings = json.loads(answer)
        assert refused, what
        assert code in {f["code"] for f in findings}, (what, findings[:3])
        assert all(is_clean(text) for f in findings for text in map(str, f.values())), what
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "what",
    [
        "50 MB of networks",
        "a merge of itself",
        "a title for the terminal",
        "half a character as name",
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["told", "json"])
def test_the_command_says_so_and_exits_2(what: str, form: tuple[str, ...], tmp_path: Path) -> None:
    code, content = ALL[what]
    count("nasty files")
    (file := tmp_path / "nasty.yaml").write_bytes(content())
    said = multinet("validate", "-f", str(file), *form)
    assert code in said
    assert "\x1b" not in said


@pytest.fixture
def odd(tmp_path: Path) -> dict[str, Path]:
    """Things that have a name but are no files with an end."""
    places = {name: tmp_path / name for name in ("fifo", "loop", "nowhere", "zero", "directory")}
    os.mkfifo(places["fifo"])
    places["loop"].symlink_to(places["loop"])
    places["nowhere"].symlink_to(tmp_path / "gone")
    places["zero"].symlink_to("/dev/zero")
    places["directory"].mkdir()
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(2**40)
    return {**places, "sparse": sparse, "random": Path("/dev/urandom"), "null": Path("/dev/null")}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        *(("zero", "file-not-readable"), ("random", "file-not-readable")),
        *(("null", "file-not-readable"), ("directory", "file-not-readable")),
        *(("loop", "file-not-readable"), ("nowhere", "file-not-readable")),
        ("sparse", "file-too-large"),
    ],
)
def test_what_is_no_file_is_refused(kind: str, code: str, odd: dict[str, Path]) -> None:
    count("nasty files")
    assert code in multinet("validate", "-f", str(odd[kind]))


def test_a_pipe_that_nobody_writes_to_ends(
    odd: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    count("nasty files")
    monkeypatch.setattr(bounded_yaml, "PIPE_SECONDS", 0.3)
    with pytest.raises(bounded_yaml.NotAFile, match="pipe"):
        bounded_yaml.read_bytes(odd["fifo"])


def test_a_pipe_is_read_to_its_end_and_no_further_than_the_limit(odd: dict[str, Path]) -> None:
    count("nasty files", 2)

    def feed(content: bytes) -> threading.Thread:
        def write() -> None:
            with contextlib.suppress(BrokenPipeError):
                odd["fifo"].write_bytes(content)

        thread = threading.Thread(target=write)
        thread.start()
        return thread

    writer = feed(b"config: {}\n" * 10_000)
    assert bounded_yaml.read_bytes(odd["fifo"]) == b"config: {}\n" * 10_000
    writer.join()
    writer = feed(b"x" * (bounded_yaml.MAX_BYTES + 2**21))
    with pytest.raises(bounded_yaml.TooMuch):
        bounded_yaml.read_bytes(odd["fifo"])
    writer.join()


def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    count("nasty files")
    (file := tmp_path / "closed.yaml").write_text("config: {}")
    file.chmod(0)
    if os.geteuid() != 0:
        assert "Permission denied" in multinet("validate", "-f", str(file))
        return
    if shutil.which("setpriv") is None:
        pytest.skip("root reads everything, and setpriv is not here")
    # Root may read everything; without its capabilities it is a user like any other.
    for command in (("validate", "-f"), ("import-kubespray", "-o", str(tmp_path / "out.yaml"))):
        said = multinet(*command, str(file), before=("setpriv", "--bounding-set", "-all"))
        assert "Permission denied" in said


def test_a_checked_pipe_is_what_is_rendered(tmp_path: Path) -> None:
    """It can be read once only: checked and rendered have to be the same."""
    count("nasty files")
    content = (
        b"config: {multinet:primaryCni: {plugin: existing, confFile: 10-x.conflist},"
        b" multinet:networks: {piped: {config: {cniVersion: 1.0.0, type: own}}}}"
    )
    out = str(tmp_path / "out")
    multinet("render", "-f", "/dev/stdin", "-C", str(ROOT), "-o", out, check=0, stdin=content)
    assert "piped" in (tmp_path / "out" / "summary.md").read_text()


def test_a_file_with_a_hostile_name_is_named_harmlessly(tmp_path: Path) -> None:
    count("nasty files")
    (file := tmp_path / "a\x1b[31m`b`[red]\n.yaml").write_text("config: {x: 1}")
    said = multinet("validate", "-f", str(file))
    assert "\\x1b[31m`b`[red]\\n.yaml" in said


def test_a_terminal_that_knows_ascii_only_gets_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count("nasty files")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    (file := tmp_path / "x.yaml").write_text('config: {"multinet:é": "' + "x" * 200 + '"}')
    assert "unknown-key" in multinet("validate", "-f", str(file))
