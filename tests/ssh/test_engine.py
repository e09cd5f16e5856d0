"""The real engine: remote.Command runs the scripts on the machines, and undoes them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi
import pytest
from pulumi import automation
from pydantic import SecretStr

from multinet.command import remote
from multinet.nodes.component import NodeNetwork
from multinet.nodes.connection import connection
from multinet.preflight.required import require_ready
from multinet.stack import StackSettings
from multinet.stack.needs import node_needs
from tests.ssh.conftest import EVERYTHING, Declare, macvlan, plugins_archive
from tests.ssh.machines import Lan
from tests.ssh.watch import watching
from tests.unit.live import recorded
from tests.unit.live.recorded import Recorded
from tests.unit.preflight import clusters as c

pytestmark = pytest.mark.engine


class Program:
    """A stack whose program declares the nodes of `settings`, and what comes after them."""

    def __init__(self, directory: Path) -> None:
        self.settings: StackSettings | None = None
        self.cluster: Recorded | None = None
        self.after: Callable[[list[pulumi.Resource]], None] = lambda _nodes: None
        self.output: list[str] = []
        environment = {
            "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(directory / "home"),
            "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
        }
        self.backend = directory / "state"
        for name in ("state", "home", "work"):
            (directory / name).mkdir()
        options = automation.LocalWorkspaceOptions(
            work_dir=str(directory / "work"), env_vars=environment
        )
        self.stack = automation.create_or_select_stack(
            "test", project_name="multinet", program=self._run, opts=options
        )

    def _run(self) -> None:
        assert self.settings is not None
        assert self.cluster is not None
        names = [c.node(name) for name in self.settings.nodes]
        self.cluster.lists["/api/v1/nodes"] = names
        secret = {"kubeconfig": SecretStr(str(self.cluster.kubeconfig))}
        stack = self.settings.model_copy(update=secret)
        seen = require_ready(stack)
        nodes = [
            NodeNetwork(name, node, node_needs(name, node, stack), mends=seen.mends.get(name, 0))
            for name, node in stack.nodes.items()
        ]
        self.after([*nodes])

    def up(self, settings: StackSettings) -> dict[str, int]:
        """What happened to how many resources."""
        self.settings, self.output = settings, []
        done = self.stack.up(on_output=self.output.append, color="never", suppress_progress=True)
        return {str(op): n for op, n in (done.summary.resource_changes or {}).items()}

    def refused(self, settings: StackSettings) -> str:
        """Everything that a failing up said."""
        with pytest.raises(automation.CommandError):
            self.up(settings)
        said = "\n".join(self.output)
        print(said)
        return said

    def destroy(self) -> None:
        self.output = []
        self.stack.destroy(on_output=self.output.append, color="never", suppress_progress=True)

    def state(self) -> str:
        """All that the backend holds, as it lies there."""
        files = [p for p in self.backend.rglob("*") if p.is_file() and p.suffix != ".gz"]
        return "".join(p.read_text(errors="replace") for p in files)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """A program whose cluster has the declared nodes, and nothing else."""
    (tmp_path / "engine").mkdir()
    made = Program(tmp_path / "engine")
    with recorded.serving(c.cluster(), tmp_path) as made.cluster:
        yield made


def test_up_changes_a_second_up_does_not_and_destroy_restores(
    lan: Lan, declare: Declare, program: Program
) -> None:
    first, second = lan.add("n1", "eth1", "eth2"), lan.add("n2")
    before = [m.snapshot() for m in (first, second)]
    stack = declare({"n1": EVERYTHING})
    secret = lan.key.read_text().splitlines()[2]
    with watching(secret, ["cmdline"]) as seen:
        changes = program.up(stack)
    assert not seen
    assert changes == {"create": 5}, "2 resources for each node, and the stack"
    assert first.sh("cat /proc/sys/net/ipv4/ip_forward").strip() == "1"
    assert "n1-apply" in program.state()
    assert secret not in "\n".join(program.output) + program.state()
    assert program.up(stack) == {"same": 5}
    assert program.stack.preview().change_summary == {"same": 5}
    program.destroy()
    assert [m.snapshot() for m in (first, second)] == before
    assert secret not in "\n".join(program.output)


def test_one_message_tells_every_problem_and_nothing_is_changed(
    lan: Lan, declare: Declare, program: Program
) -> None:
    machines = [lan.add(name) for name in ("n1", "n2", "n3")]
    before = [m.snapshot() for m in machines]
    blue = {**macvlan("eth9"), "nodeSelector": {"rack": "b"}}
    labels = {"labels": {"rack": "b"}, "cniPlugins": {"provided": ["macvlan"]}}
    nodes = {"n1": labels, "n2": labels, "down": {"port": lan.dead_port()}}
    said = program.refused(declare(nodes, {"blue": blue}))
    assert "3 problems, 3 on 3 of 4 nodes: nothing was changed" in said
    for node in ("n1", "n2"):
        assert f"error[node-link-missing] multinet:nodes.{node}" in said
    assert "error[node-unreachable] multinet:nodes.down" in said
    assert "Connection refused" in said
    assert "Traceback" not in said
    assert "NodeNetwork" not in said, "no resource is registered before all nodes are fine"
    assert [m.snapshot() for m in machines] == before


def test_a_node_that_was_mended_is_accepted_by_the_next_up(
    lan: Lan, declare: Declare, program: Program
) -> None:
    machine = lan.add("n1")
    stack = declare(networks={"blue": macvlan("eth0")})
    assert "node-plugin-missing" in program.refused(stack)
    machine.sh("cp /bin/true /opt/cni/bin/macvlan")
    assert program.up(stack)["create"] == 2
    machine.sh("rm /opt/cni/bin/macvlan")
    preview = program.stack.preview(on_output=program.output.append, color="never")
    assert preview.change_summary == {"same": 3}
    assert "node-plugin-missing" in "\n".join(program.output), "drift is told by a preview"


def test_what_somebody_changed_on_a_node_is_told_and_set_back_by_the_next_up(
    lan: Lan, declare: Declare, program: Program
) -> None:
    machine = lan.add("n1", "eth1", "eth2")
    stack = declare({"n1": EVERYTHING})
    program.up(stack)
    for _ in range(2):
        assert program.up(stack) == {"same": 3}, "what did not drift is no change"
        machine.sh("ip link set eth1 mtu 1500")
        preview = program.stack.preview(on_output=program.output.append, color="never")
        assert preview.change_summary == {"same": 2, "update": 1}
        assert "would set link eth1 mtu 1450 (was 1500)" in "\n".join(program.output)
        assert program.up(stack) == {"same": 2, "update": 1}
        assert '"mtu":1450' in machine.sh("ip -j link show dev eth1")
    assert program.up(stack) == {"same": 3}
    program.destroy()


def test_a_change_is_an_update_and_a_new_key_changes_nothing(
    lan: Lan, declare: Declare, program: Program
) -> None:
    machine = lan.add("n1")
    before = machine.snapshot()
    program.up(declare({"n1": {"sysctls": {"net.ipv4.ip_forward": "1"}}}))
    more = {"sysctls": {"net.ipv4.ip_forward": "1", "net.ipv4.conf.all.accept_local": "1"}}
    changes = program.up(declare({"n1": more}))
    assert changes == {"same": 2, "update": 1}
    after = machine.snapshot()
    program.up(declare({"n1": {**more, "dialTimeout": 7}}))
    assert machine.snapshot() == after, "another connection, the same node"
    assert "0 changes" in "\n".join(program.output)
    program.destroy()
    assert machine.snapshot() == before


def test_undo_comes_after_what_was_built_on_the_node(
    lan: Lan, declare: Declare, program: Program
) -> None:
    machine = lan.add("n1")
    before = machine.snapshot()
    stack = declare()

    def multus(nodes: list[pulumi.Resource]) -> None:
        component = pulumi.ComponentResource(
            "test:index:Multus", "multus", None, pulumi.ResourceOptions(depends_on=nodes)
        )
        remote.Command(
            "daemonset",
            create="touch /etc/cni/net.d/00-multus.conf /opt/cni/bin/multus",
            delete="test -e /var/lib/multinet/journal",
            connection=remote.ConnectionArgs(**connection("n1", stack.nodes["n1"])),
            opts=pulumi.ResourceOptions(parent=component),
        )

    program.after = multus
    program.up(stack)
    assert machine.sh("ls /opt/cni/bin").split() == ["multus"]
    program.destroy()
    assert machine.snapshot() == before


def test_a_node_that_is_gone_for_good_does_not_block_destroy(
    lan: Lan, declare: Declare, program: Program
) -> None:
    lan.add("n1")
    gone = lan.add("n2")
    program.up(declare())
    lan.kill("n2")
    started = time.monotonic()
    program.up(declare({"n2": {"lost": True}}))
    program.destroy()
    assert time.monotonic() - started < 40
    assert gone.pid


def test_the_plugins_archive_is_uploaded_and_installed(
    lan: Lan, declare: Declare, program: Program, tmp_path: Path
) -> None:
    machine = lan.add("n1")
    before = machine.snapshot()
    archive, checksum = plugins_archive(("macvlan", "bridge"))
    (tmp_path / "plugins-amd64.tgz").write_bytes(archive)
    source = {"source": "archive", "archive": str(tmp_path / "plugins-{arch}.tgz")}
    plugins = {"cniPlugins": {**source, "sha256": {"amd64": checksum}}}
    stack = declare({"n1": plugins}, {"blue": macvlan("eth0")})
    assert program.up(stack) == {"create": 4}
    assert machine.sh("ls /opt/cni/bin").split() == ["bridge", "macvlan"]
    assert program.up(stack) == {"same": 4}
    program.destroy()
    assert machine.snapshot() == before
