"""whereabouts' accounts against a real API server: what they need is allowed, everything else denied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from kubernetes import client, config

import rig
from multinet.addons.site import SiteSettings
from multinet.addons.whereabouts import crds, rights
from multinet.addons.whereabouts.names import CONTROLLERS, GROUP, LEASE, NAME
from multinet.addons.whereabouts.settings import WhereaboutsAddonSettings
from multinet.findings.model import check
from rig.demo.manifests import wait_for_crd
from tests.cluster.test_privilege import _SPECIAL, served

pytestmark = pytest.mark.cluster

POOLS, RESERVED = (GROUP, "ippools"), (GROUP, "overlappingrangeipreservations")
SLICES, LEASES = (GROUP, "nodeslicepools"), ("coordination.k8s.io", "leases")
NADS = ("k8s.cni.cncf.io", "network-attachment-definitions")
HERE, ELSEWHERE = "kube-system", "default"

Rights = dict[tuple[str, str], set[str]]
# What the programs call; whereabouts v0.9.4.
EVERYWHERE: dict[str, Rights] = {
    NAME: {
        ("", "nodes"): {"get"},
        ("", "pods"): {"get", "list", "watch"},
        ("", "events"): {"create", "patch"},
        NADS: {"list", "watch"},
        POOLS: {"list", "watch"},
    },
    CONTROLLERS: {("", "pods"): {"get", "list"}, POOLS: {"list"}, RESERVED: {"list"}},
}
IN_ITS_NAMESPACE: dict[str, Rights] = {
    NAME: {
        POOLS: {"get", "list", "create", "patch"},
        RESERVED: {"get", "create", "delete"},
        LEASES: {"create"},
    },
    CONTROLLERS: {POOLS: {"patch"}, RESERVED: {"delete"}},
}
FOR_SLICES: dict[str, tuple[Rights, Rights]] = {
    NAME: ({}, {SLICES: {"get"}, LEASES: {"get", "update"}}),
    CONTROLLERS: (
        {("", "nodes"): {"list", "watch"}, NADS: {"list", "watch"}, SLICES: {"list", "watch"}},
        {SLICES: {"create", "update", "delete"}, (NADS[0], f"{NADS[1]}/finalizers"): {"update"}},
    ),
}


def site(sliced: bool) -> SiteSettings:
    ipam = {"type": "whereabouts", "range": "10.1.0.0/16", "network_name": "a"}
    ipam |= {"node_slice_size": "/24"} if sliced else {}
    network = {"config": {"cniVersion": "1.0.0", "type": "macvlan", "ipam": ipam}}
    made, findings = check(SiteSettings, {"networks": {"lan": network}})
    assert made is not None, findings
    return made


@pytest.fixture(params=[False, True], ids=["plain", "slices"])
def sliced(request: pytest.FixtureRequest, api_server: rig.ControlPlane) -> Iterator[bool]:
    """Its accounts and rights, as they are shipped; gone afterwards."""
    settings, of = WhereaboutsAddonSettings(), site(request.param)
    made = [
        build(settings, of)
        for build in (
            rights.agent_account,
            rights.controllers_account,
            rights.agent_role,
            rights.agent_cluster_role,
            rights.controllers_role,
            rights.controllers_cluster_role,
            *rights.BINDINGS.values(),
        )
    ]
    every = [*crds.custom_resource_definitions(), *made]
    text = "\n---\n".join(map(json.dumps, every))
    api_server.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input=text)
    for crd in crds.custom_resource_definitions():
        wait_for_crd(api_server.kubectl, f"crd/{crd['metadata']['name']}")
    yield request.param
    api_server.kubectl("delete", "-f", "-", input="\n---\n".join(map(json.dumps, every)))


@pytest.fixture
def admin(api_server: rig.ControlPlane) -> client.ApiClient:
    own = client.Configuration()
    config.load_kube_config(str(api_server.kubeconfig), client_configuration=own)
    return client.ApiClient(own)


def allowed(
    api: client.ApiClient, account: str, right: tuple[str, str, str, str], name: str = ""
) -> bool:
    verb, group, resource, namespace = right
    alone, _, sub = resource.partition("/")
    attributes: dict[str, Any] = {
        **{"verb": verb, "group": group, "resource": alone, "subresource": sub},
        **{"namespace": namespace, "version": "*", "name": name},
    }
    user = f"system:serviceaccount:{HERE}:{account}"
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{HERE}", "system:authenticated"]
    spec = {"user": user, "groups": groups, "resourceAttributes": attributes}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
    answer = client.AuthorizationV1Api(api).create_subject_access_review(review)
    return bool(answer.status.allowed)


def needed(account: str, sliced: bool) -> set[tuple[str, str, str, str]]:
    wide, narrow = dict(EVERYWHERE[account]), dict(IN_ITS_NAMESPACE[account])
    for kept, more in zip((wide, narrow), FOR_SLICES[account], strict=True):
        for key, verbs in more.items() if sliced else ():
            kept[key] = kept.get(key, set()) | verbs
    rights_ = {
        (verb, *key, namespace)
        for key, verbs in wide.items()
        for verb in verbs
        for namespace in ("", HERE, ELSEWHERE)
    }
    return rights_ | {(verb, *key, HERE) for key, verbs in narrow.items() for verb in verbs}


@pytest.mark.parametrize("account", [NAME, CONTROLLERS])
def test_what_each_needs_is_allowed_and_everything_else_is_denied(
    account: str, sliced: bool, api_server: rig.ControlPlane, admin: client.ApiClient
) -> None:
    resources = served(api_server)
    # Their CRD is Multus's, and rights need none.
    resources[NADS] = {"create", "delete", "get", "list", "patch", "update", "watch"}
    resources[NADS[0], f"{NADS[1]}/finalizers"] = {"get", "patch", "update"}
    merged = {
        key: resources.get(key, set()) | _SPECIAL.get(key, set()) for key in resources | _SPECIAL
    }
    asked = {
        (verb, group, resource, namespace)
        for (group, resource), own in merged.items()
        for verb in own | {"deletecollection", "*"}
        for namespace in ("", HERE, ELSEWHERE)
    }
    may = {right for right in asked if allowed(admin, account, right)}
    anybody = {right for right in may if allowed(admin, "nobody-knows-me", right)}

    assert needed(account, sliced) - may == set(), "it cannot do its work"
    assert may - anybody - needed(account, sliced) == set(), "it may do what it needs not"
    print(f"{account}: {len(asked)} rights asked for, {len(needed(account, sliced))} needed")


def test_of_the_leases_it_may_take_one(
    sliced: bool, api_server: rig.ControlPlane, admin: client.ApiClient
) -> None:
    """Those of the control plane stand in the same namespace."""
    del api_server
    for verb in ("get", "update"):
        right = (verb, *LEASES, HERE)
        assert allowed(admin, NAME, right, LEASE)
        assert allowed(admin, NAME, right, "kube-scheduler") is sliced
        assert not allowed(admin, CONTROLLERS, right, LEASE)
