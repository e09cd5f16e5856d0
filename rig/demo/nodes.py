"""The node's own steps: the preflight, and what the dev environment's networks need there.

The same scripts that the engine sends over SSH, run on the throwaway node itself: it has no sshd.
"""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

from multinet.findings import Finding, errors
from multinet.nodes import script
from multinet.nodes.requirements import NodeNeeds
from multinet.nodes.settings import NodeSettings
from multinet.preflight import report
from multinet.stack import load
from multinet.stack.needs import node_needs
from rig.demo.clusters import DemoCluster
from rig.demo.environment import STACK
from rig.errors import CommandError

NODE = "the node"
_SETTINGS = NodeSettings(local=True)


@dataclasses.dataclass(frozen=True)
class NodeResult:
    """What the preflight found, what it looked for, and what was then done."""

    needs: NodeNeeds
    findings: list[Finding]
    done: str

    def lines(self) -> list[str]:
        """For people."""
        looked = [
            f"plugins {', '.join(self.needs.binaries) or 'none'}",
            f"links {', '.join(self.needs.links) or 'none'}",
            f"directories {self.needs.conf_dir} and {self.needs.bin_dir}",
        ]
        problems = [str(finding) for finding in self.findings] or ["nothing is missing"]
        return [f"preflight of {NODE}: {'; '.join(looked)}", *problems, self.done]


def check(cluster: DemoCluster, stack_file: Path) -> list[Finding]:
    """The preflight alone, as on every `up`: changes nothing; what it found."""
    needs = node_needs(NODE, _SETTINGS, load(stack_file).require())
    said = _run(cluster, script.look(NODE, _SETTINGS, needs, ""))
    return report.of(NODE, said, script.declared(_SETTINGS, needs)).findings


def prepare(cluster: DemoCluster, stack_file: Path) -> NodeResult:
    """Check the node, and if all is well bring it to what the environment needs."""
    needs = node_needs(NODE, _SETTINGS, load(stack_file).require())
    found = check(cluster, stack_file)
    if errors(found):
        return NodeResult(needs, found, "nothing was changed")
    change = script.apply(NODE, _SETTINGS, needs, f"multinet/{STACK}")
    return NodeResult(needs, found, _run(cluster, change, "apply").strip().rsplit("\n", 1)[-1])


def undo(cluster: DemoCluster, stack_file: Path) -> str:
    """Take back what `prepare` did and what Multus left; what was said."""
    needs = node_needs(NODE, _SETTINGS, load(stack_file).require())
    return _run(cluster, script.apply(NODE, _SETTINGS, needs, f"multinet/{STACK}"), "undo")


def _run(cluster: DemoCluster, text: str, *arguments: str) -> str:
    argv, environment = cluster.node_command("sh", "-s", "--", *arguments)
    ran = subprocess.run(
        argv, input=text, capture_output=True, text=True, env=environment, check=False
    )
    if ran.returncode:
        raise CommandError(argv, ran.returncode, ran.stdout, ran.stderr)
    return ran.stdout
