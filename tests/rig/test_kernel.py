"""What the kernel has run out of is seen, and told where a start fails over it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rig import ControlPlane
from rig.cluster import control_plane

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")

# As it is at fs.inotify.max_user_instances, by a limit that only this process has.
_AT_ITS_END = """
import resource
from rig.node.kernel import inotify_left
print(inotify_left(), inotify_left(3))
resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))
print(inotify_left(2), inotify_left(3), inotify_left(2))
"""


def test_inotify_instances_that_are_used_up_are_seen(project: Path) -> None:
    argv = [sys.executable, "-c", _AT_ITS_END]
    ran = subprocess.run(argv, cwd=project, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "True", "True", "False", "True"]


@pytest.mark.parametrize("left", [True, False])
def test_a_start_that_failed_without_them_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, left: bool
) -> None:
    monkeypatch.setenv("MULTINET_STATE", str(tmp_path))
    monkeypatch.setattr(control_plane, "can_run", lambda **_: ["nothing runs here"])
    monkeypatch.setattr(control_plane, "inotify_left", lambda: left)
    with pytest.raises(Exception, match="nothing runs here") as failed:
        ControlPlane("one").up()
    notes = "\n".join(getattr(failed.value, "__notes__", []))
    assert ("fs.inotify.max_user_instances" in notes) is not left
