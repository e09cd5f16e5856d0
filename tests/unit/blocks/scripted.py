"""A node's directories with the script at work on them, and a book that keeps Leases as the API does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from multinet.blocks import objects
from multinet.findings.model import check
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings

MULTUS = MultusSettings()


def network(ipam: dict[str, Any], per_node: dict[str, Any]) -> NetworkSettings:
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam}
    made, found = check(NetworkSettings, {"config": config, "perNode": per_node})
    assert made is not None, found
    return made


def host_local(*subnets: str, **more: str) -> dict[str, Any]:
    return {"type": "host-local", "ranges": [[{"subnet": s, **more}] for s in subnets]}


LAN = network(host_local("10.50.0.0/16"), {"blockSize": 26, "nodes": {"b": {"master": "ens5"}}})


class Book:
    """Leases by name; `away`: what it answers instead, as an API server in trouble."""

    def __init__(self) -> None:
        self.leases: dict[str, str] = {}
        self.away = 0
        self.asked: list[str] = []
        self._lock = threading.Lock()
        book = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                return

            def do_GET(self) -> None:
                book.asked.append(f"GET {self.path}")
                path, _, query = self.path.partition("?")
                name = path.rpartition("/")[2]
                if book.away:
                    self._answer(book.away, {})
                elif name == "leases":
                    assert query == f"labelSelector={SELECTOR}"
                    self._answer(200, {"items": [_lease(n, h) for n, h in book.leases.items()]})
                elif name in book.leases:
                    self._answer(200, _lease(name, book.leases[name]))
                else:
                    self._answer(404, {})

            def do_POST(self) -> None:
                given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                book.asked.append(f"POST {given['metadata']['name']}")
                assert given["metadata"]["labels"] == objects.BOOK
                with book._lock:
                    name = given["metadata"]["name"]
                    status = book.away or (409 if name in book.leases else 201)
                    if status == 201:
                        book.leases[name] = given["spec"]["holderIdentity"]
                self._answer(status, {})

            def _answer(self, status: int, body: Any) -> None:
                text = json.dumps(body, separators=(",", ":")).encode()
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def numbers(self) -> dict[str, int]:
        return {h: int(n.removeprefix(objects.CLAIM)) for n, h in self.leases.items()}


SELECTOR = ",".join(f"{k}%3D{v}" for k, v in objects.BOOK.items())


def _lease(name: str, holder: str) -> dict[str, Any]:
    fields = {"f:spec": {"f:holderIdentity": {}}}
    metadata = {"name": name, "managedFields": [{"manager": "name", "fieldsV1": fields}]}
    return {"metadata": metadata, "spec": {"holderIdentity": holder}}


class Node:
    """A node's directories, and the script at work on them."""

    def __init__(self, directory: Path, name: str, book: Book) -> None:
        self.name, self.book = name, book
        self.links, self.files = (
            directory / name / "net.d",
            directory / name / "multinet-kube-system",
        )
        self.config = directory / name / "config"
        for made in (self.links, self.files, self.config):
            made.mkdir(parents=True)
        self.process: subprocess.Popen[bytes] | None = None
        self.log = directory / name / "log"

    def declare(self, **networks: NetworkSettings) -> None:
        data = objects.config_map(MULTUS, networks)["data"]
        for file in self.config.iterdir():
            if file.name not in data:
                file.unlink()
        for name, text in data.items():
            # Whole at once, as the kubelet brings a ConfigMap's change.
            (self.config.parent / "next").write_text(text)
            (self.config.parent / "next").rename(self.config / name)

    def start(self, confirm: int = 300) -> None:
        environment = {
            **os.environ,
            "BLOCKS_CONFIG": str(self.config),
            "BLOCKS_LINKS": str(self.links),
            "BLOCKS_FILES": str(self.files),
            "BLOCKS_PORT": str(self.book.port),
            "BLOCKS_PAUSE": "0.1",
            "BLOCKS_CONFIRM": str(confirm),
            "NODE_NAME": self.name,
            "NAMESPACE": "kube-system",
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["bash", str(self.config / "node.sh")],
                env=environment,
                stderr=log,
                start_new_session=True,
            )

    def end(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                if how == signal.SIGKILL:
                    os.killpg(self.process.pid, how)
                else:
                    self.process.send_signal(how)
            self.process.wait(timeout=60)

    def seen(self) -> dict[str, dict[str, Any]]:
        """Network → its configuration, as Multus reads it."""
        found = {}
        for file in sorted(self.links.iterdir()):
            if file.suffix in (".conf", ".conflist"):
                config = json.loads(file.read_text())
                found[config["name"]] = config
        return found

    def ends(self, name: str) -> list[tuple[str, str]]:
        config = self.seen()[name]
        ipam = (config.get("plugins") or [config])[0]["ipam"]
        sets = ipam.get("ranges") or [[ipam]]
        return [(r["rangeStart"], r["rangeEnd"]) for s in sets for r in s]

    def ready(self) -> bool:
        return (self.files / "number").exists()


def until(true: Any, seconds: float = 120.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
