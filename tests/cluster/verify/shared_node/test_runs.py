"""Runs of `multinet verify` that are interrupted or killed, or reach no cluster."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cluster.verifying import (
    Environment,
    bridge,
    environment,
    wait_until,
)

pytestmark = pytest.mark.cluster


def started(dev: Environment) -> subprocess.Popen[str]:
    """A run with pods that run, and that cannot end: one of them waits for a device."""
    lan = {"config": bridge(13)}
    device = {"config": {"cniVersion": "1.0.0", "type": "sriov"}, "resourceName": "intel.com/vf"}
    file = dev.declare("held", {"lan": lan, "device": device})
    running = subprocess.Popen(
        dev.command(file, "--timeout", "600"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: " Running " in dev.pods_left() or running.poll() is not None)
    assert running.poll() is None, running.communicate()
    return running


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_takes_its_pods_away(dev: Environment, sent: signal.Signals) -> None:
    running = started(dev)
    try:
        running.send_signal(sent)
        # Impatience does not keep it from cleaning up.
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=180)
    finally:
        running.kill()
        running.wait()
        dev.drop("lan", "device")
    assert running.returncode == 130
    assert "removing the pods" in told
    assert "Traceback" not in told
    # Deleted they are; the node may still be taking them off. They would run for twenty minutes.
    wait_until(lambda: dev.pods_left() == "")


def fits_80_columns(ran: subprocess.CompletedProcess[str]) -> None:
    """The table, piped: one line for each row, without colours, and not too wide."""
    lines = ran.stdout.splitlines()
    header = next(line for line in lines if "reaches" in line)
    rows = [line for line in lines if "192.168.1.2" in line and line.rstrip().endswith("ok")]
    assert len(rows) == 2
    assert max(len(line.rstrip()) for line in (header, *rows)) <= 80
    assert "\x1b" not in ran.stdout + ran.stderr
    assert lines[-1].startswith("1 network in ")


def test_what_a_killed_run_left_is_removed_by_the_next(dev: Environment) -> None:
    running = started(dev)
    running.kill()
    running.communicate()
    dev.drop("lan", "device")
    left = dev.pods_left().split()[1]
    ran = dev.verify(dev.file)
    assert ran.returncode == 0, ran.stdout
    assert "of an earlier run" in ran.stderr
    wait_until(lambda: left not in dev.pods_left())
    fits_80_columns(ran)


def test_a_cluster_that_cannot_be_reached_is_told_in_one_line(
    dev: Environment, tmp_path: Path
) -> None:
    broken = json.loads(dev.cluster.kubectl("config", "view", "--raw", "-o", "json"))
    broken["users"][0]["user"] = {"token": "s3cr3t-t0ken"}
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(broken))
    refused = dev.verify(dev.file, "--kubeconfig", str(file))
    assert refused.returncode == 3
    assert "credentials" in refused.stderr
    broken["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    file.write_text(json.dumps(broken))
    nobody = dev.verify(dev.file, "--kubeconfig", str(file))
    assert nobody.returncode == 3
    assert nobody.stderr == "error: no connection to https://127.0.0.1:1: Connection refused\n"
    for ran in (refused, nobody):
        assert "s3cr3t" not in ran.stdout + ran.stderr
        assert len(ran.stderr.splitlines()) == 1
