"""The policies' enforcer against a real API server: it may list and watch four kinds, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from kubernetes import client, config

import rig
from multinet.addons.network_policy import crd, objects
from multinet.addons.network_policy.names import NAME
from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.site import SiteSettings
from multinet.multus.objects import custom_resource_definition
from rig.demo.manifests import wait_for_crd
from tests.cluster.test_privilege import _SPECIAL, allowed, served

pytestmark = pytest.mark.cluster

GROUP = "k8s.cni.cncf.io"
NAMESPACES = ("", "kube-system", "default")
# What it watches (multi-networkpolicy-nftables v0.1.0, pkg/controller and pkg/nftables): all that it
# reads is read from the copies that it keeps so.
NEEDED = {
    (GROUP, "multi-networkpolicies"): {"list", "watch"},
    (GROUP, "network-attachment-definitions"): {"list", "watch"},
    ("", "pods"): {"list", "watch"},
    ("", "namespaces"): {"list", "watch"},
}


@pytest.fixture(scope="module")
def shipped(api_server: rig.ControlPlane) -> Iterator[rig.ControlPlane]:
    """Its kind, its account and its rights, as they are shipped; gone afterwards."""
    settings, site = NetworkPolicyAddonSettings(), SiteSettings()
    builds = (objects.account, objects.cluster_role, objects.cluster_role_binding)
    kinds = [custom_resource_definition(), crd.custom_resource_definition()]
    text = "\n---\n".join(json.dumps(m) for m in [*kinds, *(b(settings, site) for b in builds)])
    api_server.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input=text)
    for kind in kinds:
        wait_for_crd(api_server.kubectl, f"crd/{kind['metadata']['name']}")
    yield api_server
    api_server.kubectl("delete", "--ignore-not-found", "-f", "-", input=text)


@pytest.fixture
def admin(api_server: rig.ControlPlane) -> Iterator[client.ApiClient]:
    with config.new_client_from_config(str(api_server.kubeconfig)) as api:
        yield api


def test_what_it_needs_is_allowed_and_everything_else_is_denied(
    shipped: rig.ControlPlane, admin: client.ApiClient
) -> None:
    resources = served(shipped)
    assert NEEDED.keys() <= resources.keys()
    merged = {
        key: resources.get(key, set()) | _SPECIAL.get(key, set()) for key in resources | _SPECIAL
    }
    asked = {
        (verb, group, resource, namespace)
        for (group, resource), verbs in merged.items()
        for verb in verbs | {"deletecollection", "*"}
        for namespace in NAMESPACES
    }
    needed = {
        (verb, *key, namespace)
        for key, verbs in NEEDED.items()
        for verb in verbs
        for namespace in NAMESPACES
    }
    may = {right for right in asked if allowed(admin, NAME, right)}
    anybody = {right for right in may if allowed(admin, "nobody-knows-me", right)}
    assert needed - may == set(), "it cannot do its work"
    assert may - anybody - needed == set(), "it may do what it needs not"


POLICY = {
    "apiVersion": f"{GROUP}/v1beta1",
    "kind": "MultiNetworkPolicy",
    "metadata": {"name": "web", "namespace": "default"},
}


@pytest.mark.parametrize(
    ("spec", "taken"),
    [
        ({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}, True),
        ({"podSelector": {}, "egress": [{"ports": [{"port": 80, "endPort": 90}]}]}, True),
        ({"podSelector": {}, "ingress": [{"ports": [{"port": "http"}]}]}, True),
        ({"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "::/0"}}]}]}, True),
        ({"policyTypes": ["Ingress"]}, False),
        ({"podSelector": {}, "policyTypes": ["ingress"]}, False),
        ({"podSelector": {}, "ingress": [{"from": [{"ipBlock": {}}]}]}, False),
        ({"podSelector": {}, "ingress": [{"from": "all"}]}, False),
    ],
)
def test_the_kind_takes_what_networkpolicy_says(
    shipped: rig.ControlPlane, spec: dict[str, object], taken: bool
) -> None:
    text = json.dumps({**POLICY, "spec": spec})
    ran = shipped.kubectl_run("create", "-f", "-", "--dry-run=server", input=text)
    assert (ran.returncode == 0) is taken, ran.stderr
