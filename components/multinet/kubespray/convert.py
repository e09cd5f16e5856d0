"""From an inventory's variables to an environment that validates."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from multinet.findings import Finding, errors, warnings
from multinet.kubespray import plugins
from multinet.kubespray.draft import Draft, Lost, flag, mapping, number, text
from multinet.kubespray.inventory import Inventory, NotKubespray
from multinet.kubespray.parity import BY_NAME, ROWS
from multinet.stack.load import check_config

# Variables of pod networking, also those that multinet has no row for.
_NETWORKING = re.compile(
    r"(calico|cilium|multus|typha|flannel|kube_ovn|kube_router|macvlan|cni|weave|canal)_.*"
    r"|kube_(network|pods|service|proxy)_.*|(ipv4|ipv6)_stack|nat_outgoing.*|global_as_num"
    r"|peer_with_.*|enable_dual_stack_networks|loadbalancer_apiserver"
)
_MULTUS_REPOSITORY = "k8snetworkplumbingwg/multus-cni"
_MOST_ROUNDS = 50


@dataclasses.dataclass(frozen=True)
class Converted:
    """What came out.

    Attributes:
        config: the environment, keys without the `multinet:` prefix; it validates.
        carried: variable → the key that has its value.
        lost: variables of pod networking that are not in it, or not as they were.
        others: names of variables that are not about pod networking.
        skipped: files of the inventory that were not read → why.
        warnings: findings about the environment as it is.
    """

    config: dict[str, Any]
    carried: dict[str, str]
    lost: list[Lost]
    others: list[str]
    skipped: dict[str, str]
    warnings: Sequence[Finding]


def convert(inventory: Inventory) -> Converted:
    """Convert; every variable is carried, lost with a reason, or not about pod networking.

    What Kubespray does without being told, and multinet would not, is written out, so that the
    result means the same. Raises NotKubespray where no variable is Kubespray's, or its primary
    CNI cannot be told.
    """
    if not any(name in BY_NAME or _NETWORKING.fullmatch(name) for name in inventory.given):
        raise NotKubespray("sets none of Kubespray's variables of pod networking")
    draft = Draft(inventory)
    plugins.primary(draft)
    _multus(draft)
    for given in draft.rest():
        if given.name in BY_NAME:
            row = BY_NAME[given.name]
            draft.lose(given.name, row.why or "does not apply to this primary CNI")
        elif _NETWORKING.fullmatch(given.name):
            draft.lose(given.name, "multinet has no key for it; see primaryCni.values")
    found = _until_valid(draft)
    draft.account({row.name: row.default for row in ROWS})
    others = [given.name for given in draft.rest()]
    return Converted(
        draft.config, draft.carried, draft.lost, others, inventory.skipped, warnings(found)
    )


def _multus(draft: Draft) -> None:
    # Kubespray runs the thin one only, and isolates no namespaces unless told.
    draft.put("multus.mode", "thin")
    if not draft.take("kube_network_plugin_multus", flag, False):
        draft.lose("kube_network_plugin_multus", BY_NAME["kube_network_plugin_multus"].why)
    else:
        draft.put("multus.enabled", True, "kube_network_plugin_multus")
    name = "multus_namespace_isolation"
    draft.put("multus.namespaceIsolation", draft.take(name, flag, False), name)
    for name, key, usual in (
        ("multus_cni_conf_dir_host", "multus.cniConfDir", "/etc/cni/net.d"),
        ("multus_cni_bin_dir_host", "multus.cniBinDir", "/opt/cni/bin"),
    ):
        directory = draft.take(name, text, usual)
        if draft.has(name):
            draft.put(key, directory, name)
    for name, usual in (
        ("multus_conf_file", "auto"),
        ("multus_cni_run_dir_host", "/run"),
        ("multus_kubeconfig_file_host", "/etc/cni/net.d/multus.d/multus.kubeconfig"),
    ):
        if draft.take(name, text, usual) != usual:
            draft.lose(name, BY_NAME[name].why)
    _multus_image(draft)
    server: dict[str, Any] = draft.take("loadbalancer_apiserver", mapping, {})
    if server.get("address"):
        name = "loadbalancer_apiserver"
        draft.put("multus.apiServer.host", str(server["address"]), name)
        if port := number(server.get("port")):
            draft.put("multus.apiServer.port", port, name)


def _multus_image(draft: Draft) -> None:
    mirror = draft.take("github_image_repo", text, "")
    repository = draft.take("multus_image_repo", text, "")
    tag = draft.take("multus_image_tag", text, "")
    if tag:
        full = repository or f"{mirror or 'ghcr.io'}/{_MULTUS_REPOSITORY}"
        draft.put("multus.image", f"{full}:{tag}", "multus_image_repo", "multus_image_tag")
        if mirror and not repository:
            draft.carried["github_image_repo"] = "multus.image"
    elif repository.endswith(f"/{_MULTUS_REPOSITORY}"):
        prefix = repository.removesuffix(f"/{_MULTUS_REPOSITORY}")
        draft.put("multus.registry", prefix, "multus_image_repo")
    elif repository:
        draft.lose("multus_image_repo", "has no tag beside it: set multus.image")
    elif mirror:
        draft.put("multus.registry", mirror, "github_image_repo")


def _until_valid(draft: Draft) -> list[Finding]:
    """Take out what multinet refuses, naming it, until the rest validates."""
    for _ in range(_MOST_ROUNDS):
        _, found = check_config(draft.config)
        refused = errors(found)
        if not refused:
            return found
        first = refused[0]
        path = tuple(str(step).removeprefix("multinet:") for step in first.path)
        if not draft.drop(path, f"multinet refuses it: {first.rule}"):
            break
    raise NotKubespray(f"cannot be made into a valid environment: {refused[0]}")
