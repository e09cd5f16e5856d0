"""A change of a link that cuts its own connection is taken back by itself."""

from __future__ import annotations

import time

import pytest

from multinet.preflight.ssh import SshSession
from tests.ssh.conftest import Declare, apply_script
from tests.ssh.machines import Lan

pytestmark = pytest.mark.cluster


_CUTTING = """\
#!/bin/sh
# With an MTU of 1400 the way back is gone, as behind a switch that drops what it does not know.
REAL "$@" || exit
case "$*" in
*'mtu 1400'*) REAL route add unreachable 10.99.0.1/32 ;;
*'mtu 1500'*) REAL route del unreachable 10.99.0.1/32 ;;
esac
"""


@pytest.mark.parametrize("patience", [3, 60], ids=["by the watchdog", "by the script"])
def test_a_change_that_cuts_the_connection_is_taken_back(
    lan: Lan, declare: Declare, patience: int
) -> None:
    machine = lan.add("n1")
    real = machine.sh("readlink -f $(PATH=/usr/sbin:/sbin:/usr/bin:/bin command -v ip)").strip()
    machine.run(
        "sh",
        "-c",
        "cat >/usr/local/sbin/cutting; chmod 755 /usr/local/sbin/cutting",
        stdin=_CUTTING.replace("REAL", "/usr/local/sbin/ip-real"),
    )
    machine.sh(f"cp {real} /usr/local/sbin/ip-real")
    before = machine.snapshot()
    stack = declare({"n1": {"links": {"eth0": {"mtu": 1400, "change": True}}}})
    text = apply_script(stack, "n1").replace("${PATIENCE:-20}", f"${{PATIENCE:-{patience}}}")
    text = text.replace("mtu) ip link", "mtu) /usr/local/sbin/cutting link")
    started = time.monotonic()
    with SshSession(stack.nodes) as session:
        ran = session.change("n1", text, "apply", seconds=60)
        assert ran.status == 1, ran
        assert "taken back" in ran.stderr
        assert time.monotonic() - started < 40
        assert "mtu 1500" in machine.sh("ip link show dev eth0")
        assert session.change("n1", text, "undo").status == 0
    assert machine.snapshot() == before


def test_a_script_that_dies_with_its_connection_is_taken_back(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    stack = declare({"n1": {"links": {"eth0": {"mtu": 1400, "change": True}}}})
    text = apply_script(stack, "n1").replace("${PATIENCE:-20}", "${PATIENCE:-3}")
    text = text.replace("until sleep 1 && answered", "kill -9 $$; until sleep 1 && answered")
    with SshSession(stack.nodes) as session:
        assert session.change("n1", text, "apply").status != 0
        assert "mtu 1400" in machine.sh("ip link show dev eth0")
        time.sleep(4)
    assert "mtu 1500" in machine.sh("ip link show dev eth0")


def test_a_change_that_the_connection_survives_stays(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    stack = declare({"n1": {"links": {"eth0": {"mtu": 1400, "change": True}}}})
    text = apply_script(stack, "n1").replace("${PATIENCE:-20}", "${PATIENCE:-3}")
    with SshSession(stack.nodes) as session:
        ran = session.change("n1", text, "apply")
        assert ran.status == 0, ran
        time.sleep(4)
        assert "mtu 1400" in machine.sh("ip link show dev eth0")
        assert session.change("n1", text, "apply").stdout.endswith("0 changes\n")
        assert session.change("n1", text, "undo").status == 0
    assert "mtu 1500" in machine.sh("ip link show dev eth0")
