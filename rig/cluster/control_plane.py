"""A bare API server: etcd, kube-apiserver, kube-controller-manager, in their own namespaces."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rig import parts as parts_module
from rig.cluster import components
from rig.cluster.api import Api
from rig.cluster.pki import Pki
from rig.cluster.room import OF_A_NODE, OF_AN_API_SERVER, room
from rig.cluster.start import Started, node_path, start
from rig.cluster.state import Mark, State
from rig.cluster.status import Status, of_node
from rig.cluster.waiting import start_api, wait
from rig.errors import CannotRunError, CommandError, NotRunningError, RigError
from rig.node import cgroups
from rig.node.control import Node
from rig.node.kernel import inotify_left
from rig.node.spec import LOGS
from rig.parts import CONTROL_PLANE_PARTS, Parts
from rig.parts.debian import CONTROL_PLANE_COMMANDS, ensure_packages
from rig.paths import cache_root
from rig.preflight import can_run
from rig.progress import Progress


class ControlPlane:
    """A bare API server that starts in seconds: nothing runs pods, everything else is real.

    ``name`` tells rigs apart; several may run side by side. Creating the object starts nothing.
    """

    kind = "control-plane"
    parts: tuple[str, ...] = CONTROL_PLANE_PARTS
    commands: dict[str, str] = CONTROL_PLANE_COMMANDS

    def __init__(self, name: str = "demo") -> None:
        self.name = name
        self._state = State.of(name)

    # --- its life -----------------------------------------------------------------------

    def up(self, *, progress: Progress | None = None, timeout: float = 120.0) -> bool:
        """Start it and wait until it is ready; False if it was up already.

        Builds missing parts first, which ``timeout`` (seconds, for the start alone) does not
        count. Whatever goes wrong, nothing is left behind. Raises CannotRunError, BuildError,
        ComponentDiedError, NotReadyError.
        """
        return self._up(None, progress or Progress(quiet=True), timeout)

    def down(self) -> bool:
        """Stop it and remove all of it; False if there was nothing. Safe after any accident."""
        if not self._state.directory.is_dir():
            # Without its directory nothing of it can run; an empty cgroup may have remained.
            cgroups.remove(self._state.cgroup)
            return False
        with self._state.locked():
            self._tear_down()
            self._state.remove()
        return True

    def _up(self, primary: str | None, progress: Progress, timeout: float) -> bool:
        with self._state.locked() as lock:
            if self._already_up():
                progress.note(f"rig {self.name} is up already")
                return False
            self._tear_down()
            try:
                parts = self._prepare(progress)
                instances = OF_A_NODE if self.kind == "cluster" else OF_AN_API_SERVER
                with room(instances, progress), progress.step(f"starting rig {self.name}"):
                    self._bring_up(primary, parts, lock, time.monotonic() + timeout)
            except BaseException as error:
                self._keep_logs(error, self._state)
                self._tear_down()
                self._state.remove()
                raise
        return True

    def _prepare(self, progress: Progress) -> Parts:
        missing = can_run(node=self.kind == "cluster")
        if missing:
            raise CannotRunError(missing)
        ensure_packages(self.commands, progress)
        return parts_module.ensure(*self.parts, progress=progress)

    def _bring_up(self, primary: str | None, parts: Parts, lock: int, deadline: float) -> None:
        whole = self.kind == "cluster"
        started = start(self._state, lock, parts, whole=whole, primary=primary)
        self._start_components(started, deadline)
        kubectl = str(parts.binary("kubectl"))
        self._state.set_mark(Mark(self.kind, started.port, kubectl, node_path(parts)))

    def _start_components(self, started: Started, deadline: float) -> None:
        node, api = started.node, Api(started.pki, started.port)
        start_api(node, api, deadline)
        node.start(components.CONTROLLER_MANAGER)
        wait(node, "the default service account", api.service_account_exists, deadline)

    def _keep_logs(self, error: BaseException, state: State) -> None:
        """Save the logs of a failed start, since the state directory is about to go."""
        if not inotify_left():
            error.add_note(
                "no inotify instance is left, which containerd and the kubelet need: see"
                " fs.inotify.max_user_instances, or take other rigs down"
            )
        logs = state.directory / LOGS
        if logs.is_dir():
            kept = cache_root() / "logs" / f"rig-{state.directory.name}"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(logs, kept)
            error.add_note(f"the logs are kept in {kept}")

    def _already_up(self) -> bool:
        mark = self._state.mark()
        if mark is None or not self._node(mark).alive():
            return False
        if mark.kind != self.kind:
            raise RigError(f"rig {self.name} is up as a {mark.kind}; take it down first")
        return True

    def _tear_down(self) -> None:
        for state in (*self._state.further(), self._state):
            self._end(state)
        self._state.clear()

    def _end(self, state: State) -> None:
        """End a node and everything that runs in it; its files stay."""
        first = Node(state.directory, "").first_process()
        if first is not None and not first.kill():
            raise RigError(f"process {first.pid} of rig {self.name} does not end")
        cgroups.remove(state.cgroup)

    # --- what it says of itself ---------------------------------------------------------

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig, for use on this machine; it exists while it is up."""
        return self._state.kubeconfig

    @property
    def state_dir(self) -> Path:
        """Everything of this rig on the disk."""
        return self._state.directory

    @property
    def node_pid(self) -> int:
        """The node's first process: its end is the end of everything in the node."""
        first = self._running().first_process()
        if first is None:
            raise NotRunningError(f"rig {self.name} is not up")
        return first.pid

    def status(self) -> Status:
        """State of the rig and of its components; never raises for a rig in trouble."""
        mark = self._state.mark()
        node = Node(self._state.directory, "")
        if not self._state.directory.is_dir():
            return Status(self.name, "down")
        if not node.alive():
            return Status(self.name, "dead", mark.kind if mark else None)
        try:
            found = node.status()
        except RigError:
            return Status(self.name, "dead", mark.kind if mark else None)
        for state in self._state.further():
            found |= {
                f"{state.directory.name}/{name}": seen for name, seen in of_node(state).items()
            }
        if any(component["state"] == "dead" for component in found.values()):
            health = "degraded"
        else:
            health = "up" if mark else "starting"
        kubeconfig = str(self.kubeconfig) if mark else None
        return Status(self.name, health, mark.kind if mark else None, kubeconfig, found)

    def check(self) -> None:
        """Raise ComponentDiedError, with the end of its log, if a component ended by itself."""
        self._running().check_alive()

    def logs(self, component: str) -> str:
        """The whole log of a component, or of the ``supervisor``."""
        try:
            return self._running().log(component).read_text(errors="replace")
        except FileNotFoundError:
            raise RigError(f"rig {self.name} has no log of {component!r}") from None

    # --- using it -----------------------------------------------------------------------

    def kubectl(
        self,
        *arguments: str,
        input: str | None = None,
        check: bool = True,
        timeout: float | None = 300.0,
    ) -> str:
        """Run the kubectl of the same version as the administrator; returns what it printed.

        Raises CommandError for a status other than 0, unless ``check`` is False.
        """
        ran = self.kubectl_run(*arguments, input=input, timeout=timeout)
        if check and ran.returncode != 0:
            raise CommandError(ran.args, ran.returncode, ran.stdout, ran.stderr)
        return ran.stdout

    def kubectl_run(
        self,
        *arguments: str,
        input: str | None = None,
        timeout: float | None = 300.0,
    ) -> subprocess.CompletedProcess[str]:
        """As ``kubectl``, for callers that want the status and the errors as well."""
        argv, environment = self.kubectl_command(*arguments)
        stdin: dict[str, Any] = {"stdin": subprocess.DEVNULL} if input is None else {"input": input}
        return subprocess.run(
            argv,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            **stdin,
        )

    def kubectl_command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """Command and environment of kubectl, for callers that start it themselves."""
        mark = self._mark()
        environment = {
            **os.environ,
            "KUBECONFIG": str(self.kubeconfig),
            # Its cache of the API's types goes with the rig instead of staying in the home.
            "KUBECACHEDIR": str(self._state.directory / "kubectl-cache"),
        }
        return [mark.kubectl, *arguments], environment

    def node_run(
        self, argv: list[str], *, check: bool = True, timeout: float | None = 120.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the node's namespaces, as root, e.g. ``["ip", "-j", "address"]``."""
        return self._running().run(argv, check=check, timeout=timeout)

    def lan_run(
        self, argv: list[str], *, check: bool = True, timeout: float | None = 120.0
    ) -> subprocess.CompletedProcess[str]:
        """As ``node_run``, in the network namespace of the LAN, where the gateway is."""
        return self._running().run(argv, lan=True, check=check, timeout=timeout)

    def node_command(self, *argv: str) -> tuple[list[str], dict[str, str]]:
        """Command and environment of a command in the node, for callers that start it."""
        return self._running().command(list(argv))

    # --- its components -----------------------------------------------------------------

    def stop_component(self, component: str) -> None:
        """Stop one component and leave it stopped; its end counts as wanted."""
        self._running().stop(component)

    def kill_component(self, component: str) -> None:
        """End one component without a word, as a crash would; its end counts as wanted."""
        self._running().kill(component)

    def start_component(self, component: str, timeout: float = 60.0) -> None:
        """Start a stopped or dead component and wait until it answers, where it can be asked."""
        node = self._running()
        node.start(component)
        answers = self._answers(component)
        if answers is not None:
            wait(node, component, answers, time.monotonic() + timeout)

    def restart(self, component: str, timeout: float = 60.0) -> None:
        """Stop a component, start it again and wait until it answers."""
        self.stop_component(component)
        self.start_component(component, timeout)

    def _answers(self, component: str) -> Callable[[], bool] | None:
        """How to ask a component whether it is ready; None where only its life can be seen."""
        return self._api().ready if component == components.APISERVER else None

    def _api(self) -> Api:
        return Api(Pki(self._state.directory / "pki"), self._mark().port)

    def _node(self, mark: Mark) -> Node:
        return Node(self._state.directory, mark.path)

    def _running(self) -> Node:
        return self._node(self._mark())

    def _mark(self) -> Mark:
        mark = self._state.mark()
        if mark is None:
            raise NotRunningError(f"rig {self.name} is not up; start it with `up`")
        return mark
