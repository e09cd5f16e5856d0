"""The book of the nodes' numbers: the real API server, kubectl's real proxy, and a role's rights."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from multinet.blocks import objects
from multinet.findings.model import check
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

NODES = 24
MULTUS = MultusSettings()
SELECTOR = ",".join(f"{key}={value}" for key, value in objects.BOOK.items())


def lan() -> dict[str, NetworkSettings]:
    config = {
        "cniVersion": "1.0.0",
        "type": "macvlan",
        "ipam": {"type": "host-local", "subnet": "10.50.0.0/24"},
    }
    settings, found = check(NetworkSettings, {"config": config, "perNode": {"blockSize": 29}})
    assert settings is not None, found
    return {"lan": settings}


@pytest.fixture
def proxy(fresh_api_server: rig.ControlPlane, tmp_path: Path) -> Iterator[int]:
    """What a pod's proxy is: as the account, with the arguments of its manifest."""
    api, namespace = fresh_api_server, MULTUS.namespace
    for made in (
        objects.service_account(MULTUS),
        objects.role(MULTUS),
        objects.role_binding(MULTUS),
    ):
        api.kubectl("apply", "-f", "-", input=json.dumps(made))
    token = api.kubectl("create", "token", objects.NAME, f"--namespace={namespace}").strip()
    config = json.loads(api.kubectl("config", "view", "--raw", "--flatten", "--output=json"))
    config["users"][0]["user"] = {"token": token}
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(json.dumps(config))
    containers = objects.daemon_set(MULTUS, lan())["spec"]["template"]["spec"]["containers"]
    (given,) = (c["args"] for c in containers if c["name"] == "api")
    arguments = [a if not a.startswith("--port") else "--port=0" for a in given]
    argv, environment = api.kubectl_command(*arguments)
    running = subprocess.Popen(
        argv, env={**environment, "KUBECONFIG": str(kubeconfig)}, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    try:
        yield int(running.stdout.readline().rpartition(":")[2])
    finally:
        running.terminate()
        running.wait()
        running.stdout.close()


def book(api: rig.ControlPlane) -> dict[str, list[int]]:
    found = api.kubectl("get", "leases", "-n", MULTUS.namespace, "-l", SELECTOR, "-o", "json")
    numbers: dict[str, list[int]] = {}
    for lease in json.loads(found)["items"]:
        number = int(lease["metadata"]["name"].removeprefix(objects.CLAIM))
        numbers.setdefault(lease["spec"]["holderIdentity"], []).append(number)
    return numbers


@contextlib.contextmanager
def nodes(names: list[str], port: int, directory: Path) -> Iterator[None]:
    """The script on that many nodes, each with directories of its own."""
    config = directory / "config"
    config.mkdir(exist_ok=True)
    for name, text in objects.config_map(MULTUS, lan())["data"].items():
        (config / name).write_text(text)
    running = []
    for name in names:
        links, files = directory / name / "net.d", directory / name / "multinet-kube-system"
        links.mkdir(parents=True, exist_ok=True)
        files.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            **{"BLOCKS_CONFIG": str(config), "BLOCKS_LINKS": str(links)},
            **{"BLOCKS_FILES": str(files), "BLOCKS_PORT": str(port), "BLOCKS_PAUSE": "0.5"},
            **{"NODE_NAME": name, "NAMESPACE": MULTUS.namespace},
        }
        argv = ["bash", str(config / "node.sh")]
        running.append(subprocess.Popen(argv, env=environment, start_new_session=True))
    try:
        yield
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_nodes_that_join_at_once_share_no_number_and_keep_theirs(
    fresh_api_server: rig.ControlPlane, proxy: int, tmp_path: Path
) -> None:
    names = [f"node-{i}" for i in range(NODES)]
    with nodes(names, proxy, tmp_path):
        ready = [tmp_path / name / "multinet-kube-system" / "number" for name in names]
        started = time.monotonic()
        assert at_last(lambda: all(file.exists() for file in ready), 180.0)
        print(f"{NODES} nodes at once: {time.monotonic() - started:.1f} s")
    first = book(fresh_api_server)
    assert sorted(first) == sorted(names)
    assert all(len(numbers) == 1 for numbers in first.values())
    every = [numbers[0] for numbers in first.values()]
    assert len(set(every)) == NODES
    assert max(every) < 32, "there are 32 blocks"
    # All are killed, and come back after a boot.
    for file in tmp_path.glob("*/multinet-kube-system/*"):
        file.unlink()
    with nodes(names, proxy, tmp_path):
        assert at_last(lambda: all(file.exists() for file in ready), 180.0)
    assert book(fresh_api_server) == first


def ask(port: int, method: str, path: str, body: Any = None) -> int:
    url = f"http://127.0.0.1:{port}{path}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_node_can_take_a_number_and_nothing_else(
    fresh_api_server: rig.ControlPlane, proxy: int
) -> None:
    leases = f"/apis/coordination.k8s.io/v1/namespaces/{MULTUS.namespace}/leases"
    lease = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": f"{objects.CLAIM}7"},
        "spec": {"holderIdentity": "thief"},
    }
    assert ask(proxy, "POST", leases, lease) == 201
    assert ask(proxy, "POST", leases, lease) == 409
    assert ask(proxy, "GET", f"{leases}/{objects.CLAIM}7") == 200
    # What the proxy lets through.
    assert ask(proxy, "PUT", f"{leases}/{objects.CLAIM}7", lease) in (403, 405)
    assert ask(proxy, "DELETE", f"{leases}/{objects.CLAIM}7") in (403, 405)
    assert ask(proxy, "GET", f"{leases}/another") == 403
    assert ask(proxy, "GET", "/api/v1/namespaces/kube-system/secrets") == 403
    # What the account may, whoever asks.
    account = f"--as=system:serviceaccount:{MULTUS.namespace}:{objects.NAME}"
    for verb, kind in (
        *(("update", "leases"), ("patch", "leases"), ("delete", "leases"), ("watch", "leases")),
        *(("get", "secrets"), ("get", "configmaps"), ("list", "pods"), ("get", "nodes")),
    ):
        said = fresh_api_server.kubectl(
            "auth", "can-i", verb, kind, account, f"-n={MULTUS.namespace}", check=False
        )
        assert said.strip() == "no", (verb, kind)
