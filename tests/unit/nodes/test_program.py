"""What the program registers for its nodes, and what render writes of it."""

from __future__ import annotations

from pathlib import Path

from multinet import render
from multinet.render.program import Plan
from multinet.stack import load

_STACK = """\
config:
  multinet:primaryCni: {plugin: existing, confFile: 10-x.conflist}
  multinet:networks:
    blue: {config: {cniVersion: "1.0.0", type: macvlan, master: eth1}}
  multinet:nodes:
    worker-1: {host: 192.0.2.10, privateKey: S3CRET, hostKey: "ssh-ed25519 AAAA"}
    worker-2: {lost: true}
    this: {local: true}
"""


def plan(project: Path, directory: Path) -> tuple[Plan, Path]:
    file = directory / "Pulumi.t.yaml"
    file.write_text(_STACK)
    from multinet.stack import stackfile

    config = stackfile.read(file).config
    return render.run(project / "__main__.py", "multinet", "t", config), file


def test_a_node_is_two_resources_and_has_no_triggers(project: Path, tmp_path: Path) -> None:
    planned, _ = plan(project, tmp_path)
    of_node = [r for r in planned.resources if "worker-1" in r.name]
    assert sorted(r.type for r in of_node) == [
        "command:remote:Command",
        "multinet:index:NodeNetwork",
    ]
    command = next(r for r in of_node if r.type == "command:remote:Command")
    assert command.inputs["create"] == command.inputs["update"]
    assert "triggers" not in command.inputs
    assert "S3CRET" not in str(command.inputs)


def test_nothing_is_run_on_a_node_that_is_lost(project: Path, tmp_path: Path) -> None:
    planned, _ = plan(project, tmp_path)
    command = next(r for r in planned.resources if r.name == "worker-2-apply")
    assert not {"create", "update", "delete"} & set(command.inputs)


def test_multus_comes_after_the_nodes(project: Path, tmp_path: Path) -> None:
    planned, _ = plan(project, tmp_path)
    multus = next(r for r in planned.resources if r.type == "multinet:index:Multus")
    assert any("worker-1-apply" in urn for urn in multus.dependencies)


def test_render_writes_each_nodes_scripts_and_never_its_key(project: Path, tmp_path: Path) -> None:
    planned, file = plan(project, tmp_path)
    render.write(planned, load(file), tmp_path / "out")
    written = sorted(
        str(p.relative_to(tmp_path / "out/nodes")) for p in tmp_path.glob("out/nodes/*/*")
    )
    steps = ("01-preflight.sh", "02-apply.sh", "90-undo.sh")
    assert written == sorted(f"{node}/{step}" for node in ("this", "worker-1") for step in steps)
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or "S3CRET" not in path.read_text()
    apply = next(r for r in planned.resources if r.name == "worker-1-apply").inputs["stdin"]
    assert (tmp_path / "out/nodes/worker-1/02-apply.sh").read_text() == apply
