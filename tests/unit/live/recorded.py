"""A cluster's API as it was recorded: objects of a test, served over HTTP on loopback.

What a command says of a cluster can so be seen in every state that one can be in, without root.
That the API is like this is what the same commands show on real clusters, in the cluster tier.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from typer.testing import CliRunner, Result

from multinet.cli.app import app

Object = dict[str, Any]

NADS = "/apis/k8s.cni.cncf.io/v1/network-attachment-definitions"
_WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


@dataclasses.dataclass
class Recorded:
    """A cluster.

    Attributes:
        lists: path of a kind across namespaces, e.g. `/api/v1/nodes` → its objects.
        started: what becomes of a pod that is created; it may change it, and what is there.
        answers: what a command in a pod prints: (pod's name, command) → text.
        logs: name of a pod → its log.
        made: every pod that was ever created, as it was sent.
        asked: paths of what was read, in order.
    """

    lists: dict[str, list[Object]] = dataclasses.field(default_factory=dict)
    started: Callable[[Object], None] = lambda pod: None
    answers: Callable[[str, list[str]], str] = lambda pod, command: ""
    logs: dict[str, str] = dataclasses.field(default_factory=dict)
    made: list[Object] = dataclasses.field(default_factory=list)
    asked: list[str] = dataclasses.field(default_factory=list)
    url: str = ""
    kubeconfig: Path = Path()

    def run(self, command: str, *arguments: str) -> Result:
        """A command of multinet's on it."""
        return CliRunner().invoke(app, [command, *arguments, "--kubeconfig", str(self.kubeconfig)])

    def document(self, command: str, *arguments: str) -> tuple[int, Any]:
        """Its exit code, and what it prints with `--json`."""
        ran = self.run(command, *arguments, "--json")
        assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
        assert ran.stdout, ran.stderr
        return ran.exit_code, json.loads(ran.stdout)

    @property
    def pods(self) -> list[Object]:
        """Those that are there."""
        return self.lists.setdefault("/api/v1/pods", [])


@contextlib.contextmanager
def serving(cluster: Recorded, directory: Path) -> Iterator[Recorded]:
    """The cluster while it answers; its kubeconfig is in `directory`."""
    handler = type("Handler", (_Handler,), {"cluster": cluster})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    cluster.url = f"http://127.0.0.1:{server.server_port}"
    cluster.kubeconfig = directory / "kubeconfig"
    cluster.kubeconfig.write_text(json.dumps(kubeconfig(cluster.url)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield cluster
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def kubeconfig(url: str, *others: str) -> Object:
    """A kubeconfig for the API at `url`; `others`: contexts whose cluster is not there."""
    names = ["recorded", *others]
    urls = {name: url if name == "recorded" else "http://127.0.0.1:1" for name in names}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": n, "cluster": {"server": urls[n]}} for n in names],
        "users": [{"name": "me", "user": {"token": "s3cr3t-t0ken"}}],
        "contexts": [{"name": n, "context": {"cluster": n, "user": "me"}} for n in names],
        "current-context": "recorded",
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster: Recorded

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        self.cluster.asked.append(url.path)
        words = url.path.strip("/").split("/")
        if url.path.rstrip("/") == "/version":
            self._answer(200, {"gitVersion": "v1.37.2"})
        elif words[-1] == "exec":
            self._exec(words[-2], query["command"])
        elif words[-1] == "log":
            self._text(self.cluster.logs.get(words[-2], ""))
        elif found := self._found(url.path, query):
            self._answer(200, found)
        else:
            self._missing()

    def do_POST(self) -> None:
        pod = self._body()
        self.cluster.made.append(json.loads(json.dumps(pod)))
        pod.setdefault("metadata", {})["creationTimestamp"] = "2026-01-01T00:00:00Z"
        pod["status"] = {"phase": "Pending"}
        self.cluster.pods.append(pod)
        self.cluster.started(pod)
        self._answer(201, pod)

    def do_DELETE(self) -> None:
        self._body()
        found = self._found(urlsplit(self.path).path, {})
        if not found:
            self._missing()
            return
        self.cluster.pods[:] = [p for p in self.cluster.pods if p is not found]
        self._answer(200, found)

    # --- how ----------------------------------------------------------------------------

    def _found(self, path: str, query: dict[str, list[str]]) -> Object | None:
        """A list or an object; None: the cluster has no such kind, or no such object."""
        head, _, tail = path.partition("/namespaces/")
        if not tail:
            items = self.cluster.lists.get(path)
            return None if items is None else {"items": _chosen(items, query)}
        namespace, _, rest = tail.partition("/")
        if not rest:
            return _named(self.cluster.lists.get(f"{head}/namespaces", []), namespace)
        kind, _, name = rest.partition("/")
        items = self.cluster.lists.get(f"{head}/{kind}")
        if items is None:
            return None if name else {"items": []}
        here = [item for item in items if item["metadata"].get("namespace") == namespace]
        return _named(here, name) if name else {"items": _chosen(here, query)}

    def _body(self) -> Object:
        length = int(self.headers.get("Content-Length") or 0)
        found: Object = json.loads(self.rfile.read(length) or b"{}")
        return found

    def _answer(self, status: int, document: Object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _missing(self) -> None:
        self._answer(404, {"kind": "Status", "message": f"{self.path} not found"})

    def _text(self, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _exec(self, pod: str, command: list[str]) -> None:
        """What it prints, by Kubernetes's protocol over a websocket: channel 1 is its output."""
        key = self.headers["Sec-WebSocket-Key"] + _WEBSOCKET
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept)
        self.send_header("Sec-WebSocket-Protocol", "v4.channel.k8s.io")
        self.end_headers()
        self.wfile.write(_frame(2, b"\x01" + self.cluster.answers(pod, command).encode()))
        self.wfile.write(_frame(2, b"\x03" + json.dumps({"status": "Success"}).encode()))
        self.wfile.write(_frame(8, b""))
        self.close_connection = True


def _frame(kind: int, payload: bytes) -> bytes:
    size = len(payload)
    head = bytes([size]) if size < 126 else bytes([126]) + size.to_bytes(2, "big")
    return bytes([0x80 | kind]) + head + payload


def _named(items: list[Object], name: str) -> Object | None:
    return next((item for item in items if item["metadata"]["name"] == name), None)


def _chosen(items: list[Object], query: dict[str, list[str]]) -> list[Object]:
    """By label and field selectors, as far as the commands use them."""
    (labels,) = query.get("labelSelector", [""])
    (fields,) = query.get("fieldSelector", [""])
    wanted = dict(part.split("=", 1) for part in labels.split(",") if part)
    by_field = dict(part.split("=", 1) for part in fields.split(",") if part)

    def fits(item: Object) -> bool:
        own = item["metadata"].get("labels") or {}
        involved = item.get("involvedObject") or {}
        return all(own.get(k) == v for k, v in wanted.items()) and all(
            involved.get(k.removeprefix("involvedObject.")) == v for k, v in by_field.items()
        )

    return [item for item in items if fits(item)]
