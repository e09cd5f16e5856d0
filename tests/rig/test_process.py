"""Only the process that was started is ever killed."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rig.node import process
from rig.node.process import ProcessId

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "1000"]) as process:
        yield process
        process.kill()


def test_a_recorded_process_is_known_again(sleeper: subprocess.Popen[bytes]) -> None:
    known = ProcessId.of(sleeper.pid)
    assert ProcessId.from_json(json.loads(json.dumps(known.to_json()))) == known
    assert known.alive()


@pytest.mark.parametrize("changed", [{"started": 1}, {"boot": "another"}])
def test_another_process_with_the_same_id_is_left_alone(
    sleeper: subprocess.Popen[bytes], changed: dict[str, object]
) -> None:
    other = dataclasses.replace(ProcessId.of(sleeper.pid), **changed)  # type: ignore[arg-type]
    assert not other.alive()
    assert other.kill(), "what is not there counts as gone"
    assert sleeper.poll() is None, "an unrelated process was killed"


def test_a_killed_process_is_gone_even_before_it_is_reaped(
    sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ProcessId.of(sleeper.pid)
    monkeypatch.setattr(process, "_REAPED_WITHIN", 0.1)
    assert known.kill(timeout=10)
    assert not known.alive()
    assert Path(f"/proc/{sleeper.pid}").exists(), "still a zombie: nobody has waited for it"


def test_a_process_that_never_was_cannot_be_recorded() -> None:
    with pytest.raises(ProcessLookupError):
        ProcessId.of(2**22 + 1)


def test_a_command_name_with_parentheses_does_not_confuse() -> None:
    script = "import ctypes,time; ctypes.CDLL(None).prctl(15, b'a) R 1 (b'); print(flush=True); time.sleep(1000)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        known = ProcessId.of(process.pid)
        assert known.alive()
        assert known.started > 1000
        process.kill()
