"""The commands of a cluster's components."""

from __future__ import annotations

import sys
from pathlib import Path

from rig.cluster import addresses, configs
from rig.cluster.pki import FRONT_PROXY, Pki
from rig.node.spec import Component
from rig.parts import Parts
from rig.paths import IMPORT_ROOT

FORWARDER = "forwarder"
ETCD = "etcd"
APISERVER = "kube-apiserver"
CONTROLLER_MANAGER = "kube-controller-manager"
SCHEDULER = "kube-scheduler"
CONTAINERD = "containerd"
KUBELET = "kubelet"
KUBE_PROXY = "kube-proxy"

_ETCD_CLIENTS = "http://127.0.0.1:2379"


def control_plane(parts: Parts, pki: Pki, listener: int) -> list[Component]:
    """What every rig's first node runs: a way in, etcd, the API server, the controller manager."""
    return [
        _forwarder(listener),
        _etcd(parts),
        _apiserver(parts, pki),
        _controller_manager(parts, pki),
    ]


def scheduler(parts: Parts, pki: Pki) -> Component:
    """What gives pods their nodes."""
    return Component(
        SCHEDULER,
        [
            str(parts.binary(SCHEDULER)),
            f"--kubeconfig={pki.kubeconfig(SCHEDULER)}",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
        ],
    )


def node(
    parts: Parts, pki: Pki, configuration: Path, address: addresses.NodeAddress
) -> list[Component]:
    """What makes it a node that runs pods; ``configuration`` holds the files of configs."""
    return [
        Component(
            CONTAINERD,
            [str(parts.binary(CONTAINERD)), f"--config={configuration / 'containerd.toml'}"],
        ),
        Component(
            KUBELET,
            [
                str(parts.binary(KUBELET)),
                f"--config={configuration / 'kubelet.json'}",
                f"--kubeconfig={pki.kubeconfig(KUBELET)}",
                f"--hostname-override={address.name}",
                f"--node-ip={address.ip}",
            ],
        ),
        Component(
            KUBE_PROXY,
            [str(parts.binary(KUBE_PROXY)), f"--config={configuration / 'kube-proxy.json'}"],
        ),
    ]


def _forwarder(listener: int) -> Component:
    return Component(
        FORWARDER,
        [
            sys.executable,
            "-m",
            "rig.node.forwarder",
            str(listener),
            addresses.NODE_IP,
            str(addresses.API_PORT),
        ],
        env={"PYTHONPATH": str(IMPORT_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        listener=True,
    )


def _etcd(parts: Parts) -> Component:
    return Component(
        ETCD,
        [
            str(parts.binary(ETCD)),
            "--name=rig",
            "--data-dir=/var/lib/etcd",
            # A throwaway store: losing it at a power cut is fine, waiting for the disk is not.
            "--unsafe-no-fsync",
            f"--listen-client-urls={_ETCD_CLIENTS}",
            f"--advertise-client-urls={_ETCD_CLIENTS}",
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--initial-advertise-peer-urls=http://127.0.0.1:2380",
            "--initial-cluster=rig=http://127.0.0.1:2380",
        ],
    )


def _apiserver(parts: Parts, pki: Pki) -> Component:
    return Component(
        APISERVER,
        [
            str(parts.binary(APISERVER)),
            f"--etcd-servers={_ETCD_CLIENTS}",
            f"--secure-port={addresses.API_PORT}",
            # The address that the service "kubernetes" leads to.
            f"--advertise-address={addresses.NODE_IP}",
            f"--service-cluster-ip-range={addresses.SERVICE_CIDR}",
            f"--tls-cert-file={pki.cert('apiserver')}",
            f"--tls-private-key-file={pki.key('apiserver')}",
            f"--client-ca-file={pki.ca}",
            f"--kubelet-certificate-authority={pki.ca}",
            f"--kubelet-client-certificate={pki.cert('kubelet-client')}",
            f"--kubelet-client-key={pki.key('kubelet-client')}",
            "--kubelet-preferred-address-types=InternalIP",
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
            f"--service-account-key-file={pki.key('service-account')}",
            f"--service-account-signing-key-file={pki.key('service-account')}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            *_aggregation(pki),
        ],
    )


def _aggregation(pki: Pki) -> list[str]:
    """So that an API server of others', as Calico's, believes whom this one speaks for."""
    headers = "--requestheader"
    return [
        f"{headers}-client-ca-file={pki.cert('front-proxy-ca')}",
        f"{headers}-allowed-names={FRONT_PROXY}",
        f"{headers}-username-headers=X-Remote-User",
        f"{headers}-group-headers=X-Remote-Group",
        f"{headers}-extra-headers-prefix=X-Remote-Extra-",
        f"--proxy-client-cert-file={pki.cert(FRONT_PROXY)}",
        f"--proxy-client-key-file={pki.key(FRONT_PROXY)}",
    ]


def _controller_manager(parts: Parts, pki: Pki) -> Component:
    return Component(
        CONTROLLER_MANAGER,
        [
            str(parts.binary(CONTROLLER_MANAGER)),
            f"--kubeconfig={pki.kubeconfig(CONTROLLER_MANAGER)}",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            "--use-service-account-credentials",
            # One node has the API server to itself; the default of 20 per second costs 5 s here.
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
            f"--service-account-private-key-file={pki.key('service-account')}",
            f"--root-ca-file={pki.ca}",
            f"--cluster-signing-cert-file={pki.ca}",
            f"--cluster-signing-key-file={pki.key('ca')}",
            "--allocate-node-cidrs",
            f"--cluster-cidr={addresses.POD_CIDR}",
            f"--node-cidr-mask-size={addresses.NODE_POD_PREFIX}",
            f"--service-cluster-ip-range={addresses.SERVICE_CIDR}",
        ],
    )


def files(
    pki: Pki, address: addresses.NodeAddress, snapshotter: str, runc: str, proxy_mode: str
) -> dict[str, object]:
    """Configuration files of the node's components: name → content, data for JSON or text."""
    return {
        "containerd.toml": configs.containerd(snapshotter, runc),
        "kubelet.json": configs.kubelet(pki),
        "kube-proxy.json": configs.kube_proxy(
            str(pki.kubeconfig(KUBE_PROXY)), proxy_mode, address.name
        ),
    }
