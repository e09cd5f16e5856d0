"""Deploys by Pulumi's own engine, through its Automation API, with state on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from pulumi import automation
from ruamel.yaml import YAML

from rig.demo.environment import PROJECT_DIR, STACK

NEEDED = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-resource-kubernetes",
    "pulumi-resource-command",
)
"""Commands that must be on PATH: the engine, its Python language host, and the two plugins."""


WITHOUT_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""Of the environment: a backend of files is otherwise given the whole state after every step."""


_HIDES = "PULUMI_IGNORE_AMBIENT_PLUGINS"


def lacking() -> list[str]:
    """Why the engine cannot run here, one sentence each; empty where it can."""
    found = [f"{name} is not on PATH" for name in NEEDED if shutil.which(name) is None]
    # As the engine reads it: Go's words for true.
    if os.environ.get(_HIDES, "").lower() in ("1", "t", "true"):
        found.append(f"{_HIDES} is set: the engine does not look for plugins on PATH")
    return found


def workspace(directory: Path) -> Path:
    """Make a project directory that runs the checkout's program, apart from the checkout.

    State, stack file and encryption salt stay in `directory`; the program and the virtual
    environment are the checkout's.
    """
    project = directory / "project"
    project.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    document = yaml.load((PROJECT_DIR / "Pulumi.yaml").read_text(encoding="utf-8"))
    document["runtime"]["options"]["virtualenv"] = str(PROJECT_DIR / ".venv")
    with (project / "Pulumi.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(document, file)
    program = project / "__main__.py"
    program.unlink(missing_ok=True)
    program.symlink_to(PROJECT_DIR / "__main__.py")
    return project


def stack(
    project: Path, kubeconfig: Path, name: str = STACK, *, checkpoints: bool = True
) -> automation.Stack:
    """The stack in `project` whose cluster is `kubeconfig`'s; its stack file is there already.

    Without `checkpoints` the state is written at the end alone instead of after every step.
    """
    state = project.parent / "state"
    state.mkdir(exist_ok=True)
    environment = {
        "KUBECONFIG": str(kubeconfig),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",  # the demo has no secrets
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(project.parent / "home"),
        "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
    }
    if not checkpoints:
        environment |= WITHOUT_CHECKPOINTS
    options = automation.LocalWorkspaceOptions(env_vars=environment)
    return automation.create_or_select_stack(name, work_dir=str(project), opts=options)


def up(target: automation.Stack, on_output: Callable[[str], None]) -> dict[str, int]:
    """`pulumi up`; returns how many resources were created, updated, the same …"""
    result = target.up(on_output=on_output, color="never", suppress_progress=True)
    changes = result.summary.resource_changes or {}
    return {str(operation): count for operation, count in changes.items()}
