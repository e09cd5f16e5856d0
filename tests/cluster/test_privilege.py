"""Multus's account against a real API server: what it needs is allowed, everything else denied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from kubernetes import client, config
from kubernetes.client import ApiException

import rig
from multinet.multus import objects
from multinet.multus.settings import MultusSettings
from multinet.names import NAD_CRD
from rig.demo.manifests import wait_for_crd

pytestmark = pytest.mark.cluster

NADS = ("k8s.cni.cncf.io", "network-attachment-definitions")
# What Multus calls (multus-cni v4.3.0, pkg/k8sclient and pkg/server): group, resource → verbs.
NEEDED: dict[str, dict[tuple[str, str], set[str]]] = {
    "thick": {
        NADS: {"get", "list", "watch"},
        ("", "pods"): {"get", "list", "watch"},
        ("", "pods/status"): {"update"},
        ("", "events"): {"create", "patch"},
    },
    "thin": {
        NADS: {"get"},
        ("", "pods"): {"get"},
        ("", "pods/status"): {"update"},
        ("", "events"): {"create", "patch"},
    },
}
# Verbs that no discovery lists, and that open every door.
_SPECIAL = {
    ("", "users"): {"impersonate"},
    ("", "groups"): {"impersonate"},
    ("", "serviceaccounts"): {"impersonate"},
    ("rbac.authorization.k8s.io", "clusterroles"): {"bind", "escalate"},
    ("rbac.authorization.k8s.io", "roles"): {"bind", "escalate"},
    ("certificates.k8s.io", "signers"): {"approve", "sign", "attest"},
    ("", "nodes/proxy"): {"get", "create"},
}
_URLS = ("/", "/logs", "/metrics", "/debug/pprof", "/configz", "/healthz", "/version", "/api")
_URL_VERBS = ("get", "post", "put", "delete")

Right = tuple[str, str, str, str]
"""Verb, group, resource, namespace (empty: all of them)."""


@dataclass(frozen=True)
class Asked:
    """What two accounts were answered: Multus's, and one that nobody gave anything."""

    multus: set[Right]
    anybody: set[Right]
    count: int


def manifests(settings: MultusSettings) -> list[dict[str, Any]]:
    return [
        objects.custom_resource_definition(),
        objects.service_account(settings),
        objects.cluster_role(settings),
        objects.cluster_role_binding(settings),
    ]


@pytest.fixture(params=["thick", "thin"])
def mode(request: pytest.FixtureRequest, api_server: rig.ControlPlane) -> Iterator[str]:
    """Multus's account and rights of a mode, as they are shipped; gone afterwards."""
    settings = MultusSettings(mode=request.param)
    text = "\n---\n".join(json.dumps(m) for m in manifests(settings))
    api_server.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input=text)
    name = f"crd/{NAD_CRD}"
    wait_for_crd(api_server.kubectl, name)
    yield request.param
    text = "\n---\n".join(json.dumps(m) for m in manifests(settings)[1:])
    api_server.kubectl("delete", "-f", "-", input=text)


@pytest.fixture
def admin(api_server: rig.ControlPlane) -> Iterator[client.ApiClient]:
    with config.new_client_from_config(str(api_server.kubeconfig)) as api:
        yield api


def served(api_server: rig.ControlPlane) -> dict[tuple[str, str], set[str]]:
    """Every resource and subresource that the API server serves → the verbs it knows for it."""

    def raw(path: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(api_server.kubectl("get", "--raw", path))
        return found

    paths = {"v1": "/api/v1"}
    resources: dict[tuple[str, str], set[str]] = {}
    for group in raw("/apis")["groups"]:
        for version in group["versions"]:
            paths[version["groupVersion"]] = f"/apis/{version['groupVersion']}"
    for group_version, path in paths.items():
        for resource in raw(path)["resources"]:
            key = (group_version.rpartition("/")[0], resource["name"])
            resources.setdefault(key, set()).update(resource["verbs"])
    return resources


def allowed(api: client.ApiClient, account: str, right: Right | tuple[str, str]) -> bool:
    """What the API server's authorizer says; a pair is a verb and a URL."""
    spec: dict[str, Any] = {
        "user": f"system:serviceaccount:kube-system:{account}",
        "groups": [
            "system:serviceaccounts",
            "system:serviceaccounts:kube-system",
            "system:authenticated",
        ],
    }
    if len(right) == 2:
        spec["nonResourceAttributes"] = {"verb": right[0], "path": right[1]}
    else:
        verb, group, resource, namespace = right
        name, _, subresource = resource.partition("/")
        spec["resourceAttributes"] = {
            "verb": verb,
            "group": group,
            "resource": name,
            "subresource": subresource,
            "namespace": namespace,
            "version": "*",
        }
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
    answer = client.AuthorizationV1Api(api).create_subject_access_review(review)
    return bool(answer.status.allowed)


def ask(api_server: rig.ControlPlane, api: client.ApiClient) -> Asked:
    resources = served(api_server)
    verbs = set().union(*resources.values()) | {"deletecollection", "proxy", "use", "*"}
    merged = {
        key: resources.get(key, set()) | _SPECIAL.get(key, set()) for key in resources | _SPECIAL
    }
    rights: set[Right] = {
        (verb, group, resource, namespace)
        for (group, resource), own in merged.items()
        for verb in verbs | own
        for namespace in ("", "kube-system")
    }
    rights |= {("*", "*", "*", ""), ("get", "*", "*", "")}
    multus = {right for right in rights if allowed(api, objects.NAME, right)}
    # What Multus is not allowed, nobody without rights is: RBAC only adds.
    anybody = {right for right in multus if allowed(api, "nobody-knows-me", right)}
    return Asked(multus, anybody, len(rights))


def test_what_it_needs_is_allowed_and_everything_else_is_denied(
    mode: str, api_server: rig.ControlPlane, admin: client.ApiClient
) -> None:
    needed = {
        (verb, group, resource, namespace)
        for (group, resource), verbs in NEEDED[mode].items()
        for verb in verbs
        for namespace in ("", "kube-system")
    }
    asked = ask(api_server, admin)

    assert asked.count > 2000, "discovery lists what a real API server serves"
    assert needed - asked.multus == set(), "Multus cannot do its work"
    assert asked.multus - asked.anybody - needed == set(), "Multus may do what it needs not"
    assert {resource for _, _, resource, _ in asked.anybody} <= {
        "selfsubjectaccessreviews",
        "selfsubjectrulesreviews",
        "selfsubjectreviews",
        "clustertrustbundles",
    }
    print(f"{mode}: {asked.count} rights asked for, {len(needed)} of them needed")


def test_urls_beside_the_api_are_open_as_far_as_for_everybody(
    mode: str, admin: client.ApiClient
) -> None:
    for url in _URLS:
        for verb in _URL_VERBS:
            own = allowed(admin, objects.NAME, (verb, url))
            assert own == allowed(admin, "nobody-knows-me", (verb, url)), (verb, url)
    assert not allowed(admin, objects.NAME, ("get", "/metrics"))
    assert not allowed(admin, objects.NAME, ("get", "/logs"))


def test_the_roles_rules_are_the_table(mode: str) -> None:
    rules = objects.cluster_role(MultusSettings(mode=mode))["rules"]
    written = {
        (group, resource): set(rule["verbs"])
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    assert written == NEEDED[mode]


NAD = {
    "apiVersion": "k8s.cni.cncf.io/v1",
    "kind": "NetworkAttachmentDefinition",
    "metadata": {"name": "privilege", "namespace": "default"},
    "spec": {"config": "{}"},
}
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "privilege", "namespace": "default"},
    "spec": {
        "automountServiceAccountToken": False,
        "containers": [{"name": "c", "image": "registry.invalid/none:v1"}],
    },
}


@pytest.fixture
def subjects(mode: str, api_server: rig.ControlPlane) -> Iterator[None]:
    """A network and a pod that Multus has to do with."""
    for manifest in (NAD, POD):
        api_server.kubectl("apply", "-f", "-", input=json.dumps(manifest))
    yield
    for manifest in (NAD, POD):
        api_server.kubectl("delete", "--force", "-f", "-", input=json.dumps(manifest))


@pytest.fixture
def multus(api_server: rig.ControlPlane, subjects: None) -> Iterator[client.ApiClient]:
    """The API server with Multus's own token, not with somebody who speaks for it."""
    token = api_server.kubectl("-n", "kube-system", "create", "token", objects.NAME).strip()
    config.load_kube_config(str(api_server.kubeconfig), client_configuration=(own := _own()))
    own.cert_file = own.key_file = None
    own.api_key = {"authorization": f"Bearer {token}"}
    with client.ApiClient(own) as api:
        yield api


def _own() -> client.Configuration:
    return client.Configuration()


def status_of(call: Any, *arguments: Any, **options: Any) -> int:
    try:
        call(*arguments, **options)
    except ApiException as refused:
        return int(refused.status)
    return 200


def test_with_its_own_token_it_can_report_a_pods_networks_and_touch_nothing_else(
    mode: str, multus: client.ApiClient
) -> None:
    core, custom = client.CoreV1Api(multus), client.CustomObjectsApi(multus)
    nad = ("k8s.cni.cncf.io", "v1", "default", "network-attachment-definitions")
    assert custom.get_namespaced_custom_object(*nad, "privilege")["spec"]["config"] == "{}"
    lists = 200 if mode == "thick" else 403
    assert status_of(custom.list_namespaced_custom_object, *nad) == lists
    assert status_of(core.list_pod_for_all_namespaces) == lists

    pod = core.read_namespaced_pod("privilege", "default")
    pod.metadata.annotations = {"k8s.v1.cni.cncf.io/network-status": "[]"}
    core.replace_namespaced_pod_status("privilege", "default", pod)
    written = core.read_namespaced_pod("privilege", "default").metadata.annotations
    assert written["k8s.v1.cni.cncf.io/network-status"] == "[]"
    event = {
        "metadata": {"generateName": "privilege-"},
        "involvedObject": {"kind": "Pod", "name": "privilege", "namespace": "default"},
        "reason": "AddedInterface",
    }
    assert status_of(core.create_namespaced_event, "default", event) == 200

    refused = {
        "secrets": status_of(core.list_secret_for_all_namespaces),
        "a secret": status_of(core.read_namespaced_secret, "x", "kube-system"),
        "config maps": status_of(core.list_namespaced_config_map, "kube-system"),
        "nodes": status_of(core.list_node),
        "its own token": status_of(
            core.create_namespaced_service_account_token, objects.NAME, "kube-system", {"spec": {}}
        ),
        "a pod": status_of(core.create_namespaced_pod, "default", POD),
        "a pod's spec": status_of(core.replace_namespaced_pod, "privilege", "default", pod),
        "deleting a pod": status_of(core.delete_namespaced_pod, "privilege", "default"),
        "a pod's shell": status_of(core.connect_get_namespaced_pod_exec, "privilege", "default"),
        "making a network": status_of(custom.create_namespaced_custom_object, *nad, NAD),
        "changing a network": status_of(
            custom.patch_namespaced_custom_object, *nad, "privilege", {"spec": {"config": "x"}}
        ),
        "deleting a network": status_of(custom.delete_namespaced_custom_object, *nad, "privilege"),
    }
    assert refused == dict.fromkeys(refused, 403)
