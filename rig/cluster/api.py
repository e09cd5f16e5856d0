"""The few questions that ``up`` asks the API server, without a client of its own to build."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from rig.cluster.pki import Pki


@dataclass(frozen=True)
class Api:
    """The API server behind the forwarder's port, asked as the administrator."""

    pki: Pki
    port: int

    def get(self, path: str, timeout: float = 5.0) -> str | None:
        """The answer's body, or None for any error: the caller asks again or gives up."""
        try:
            context = ssl.create_default_context(cafile=str(self.pki.ca))
            context.load_cert_chain(self.pki.cert("admin"), self.pki.key("admin"))
            request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}")
            # The environment's proxies are for the world outside, not for this machine itself.
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
            )
            with opener.open(request, timeout=timeout) as answer:
                body: bytes = answer.read()
                return body.decode()
        except (OSError, urllib.error.URLError, ValueError):
            return None

    def get_json(self, path: str) -> dict[str, Any]:
        """The answer as an object; empty for any error."""
        body = self.get(path)
        value: dict[str, Any] = json.loads(body) if body else {}
        return value

    def ready(self) -> bool:
        """Whether the API server says it is ready; its RBAC bootstrap is done then too."""
        return self.get("/readyz") == "ok"

    def kubelet_healthy(self, node: str) -> bool:
        """Whether the API server reaches the node's kubelet and that calls itself healthy."""
        return self.get(f"/api/v1/nodes/{node}/proxy/healthz") == "ok"

    def service_account_exists(self) -> bool:
        """Whether pods can be created in the namespace ``default``."""
        return bool(self.get("/api/v1/namespaces/default/serviceaccounts/default"))

    def node(self, name: str) -> dict[str, Any]:
        """The node's object; empty while it is not registered."""
        return self.get_json(f"/api/v1/nodes/{name}")
