"""Keys and certificates of a cluster, and the kubeconfigs that hold them; all of mode 0600."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import trustme

from rig.cluster import addresses


def _kubelet(address: addresses.NodeAddress) -> tuple[str, str]:
    return f"system:node:{address.name}", "system:nodes"


CLIENTS = {
    "admin": ("kubernetes-admin", "system:masters"),
    "kube-controller-manager": ("system:kube-controller-manager", None),
    "kube-scheduler": ("system:kube-scheduler", None),
    "kube-proxy": ("system:kube-proxy", None),
    "kubelet": _kubelet(addresses.FIRST),
    # What the API server shows to the kubelet for exec, logs and port-forward.
    "kubelet-client": ("kube-apiserver-kubelet-client", "system:masters"),
}
"""Client certificates: name of the files → user and group that the API server reads from them."""

FRONT_PROXY = "front-proxy-client"

_SERVERS = {
    "apiserver": (
        "127.0.0.1",
        "localhost",
        addresses.NODE_IP,
        addresses.API_SERVICE_IP,
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
    ),
    "kubelet-server": (addresses.NODE_IP, addresses.NODE_NAME, "127.0.0.1"),
}
_KUBECONFIG_SERVER = f"https://{addresses.NODE_IP}:{addresses.API_PORT}"


@dataclass(frozen=True)
class Pki:
    """The files, by name, in one directory."""

    directory: Path

    def cert(self, name: str) -> Path:
        """A certificate, with what signed it."""
        return self.directory / f"{name}.crt"

    def key(self, name: str) -> Path:
        """Its private key."""
        return self.directory / f"{name}.key"

    @property
    def ca(self) -> Path:
        """The authority's certificate."""
        return self.cert("ca")

    def kubeconfig(self, client: str) -> Path:
        """The kubeconfig of a client that runs in the node."""
        return self.directory / f"{client}.kubeconfig"


def create(directory: Path) -> Pki:
    """Make a new authority and everything it signs."""
    directory.mkdir(mode=0o700, exist_ok=True)
    pki = Pki(directory)
    authority = trustme.CA(organization_name="multinet rig")
    write_private(pki.ca, authority.cert_pem.bytes())
    write_private(pki.key("ca"), authority.private_key_pem.bytes())
    _issue(pki, authority, CLIENTS, _SERVERS)
    _front_proxy(pki)
    # Signs tokens only; its certificate is never shown to anyone.
    _write(pki, "service-account", authority.issue_cert("service-account.rig"))
    return pki


def _front_proxy(pki: Pki) -> None:
    """What the API server shows to one that it hands requests on to, by an authority of its own:

    whoever has a certificate of it may say in whose name it speaks.
    """
    authority = trustme.CA(organization_name="multinet rig front proxy")
    write_private(pki.cert("front-proxy-ca"), authority.cert_pem.bytes())
    _write(pki, FRONT_PROXY, authority.issue_cert(f"{FRONT_PROXY}.rig", common_name=FRONT_PROXY))


def create_for(address: addresses.NodeAddress, cluster: Pki, directory: Path) -> Pki:
    """What a further node needs of the cluster's authority, and no more."""
    directory.mkdir(mode=0o700, exist_ok=True)
    pki = Pki(directory)
    authority = trustme.CA.from_pem(cluster.ca.read_bytes(), cluster.key("ca").read_bytes())
    write_private(pki.ca, cluster.ca.read_bytes())
    clients = {"kubelet": _kubelet(address), "kube-proxy": CLIENTS["kube-proxy"]}
    _issue(pki, authority, clients, {"kubelet-server": (address.ip, address.name, "127.0.0.1")})
    return pki


def _issue(
    pki: Pki,
    authority: trustme.CA,
    clients: Mapping[str, tuple[str, str | None]],
    servers: Mapping[str, tuple[str, ...]],
) -> None:
    for name, (user, group) in clients.items():
        # The identity is not used: without one the certificate has an empty list of names, marked
        # critical, which Go refuses.
        issued = authority.issue_cert(f"{name}.rig", common_name=user, organization_name=group)
        _write(pki, name, issued)
        write_private(pki.kubeconfig(name), kubeconfig(pki, name, _KUBECONFIG_SERVER).encode())
    for name, identities in servers.items():
        _write(pki, name, authority.issue_cert(*identities, common_name=name))


def _write(pki: Pki, name: str, issued: trustme.LeafCert) -> None:
    write_private(pki.cert(name), b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    write_private(pki.key(name), issued.private_key_pem.bytes())


def kubeconfig(pki: Pki, client: str, server: str, context: str = "rig") -> str:
    """A kubeconfig (JSON, which is YAML) with everything inline."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": context,
                    "cluster": {"server": server, "certificate-authority-data": _b64(pki.ca)},
                }
            ],
            "users": [
                {
                    "name": client,
                    "user": {
                        "client-certificate-data": _b64(pki.cert(client)),
                        "client-key-data": _b64(pki.key(client)),
                    },
                }
            ],
            "contexts": [{"name": context, "context": {"cluster": context, "user": client}}],
            "current-context": context,
        },
        indent=1,
    )


def _b64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
