"""The scripts are killed in the middle, at many points, and run again: they converge."""

from __future__ import annotations

import subprocess

import pytest

from tests.ssh.conftest import EVERYTHING, Declare, apply_script, plugins_archive
from tests.ssh.machines import Lan, Machine

pytestmark = pytest.mark.cluster

_WRAPPED = ("mkdir", "mv", "cp", "rm", "rmdir", "ip", "chmod", "systemctl", "tar", "sha256sum")
_STEP = 9

_KILLER = """\
#!/bin/sh
# The real command, and then, when the count is up, the end of the script that called it.
n=$(($(cat /run/left) - 1)); echo $n >/run/left
PATH=${PATH#/run/killers:} {command} "$@"; status=$?
[ $n -gt 0 ] || kill -9 0
exit $status
"""


def run(machine: Machine, text: str, action: str, kill_after: int = 10**6) -> int:
    """Run a script in a process group of its own; its status, -9 when it was killed."""
    machine.sh(f"echo {kill_after} >/run/left")
    path = "/run/killers:/usr/sbin:/usr/bin:/sbin:/bin"
    inside = ["nsenter", "-t", str(machine.pid), "-a", "-r", "-w", "--", "setsid", "--wait"]
    inside += ["env", f"PATH={path}", "sh", "-s", "--", action]
    ran = subprocess.run(inside, input=text, capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 137, -9), ran
    return ran.returncode


def test_killed_at_any_point_and_run_again_it_converges(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1", "eth1", "eth2")
    archive, checksum = plugins_archive(("macvlan", "bridge"))
    (lan.directory / "n1.tgz").write_bytes(archive)
    source = {"source": "archive", "archive": str(lan.directory / "n1.tgz")}
    plugins = {**source, "sha256": {"amd64": checksum}}
    stack = declare({"n1": EVERYTHING | {"cniPlugins": plugins}})
    text = apply_script(stack, "n1").replace(
        f"/var/tmp/multinet-{checksum[:16]}.tgz", str(lan.directory / "n1.tgz")
    )
    assert str(lan.directory) in text
    text = text.replace(f"rm -f {lan.directory}/n1.tgz", ":")
    machine.sh("echo before >/etc/sysctl.d/90-multinet.conf; mkdir /run/killers")
    for command in _WRAPPED:
        real = machine.sh(f"PATH=$PATH:/usr/sbin:/sbin command -v {command}").strip()
        body = _KILLER.replace("{command}", real)
        machine.run(
            "sh", "-c", f"cat >/run/killers/{command}; chmod 755 /run/killers/{command}", stdin=body
        )
    machine.sh("echo 1000000 >/run/left")
    before = machine.snapshot()
    before.pop("run")
    assert run(machine, text, "apply") == 0
    wanted = machine.snapshot()
    wanted.pop("run")
    assert run(machine, text, "undo") == 0

    points = 0
    for action in ("apply", "undo"):
        after = 1
        while True:
            if action == "undo":
                assert run(machine, text, "apply") == 0
            killed = run(machine, text, action, after) != 0
            assert run(machine, text, action) == 0
            seen = machine.snapshot()
            seen.pop("run")
            if action == "apply":
                assert _without_journal(seen) == _without_journal(wanted), f"killed after {after}"
                assert run(machine, text, "undo") == 0
                seen = machine.snapshot()
                seen.pop("run")
            assert seen == before, f"{action} killed after {after} commands"
            if not killed:
                break
            points, after = points + 1, after + _STEP
    assert points > 20, f"only {points} points were tried"


def _without_journal(snapshot: dict[str, object]) -> dict[str, object]:
    """The journal's numbers tell in how many runs it was written; nothing else may."""
    files = snapshot["files"]
    assert isinstance(files, list)
    return {**snapshot, "files": [f for f in files if "/var/lib/multinet/journal" not in f]}
