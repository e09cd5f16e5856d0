"""The script that runs whereabouts' reconciler, with a stand-in that speaks the program's words."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from multinet.addons.whereabouts import pods
from tests.waiting import at_last

SHELLS = [shell for shell in ("dash", "busybox") if shutil.which(shell)]
PATIENCE = 20.0
SCHEDULE = "17 * * * *"
# What whereabouts v0.9.4 says: pkg/reconciler, pkg/logging.
STAMP = "2026-01-02T03:04:05Z"
STARTED = f"{STAMP} [verbose] using expression: * * * * *"
WENT_WELL = f"{STAMP} [verbose] reconciler run succeeded"
FAILED = f"{STAMP} [verbose] reconciler run failed: ippools is forbidden"
STARTING = f"{STAMP} [debug] Re-fetching Pending Pod: default/web-0 IP-to-match: 10.0.0.1"


class Reconciler:
    """The script, and a program of which each start says the next text."""

    def __init__(self, directory: Path, shell: str) -> None:
        self.directory = directory
        self.cron = directory / "cron"
        self.cron.mkdir()
        (directory / "reconcile.sh").write_text(pods.script(pods.RECONCILE_SCRIPT))
        self._shell = ["busybox", "sh"] if shell == "busybox" else [shell]
        self.process: subprocess.Popen[str] | None = None

    def start(self, *said: str, then: str = "exec sleep 600", most: int = 60) -> None:
        """`said`: a line for each start, the last one for all after it."""
        for i, line in enumerate(said):
            (self.directory / f"says-{i}").write_text(line + "\n")
        program = self.directory / "program"
        program.write_text(
            f"""#!/bin/sh
            cd {self.directory}
            n=$(cat starts 2>/dev/null || echo 0)
            echo $((n + 1)) >starts
            [ -e says-$n ] || n={len(said) - 1}
            cat cron/config >>schedules; echo >>schedules
            cat says-$n >&2
            [ ! -e says-$((n + 1)) ] || exec sleep 600
            {then}
            """
        )
        program.chmod(0o755)
        environment = {
            **os.environ,
            "MULTINET_CRON_DIR": str(self.cron),
            "MULTINET_OWN_DIR": str(self.directory / "own"),
            "MULTINET_RECONCILER": str(program),
            "MULTINET_MOST_WAITS": str(most),
        }
        with (self.directory / "log").open("w") as log:
            self.process = subprocess.Popen(
                [*self._shell, str(self.directory / "reconcile.sh"), SCHEDULE],
                env=environment,
                stderr=log,
                stdout=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )

    @property
    def schedule(self) -> str:
        return (self.cron / "config").read_text()

    @property
    def said(self) -> str:
        return (self.directory / "log").read_text()

    @property
    def starts(self) -> int:
        return int((self.directory / "starts").read_text())

    def ready(self) -> bool:
        return (self.directory / "own" / "ready").exists()


@pytest.fixture(params=SHELLS)
def reconciler(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reconciler]:
    made = Reconciler(tmp_path, request.param)
    yield made
    if made.process is not None:
        if made.process.poll() is None:
            os.killpg(made.process.pid, signal.SIGKILL)
        made.process.wait()


def soon(condition: Callable[[], bool]) -> bool:
    return at_last(condition, PATIENCE)


def test_it_runs_at_once_and_then_by_the_schedule(reconciler: Reconciler) -> None:
    reconciler.start(WENT_WELL)

    assert soon(lambda: "a run went well" in reconciler.said), reconciler.said
    assert soon(lambda: reconciler.schedule == SCHEDULE)
    assert (reconciler.directory / "schedules").read_text() == "* * * * *\n"
    # The program looks again when this appears; its content is of no account.
    assert (reconciler.cron / "..data").exists()


def test_it_is_ready_when_it_has_started_not_when_its_first_run_is_over(
    reconciler: Reconciler,
) -> None:
    """An `up` would wait for it up to a minute, and there is nothing to free yet."""
    reconciler.start(STARTED)

    assert soon(reconciler.ready), reconciler.said


def test_while_it_fails_it_is_tried_every_minute_and_is_not_ready(reconciler: Reconciler) -> None:
    reconciler.start(f"{STARTED}\n{FAILED}")

    assert soon(lambda: "a run failed: ippools is forbidden" in reconciler.said), reconciler.said
    assert soon(lambda: not reconciler.ready())
    assert reconciler.schedule == "* * * * *"


def test_a_pod_that_is_being_started_keeps_its_address(reconciler: Reconciler) -> None:
    """The program would free it a second later: it is ended first, and the next run goes well."""
    reconciler.start(STARTING, WENT_WELL)

    assert soon(reconciler.ready), reconciler.said
    assert "ended before it freed anything: default/web-0 is being started" in reconciler.said
    assert reconciler.starts == 2


def test_a_pod_that_never_starts_does_not_keep_it_from_running_for_ever(
    reconciler: Reconciler,
) -> None:
    reconciler.start(STARTING, STARTING, f"{STARTING}\n{WENT_WELL}", most=2)

    assert soon(reconciler.ready), reconciler.said
    assert reconciler.said.count("ended before it freed anything") == 2


def test_a_program_that_ends_ends_the_container(reconciler: Reconciler) -> None:
    reconciler.start(WENT_WELL, then="exit 4")

    assert reconciler.process is not None
    assert reconciler.process.wait(timeout=PATIENCE) == 1
    assert "ip-reconciler has ended with status 4" in reconciler.said


def test_asked_to_end_it_ends_and_the_program_with_it(reconciler: Reconciler) -> None:
    reconciler.start(WENT_WELL)
    assert soon(reconciler.ready)
    assert reconciler.process is not None

    reconciler.process.send_signal(signal.SIGTERM)

    assert reconciler.process.wait(timeout=PATIENCE) == 0
