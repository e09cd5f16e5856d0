"""From an inventory's variables to an environment that validates."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any, Final

from multinet.findings import Finding, errors, warnings
from multinet.kubespray import plugins
from multinet.kubespray.draft import Draft, Lost
from multinet.kubespray.inventory import Inventory, NotKubespray
from multinet.kubespray.parity import BY_NAME, OF_PLUGIN, ROWS, family, plugin_of
from multinet.kubespray.rows.calico import FELIX
from multinet.kubespray.rows.row import flag, mapping, text
from multinet.names import own_key
from multinet.stack.load import check_config, until_valid

# Names that only an inventory of Kubespray has, also where it says nothing of pod networking.
_KUBESPRAYS: Final = re.compile(
    r"(kube|kubelet|kubeadm|kubeconfig|calico|cilium|multus|flannel|typha|nodelocaldns)_.*"
    r"|container_manager|containerd_static_binary|cloud_image|dns_mode|resolvconf_mode"
    r"|auto_renew_certificates|enable_nodelocaldns|etcd_deployment_type|sonobuoy_enabled"
)
_GROUPS: Final = frozenset(
    {"kube_control_plane", "kube_node", "k8s_cluster", "kube-master", "kube-node", "k8s-cluster"}
)
_MULTUS_REPOSITORY = "k8snetworkplumbingwg/multus-cni"


@dataclasses.dataclass(frozen=True)
class Converted:
    """What came out.

    Attributes:
        config: the environment, keys without the `multinet:` prefix; it validates.
        carried: variable → the key that has its value, or in parentheses where it went.
        lost: variables of pod networking that are not in it, or not as they were.
        unused: plugin → names of its variables, of primary CNIs that are not in use.
        others: names of variables that are not about pod networking.
        skipped: files of the inventory that were not read → why.
        read: files that were.
        warnings: findings about the environment as it is.
    """

    config: dict[str, Any]
    carried: dict[str, str]
    lost: list[Lost]
    unused: dict[str, list[str]]
    others: list[str]
    skipped: dict[str, str]
    read: Sequence[str]
    warnings: Sequence[Finding]


def convert(inventory: Inventory, conf_file: str = "") -> Converted:
    """Convert; every variable is carried, lost with a reason, or not about pod networking.

    What Kubespray does without being told, and multinet would not, is written out, so that the
    result means the same. conf_file: the primary's configuration file, where Kubespray does not
    tell. Raises NotKubespray where nothing is Kubespray's, or conf_file is missing.
    """
    if not (_GROUPS & inventory.declared or any(map(_is_kubesprays, inventory.given))):
        raise NotKubespray("sets none of Kubespray's variables of pod networking")
    draft = Draft(inventory)
    plugin = plugins.primary(draft, conf_file)
    for row in ROWS:
        if row.read is not None and plugin_of(row.name) in ("", plugin):
            if not row.ipv6 or plugins.has_ipv6(draft):
                draft.carry(row)
            else:
                draft.lose(row.name, "has no effect without ipv6_stack")
    if plugin in OF_PLUGIN:
        getattr(plugins, plugin)(draft)
    _multus(draft)
    plugins.api_server(draft, plugin)
    _chart_values(draft, plugin)
    unused, others = _rest(draft, plugin)
    _elsewhere(draft, inventory, plugin)
    found = until_valid(lambda: draft.config, lambda refused: _take_out(draft, refused))
    draft.account()
    for name in [name for name in others if name in draft.references.used]:
        draft.carried[name] = f"(in {draft.references.used[name]})"
        others.remove(name)
    return Converted(
        draft.config,
        draft.carried,
        draft.lost,
        unused,
        others,
        inventory.skipped,
        inventory.read,
        warnings(found),
    )


def _is_kubesprays(name: str) -> bool:
    return name in BY_NAME or _KUBESPRAYS.fullmatch(name) is not None


def _multus(draft: Draft) -> None:
    # Kubespray runs the thin one only.
    draft.put("multus.mode", "thin")
    name = "kube_network_plugin_multus"
    if draft.get(name, flag):
        draft.put("multus.enabled", True, name)
    else:
        draft.lose(name, BY_NAME[name].why)
    mirror = draft.get("github_image_repo", text) if draft.has("github_image_repo") else None
    own = "multus_image_repo"
    repository = draft.get(own, text) if draft.has(own) else None
    tag = draft.get("multus_image_tag", text) if draft.has("multus_image_tag") else None
    if tag:
        full = repository or f"{mirror or 'ghcr.io'}/{_MULTUS_REPOSITORY}"
        also = () if repository else ("github_image_repo",)
        draft.put("multus.image", f"{full}:{tag}", own, "multus_image_tag", *also)
    elif repository and repository.endswith(f"/{_MULTUS_REPOSITORY}"):
        prefix = repository.removesuffix(f"/{_MULTUS_REPOSITORY}")
        draft.put("multus.registry", prefix, own)
    elif repository:
        draft.lose(own, "has no tag beside it: set multus.image")
    elif mirror and mirror != "ghcr.io":
        draft.put("multus.registry", mirror, "github_image_repo")


def _chart_values(draft: Draft, plugin: str) -> None:
    """Values that others need beside them; cilium_extra_values last, since they win."""
    if plugin == "calico" and "defaultFelixConfiguration" in draft.config["primaryCni"].get(
        "values", {}
    ):
        draft.put(f"{FELIX}.enabled", True)
    name = "cilium_extra_values"
    if plugin == "cilium" and (values := draft.get(name, mapping)):
        draft.put("primaryCni.values", values, name)


def _rest(draft: Draft, plugin: str) -> tuple[dict[str, list[str]], list[str]]:
    """What no conversion asked for: names of plugins that are not in use, and of other things."""
    unused: dict[str, list[str]] = {}
    others: list[str] = []
    for given in draft.rest():
        row, kin = BY_NAME.get(given.name), family(given.name)
        only = plugin_of(given.name)
        if row is None and kin is None:
            others.append(given.name)
        elif only and only != plugin:
            unused.setdefault(only, []).append(given.name)
        elif row is not None and not row.otherwise and draft.same_as_default(given.name):
            draft.as_anyway(given.name)
        elif row is not None:
            draft.lose(given.name, row.why or "does not apply to this primary CNI")
        elif kin is not None:
            stays = f"{plugin} stays Kubespray's, with its own variables"
            draft.lose(given.name, stays if only and plugin not in OF_PLUGIN else kin.why)
    return unused, others


def _elsewhere(draft: Draft, inventory: Inventory, plugin: str) -> None:
    """Name the values that some nodes have for themselves, of variables that are carried over."""
    for name, values in inventory.elsewhere.items():
        known = name in BY_NAME or family(name) is not None
        if not known or plugin_of(name) not in ("", plugin):
            continue
        for value in values:
            given = value.given or inventory.given[name]
            where = f"{', '.join(value.nodes[:3])}{', …' if value.nodes[3:] else ''}"
            so = f"is so on {where} only" if value.given else f"is not set on {where}"
            taken = f": that of {inventory.nodes[0]} is taken" if name in inventory.given else ""
            draft.lose_elsewhere(given, f"{so}, and an environment is one for all nodes{taken}")


def _take_out(draft: Draft, refused: list[Finding]) -> None:
    """Take out the one value without which less is refused, naming it.

    Of those that would help, the one that is nearest to where the problem was found: a network
    that overlaps another, not the whole primary. Raises NotKubespray where none helps.
    """
    first = refused[0]
    near = tuple(own_key(step) for step in first.path)
    for path in draft.paths(near):
        left = errors(check_config(draft.without(path))[1])
        if _told(left) < _told(refused) and first.where not in {f.where for f in left}:
            hint = f" (way out: {first.way_out})" if first.way_out else ""
            draft.drop(path, f"multinet refuses it: {first.rule}; left out{hint}")
            return
    raise NotKubespray(f"cannot be made into a valid environment: {first}")


def _told(found: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.where) for finding in found}
