"""Kubespray's multus role on the rig's node, where a checkout and Ansible are at hand.

MULTINET_KUBESPRAY names the checkout, and PATH has an ansible-playbook of the release that it
asks for (its requirements.txt). Ansible runs in the node's namespaces, as on a control plane node
with a local connection: what it writes stays in the node. Only this role and what it depends on
is run: no facts are gathered, nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import rig
from multinet.stack import stackfile
from rig.cluster.addresses import NODE_NAME
from rig.demo.environment import PROJECT_DIR
from rig.images import MULTUS_REPOSITORY

VARIABLE = "MULTINET_KUBESPRAY"
ROLE = "network_plugin/multus"
NETWORK = "macvlan-conf"

_CONFIG_DIR = "/etc/kubernetes"  # Kubespray's kube_config_dir
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_SECONDS = 600.0


def lacking() -> list[str]:
    """Why this way cannot run here; empty where it can."""
    reasons = []
    given = os.environ.get(VARIABLE)
    if not given:
        reasons.append(f"{VARIABLE} names no checkout of Kubespray")
    elif not (Path(given) / "roles" / ROLE).is_dir():
        reasons.append(f"{VARIABLE}: {given} has no roles/{ROLE}")
    if shutil.which("ansible-playbook") is None:
        reasons.append("ansible-playbook is not on PATH")
    return reasons


def release() -> str:
    """Which Kubespray the checkout holds, as git says; empty where it cannot say."""
    where = os.environ.get(VARIABLE, ".")
    ask = ["git", "-C", where, "describe", "--tags", "--always"]
    return subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()


class Kubespray:
    """The role, until its DaemonSet is rolled out, and the dev environment's network."""

    def __init__(self, cluster: rig.Cluster, scratch: Path) -> None:
        """`scratch` is seen at the same path from the node: in the rig's state directory."""
        self._cluster = cluster
        self._checkout = Path(os.environ[VARIABLE]).resolve()
        self._play = scratch / "play.yml"
        self._inventory = scratch / "inventory.yml"
        self._scratch = scratch
        plugins = _archive(scratch / "cni-plugins.tgz")
        kubectl = Path(cluster.kubectl_command()[0][0])
        # JSON is YAML.
        self._play.write_text(json.dumps(play()))
        self._inventory.write_text(json.dumps(inventory(kubectl.parent, plugins)))
        cluster.node_run(["mkdir", "-p", _CONFIG_DIR])

    def up(self) -> str:
        recap = self._ansible()
        self._cluster.kubectl("apply", "-f", "-", input=json.dumps(_network()))
        multus = ("daemonset", "-n", "kube-system", "-l", "app=multus")
        # The role itself does not wait.
        self._cluster.kubectl("rollout", "status", *multus, f"--timeout={_SECONDS:.0f}s")
        return f"{recap} changed"

    def down(self) -> None:
        """Kubespray has no way back: its manifests are deleted, which it left on the node.

        With its DaemonSet alone deleted, the node is left the same, but the token in the credential
        there, which was its pod's, stays valid for a minute: pods start until then.
        """
        given = self._kubectl_environment()
        delete = "kubectl delete --ignore-not-found --wait --cascade=foreground -f"
        script = f"for file in {_CONFIG_DIR}/multus-*.yml; do {delete} $file; done"
        self._cluster.node_run(["env", *given, "sh", "-ec", script], timeout=_SECONDS)

    def _ansible(self) -> str:
        """Run the play; how many tasks say that they changed something."""
        playbook = shutil.which("ansible-playbook")
        assert playbook is not None, "asked before: lacking()"
        environment = [
            *self._kubectl_environment(),
            f"ANSIBLE_CONFIG={self._checkout / 'ansible.cfg'}",
            f"ANSIBLE_HOME={self._scratch / 'ansible'}",
            f"ANSIBLE_CACHE_PLUGIN_CONNECTION={self._scratch / 'facts'}",
            "LC_ALL=C.UTF-8",
        ]
        argv = [playbook, "--inventory", str(self._inventory), str(self._play)]
        ran = self._cluster.node_run(["env", *environment, *argv], timeout=_SECONDS)
        return changed_tasks(ran.stdout)

    def _kubectl_environment(self) -> list[str]:
        """The administrator's kubeconfig as it is in the node, and a cache that goes with it."""
        kubeconfig = self._cluster.state_dir / "pki" / "admin.kubeconfig"
        return [f"KUBECONFIG={kubeconfig}", f"KUBECACHEDIR={self._scratch / 'cache'}"]


def play() -> list[dict[str, Any]]:
    """The one role, on the one node."""
    return [{"hosts": "k8s_cluster", "gather_facts": False, "roles": [ROLE]}]


def inventory(bin_dir: Path, plugins: Path) -> dict[str, Any]:
    """The node, with what other roles of Kubespray would have set by then.

    Args:
        bin_dir: where kubectl is.
        plugins: the archive of the reference plugins, which would have been downloaded.
    """
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "bin_dir": str(bin_dir),
        "container_manager": "containerd",
        "downloads": {"cni": {"dest": str(plugins)}},
        "image_arch": _ARCHITECTURES.get(os.uname().machine, os.uname().machine),
        "kube_config_dir": _CONFIG_DIR,
        "kube_owner": "root",  # the node has no user `kube`
        "multus_image_repo": MULTUS_REPOSITORY,
        "multus_image_tag": rig.parts.version_of("multus"),  # the release that the others run
    }
    host: dict[str, Any] = {"hosts": {NODE_NAME: {}}}
    groups = {"kube_control_plane": host, "k8s_cluster": host}
    return {"all": {"children": groups, "vars": variables}}


def changed_tasks(output: str) -> str:
    """The number that Ansible's recap gives. Raises RigError where there is no recap."""
    found = re.search(rf"^{NODE_NAME}\s.*\bchanged=(\d+)", output, re.MULTILINE)
    if found is None:
        raise rig.RigError(f"Ansible said nothing of {NODE_NAME}:\n{output[-2000:]}")
    return found[1]


def _archive(to: Path) -> Path:
    """The rig's reference plugins, packed as their project packs them."""
    with tarfile.open(to, "w:gz", compresslevel=1) as tar:
        for plugin in sorted(rig.parts.ensure("cni-plugins").directory("cni-plugins").iterdir()):
            tar.add(plugin, arcname=f"./{plugin.name}")
    return to


def _network() -> dict[str, Any]:
    """The dev environment's network, as a plain object."""
    config = stackfile.read(PROJECT_DIR / "Pulumi.dev.yaml").config
    return {
        "apiVersion": "k8s.cni.cncf.io/v1",
        "kind": "NetworkAttachmentDefinition",
        "metadata": {"name": NETWORK, "namespace": "default"},
        "spec": {"config": json.dumps(config["networks"][NETWORK]["config"])},
    }
