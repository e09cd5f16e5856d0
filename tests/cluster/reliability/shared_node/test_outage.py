"""The API server away while pods start, and credentials that end while Multus runs."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from ruamel.yaml import YAML

from tests.cluster.reliability.site import CREDENTIAL, RUNNING, Site

pytestmark = pytest.mark.cluster

LIFETIME = 600
"""Seconds; the shortest that the API server gives a token."""


def test_pods_that_start_while_the_api_server_is_away_get_their_network_when_it_is_back(
    deployed: Site,
) -> None:
    site = deployed
    during = [f"outage-{i}" for i in range(8)]
    site.create(during)
    # Handed to the kubelet, and the first ones are being attached.
    bound = lambda: all(p.spec.node_name for p in site.pods())  # noqa: E731
    site.until(bound, "pods were not scheduled")
    site.cluster.stop_component("kube-apiserver")
    time.sleep(6)
    site.cluster.start_component("kube-apiserver")
    took = time.monotonic()
    site.ready(during)
    print(f"{site.mode}: all ready {time.monotonic() - took:.1f} s after the API server was back")
    assert site.attached() == set(during) | set(RUNNING)
    held = lambda: len(site.reserved()) == len(during) + len(RUNNING)  # noqa: E731
    site.until(held, "addresses of failed attempts were not freed")
    site.delete(during)
    free = lambda: len(site.reserved()) == len(RUNNING)  # noqa: E731
    site.until(free, "addresses were not freed")
    # Until the daemon has its list of pods again, it writes nothing on those that it attaches.
    lacking: list[bool] = []

    def written() -> bool:
        lacking.append(site.start(["afterwards"]) == set())
        assert site.link("afterwards"), "it is attached all the same"
        site.delete(["afterwards"])
        return not lacking[-1]

    site.until(written, "new pods get no network-status")
    after = f"{time.monotonic() - took:.0f} s after"
    print(f"{site.mode}: {sum(lacking)} pods had no network-status, {after}")
    site.until(free, "addresses were not freed")


# --- tokens --------------------------------------------------------------------------------


def claims(token: str) -> dict[str, Any]:
    """What a token says; nobody checks its signature here."""
    part = token.split(".")[1]
    found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert isinstance(found, dict)
    return found


def token_on_node(site: Site) -> str:
    """The credential that thin's binary uses."""
    kubeconfig = YAML(typ="safe").load(site.path(CREDENTIAL).read_text())
    token = kubeconfig["users"][0]["user"]["token"]
    assert isinstance(token, str)
    return token


def expired(token: str, key: Path) -> str:
    """The same token as the API server would have signed it, but that its time is over."""

    def encoded(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    over = {**claims(token), "exp": int(time.time()) - 60, "iat": int(time.time()) - 660}
    over |= {"nbf": over["iat"]}
    signed = f"{token.partition('.')[0]}.{encoded(json.dumps(over).encode())}"
    private: Any = serialization.load_pem_private_key(key.read_bytes(), None)
    pair = utils.decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = b"".join(number.to_bytes(32, "big") for number in pair)
    return f"{signed}.{encoded(signature)}"


def short_lived(spec: dict[str, Any]) -> None:
    """Give Multus's pod a token of the shortest lifetime in place of the usual one."""
    sources = [
        {"serviceAccountToken": {"path": "token", "expirationSeconds": LIFETIME}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
    ]
    spec["automountServiceAccountToken"] = False
    spec["volumes"].append({"name": "credential", "projected": {"sources": sources}})
    where = "/var/run/secrets/kubernetes.io/serviceaccount"
    mount = {"name": "credential", "mountPath": where, "readOnly": True}
    spec["containers"][0]["volumeMounts"].append(mount)


def test_a_credential_on_the_node_that_has_expired_is_replaced_with_the_pods_token(
    deployed: Site,
) -> None:
    if deployed.mode == "thick":
        pytest.skip("thick's daemon uses its pod's own token, and nothing lies on the node")
    site = deployed
    site.deploy(site.mode, edit=short_lived)
    first = token_on_node(site)
    given = claims(first)
    assert given["exp"] - given["iat"] == LIFETIME
    kubeconfig = site.path(CREDENTIAL).read_text()
    key = site.cluster.state_dir / "pki" / "service-account.key"
    over = expired(first, key)
    site.write(CREDENTIAL, kubeconfig.replace(first, over))
    site.create(["refused"])
    site.until(lambda: "Unauthorized" in site.events("refused"), "the token was not refused")
    # A kubelet that has just started asks for new tokens, as it does when most of one's time is
    # over, and puts them into the pods that run.
    site.cluster.restart("kubelet")
    took = site.until(lambda: token_on_node(site) not in (first, over), "not renewed")
    print(f"thin: the credential was renewed {took:.0f} s after the kubelet was there")
    assert claims(token_on_node(site))["exp"] >= given["exp"]
    site.ready(["refused"])
    assert "refused" in site.attached()
    site.delete(["refused"])
