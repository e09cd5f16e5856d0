"""The cache: keys that tell everything apart, entries that are complete or absent."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from rig.parts.store import digest, digest_of_files, fresh_directory, locked, tail


def test_pieces_are_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") != digest("a", "")
    assert digest("a") == digest(b"a")


def test_a_key_changes_with_name_content_and_flags(tmp_path: Path) -> None:
    one = tmp_path / "go.mod"
    one.write_text("module x")
    before = digest_of_files([one], "-s -w")
    assert digest_of_files([one], "-s") != before
    renamed = one.rename(tmp_path / "go.sum")
    assert digest_of_files([renamed], "-s -w") != before
    renamed.write_text("module y")
    assert digest_of_files([renamed], "-s -w") != before


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with fresh_directory(tmp_path / "entry") as work:
            (work / "half").touch()
            raise RuntimeError("the compiler was killed")

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_second_builder_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with locked(tmp_path / "entry"):
            order.append("second")

    with locked(tmp_path / "entry"):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.2)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_the_tail_of_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert tail(tmp_path / "none.log") == ""
    (tmp_path / "some.log").write_text("1\n2\n3\n")
    assert tail(tmp_path / "some.log", 2) == "2\n3"
