"""A stack that an earlier program made goes over in place: no object is deleted or made anew."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation
from ruamel.yaml import YAML

import rig
from rig.demo import engine
from rig.demo.clusters import RigCluster
from rig.demo.environment import STACK, write_stack_file

pytestmark = [pytest.mark.engine, pytest.mark.cluster]

KEPT = Path(__file__).with_name("states") / "c3bee75.json"
"""What the program of commit c3bee75 left as its state, with one network, by `pulumi stack export`.

Times, positions in the source and managed fields are taken out; KUBECONFIG stands for its path.
"""
NAD = "kubernetes:k8s.cni.cncf.io/v1:NetworkAttachmentDefinition"
COUNT = 300


@dataclasses.dataclass
class Stack:
    """The stack of that state on an API server, with as many networks as asked for."""

    project: Path
    cluster: rig.Cluster
    engine: automation.Stack

    def preview(self) -> list[dict[str, Any]]:
        """The steps of a preview: what is to be done with which resource."""
        events: list[dict[str, Any]] = []

        def hear(event: automation.events.EngineEvent) -> None:
            if event.resource_pre_event is not None:
                metadata = event.resource_pre_event.metadata
                events.append({"op": str(metadata.op.value), "urn": metadata.urn})

        self.engine.preview(on_event=hear)
        return events

    def uids(self) -> dict[str, str]:
        kinds = "net-attach-def,daemonset,configmap,serviceaccount,clusterrole,clusterrolebinding"
        found = self.cluster.kubectl(
            "get", kinds, "-A", "-l", "app.kubernetes.io/part-of=multinet", "-o", "json"
        )
        return {
            f"{item['kind']}/{item['metadata']['name']}": item["metadata"]["uid"]
            for item in json.loads(found)["items"]
        }


def names(count: int) -> list[str]:
    return ["macvlan-conf", *(f"net-{i}" for i in range(1, count))]


def kept_state(kubeconfig: Path, count: int) -> dict[str, Any]:
    """The kept state, with its network's two resources once for each further network."""
    text = KEPT.read_text(encoding="utf-8").replace("KUBECONFIG", str(kubeconfig))
    state: dict[str, Any] = json.loads(text)
    resources = state["deployment"]["resources"]
    network = [r for r in resources if "multinet:index:Network" in r["urn"]]
    assert len(network) == 2, "a component, and its NAD below that"
    for i, name in enumerate(names(count)[1:], 1):
        text = (
            json.dumps(network)
            .replace("macvlan-conf", name)
            .replace("192.168.1.", f"10.{i // 250}.{i % 250}.")
        )
        resources += json.loads(text)
    return state


def config_of(count: int) -> dict[str, Any]:
    """The networks of that state, as a stack file has them."""
    resources = kept_state(Path("/"), count)["deployment"]["resources"]
    nads = [r["inputs"] for r in resources if r["type"] == NAD]
    return {n["metadata"]["name"]: {"config": json.loads(n["spec"]["config"])} for n in nads}


@pytest.fixture
def stack(cluster: rig.Cluster, tmp_path: Path) -> Iterator[Stack]:
    """The old program's stack: its state, and the objects that it speaks of."""
    project = engine.workspace(tmp_path)
    (project / "networks.json").write_text(json.dumps(config_of(COUNT)))
    main = project / "__main__.py"
    text = main.read_text()
    made = "networks=__import__('json').load(open('networks.json'))"
    assert "from_config()" in text
    main.unlink()
    main.write_text(text.replace("from_config()", f"from_config({made})"))
    write_stack_file(project, {**RigCluster().overrides(), "networks": {}})
    state = kept_state(cluster.kubeconfig, COUNT)
    objects = [
        r["inputs"] for r in state["deployment"]["resources"] if r["type"].startswith("kubernetes:")
    ]
    crds = [o for o in objects if o["kind"] == "CustomResourceDefinition"]
    apply = ("apply", "--server-side", "--field-manager", "multinet", "-f", "-")
    for part in (crds, [o for o in objects if o not in crds]):
        listed = {"apiVersion": "v1", "kind": "List", "items": part}
        cluster.kubectl(*apply, input=json.dumps(listed))
        cluster.kubectl("wait", "--for=condition=Established", "crd", "--all")
    made_stack = engine.stack(project, cluster.kubeconfig, checkpoints=False)
    salt = YAML().load(project / f"Pulumi.{STACK}.yaml")["encryptionsalt"]
    state["deployment"]["secrets_providers"] = {"type": "passphrase", "state": {"salt": salt}}
    made_stack.import_stack(automation.Deployment(state["version"], state["deployment"]))
    try:
        yield Stack(project, cluster, made_stack)
    finally:
        made_stack.destroy()


def test_no_network_is_deleted_or_made_anew_and_the_next_up_changes_nothing(stack: Stack) -> None:
    before = stack.uids()
    assert len([k for k in before if k.startswith("NetworkAttachmentDefinition")]) == COUNT
    steps = stack.preview()
    of_nads = Counter(step["op"] for step in steps if NAD in step["urn"])
    assert set(of_nads) <= {"same", "update"}, of_nads
    others = [s for s in steps if "kubernetes:" in s["urn"]]
    assert {step["op"] for step in others} <= {"same", "update"}, others
    gone = {s["urn"].split("::")[2] for s in steps if s["op"] == "delete"}
    assert gone == {"multinet:index:Network"}, "of the old components alone nothing is left"

    engine.up(stack.engine, lambda _line: None)
    after = stack.uids()
    assert {k for k in before if before[k] != after.get(k)} == set()
    known = stack.engine.export_stack().deployment["resources"]
    assert len(known) <= COUNT + 20
    assert set(engine.up(stack.engine, lambda _line: None)) == {"same"}
