"""Small reads and writes of a live cluster, in plain data: what the API server has as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from multinet.live.errors import ClusterError, RefusedError, of_failure
from multinet.live.requests import TIMEOUT, Object, Requests, body_of
from multinet.names import NAD_GROUP, NAD_PLURAL, POLICY_KIND, POLICY_PLURAL

_CONFLICT = 409
_PLURALS = {POLICY_KIND: POLICY_PLURAL}
"""Kinds whose plural is not what it would be by its sound."""

ROLLED = {"Deployment": "deployment", "StatefulSet": "stateful_set", "DaemonSet": "daemon_set"}
"""Kinds that bring pods back and roll; how the client calls them."""


class Kind(NamedTuple):
    """A kind of namespaced objects of an API group, e.g. whereabouts' `ippools`."""

    group: str
    version: str
    plural: str

    def of(self, namespace: str) -> tuple[str, str, str, str]:
        """In the order of the client's arguments."""
        return self.group, self.version, namespace, self.plural


class Cluster(Requests):
    """A connected cluster; may be used by several threads.

    Every method raises UnreachableError when nobody answers and RefusedError when the API
    server says no; what is not there is None or an empty list.
    """

    def __init__(self, configuration: Any) -> None:
        from kubernetes import client

        super().__init__(configuration.host)
        self._configuration = configuration
        self._client = client.ApiClient(configuration)
        self._core = client.CoreV1Api(self._client)
        self._apps = client.AppsV1Api(self._client)
        self._coordination = client.CoordinationV1Api(self._client)
        self._custom = client.CustomObjectsApi(self._client)
        self._version = client.VersionApi(self._client)

    # --- reads --------------------------------------------------------------------------

    def version(self) -> str:
        """The API server's version, e.g. `v1.37.2`."""
        found = self._ask("the version", self._version.get_code)
        return str(found.get("gitVersion", ""))

    def nodes(self) -> list[Object]:
        """All nodes, by name."""
        return self._list("nodes", self._core.list_node)

    def pods(self, namespace: str = "", labels: str = "", fields: str = "") -> list[Object]:
        """Pods of a namespace, or of all; narrowed by label and field selectors."""
        selectors = _given(label_selector=labels, field_selector=fields)
        if namespace:
            return self._list("pods", self._core.list_namespaced_pod, namespace, **selectors)
        return self._list("pods", self._core.list_pod_for_all_namespaces, **selectors)

    def pod(self, namespace: str, name: str) -> Object | None:
        """A pod, or None."""
        what = f"pod {namespace}/{name}"
        return self._optional(what, self._core.read_namespaced_pod, name, namespace)

    def pod_events(self, namespace: str, pod: str) -> list[Object]:
        """Events about a pod, oldest first."""
        fields = f"involvedObject.kind=Pod,involvedObject.name={pod}"
        found = self._list(
            f"events of {namespace}",
            self._core.list_namespaced_event,
            namespace,
            field_selector=fields,
        )
        return sorted(found, key=lambda e: str(e.get("lastTimestamp") or e.get("eventTime") or ""))

    def log(
        self,
        namespace: str,
        pod: str,
        container: str,
        *,
        lines: int,
        seconds: int | None = None,
        previous: bool = False,
    ) -> str:
        """The last lines of a container's log, not older than `seconds`.

        `previous`: of the one before, where the container was started again.
        """
        since = {"since_seconds": seconds} if seconds else {}
        with self._telling(f"the log of {namespace}/{pod}"):
            answer = self._core.read_namespaced_pod_log(
                pod,
                namespace,
                container=container,
                tail_lines=lines,
                previous=previous,
                _preload_content=False,
                _request_timeout=TIMEOUT,
                **since,
            )
            return body_of(answer).decode("utf-8", "replace")

    def nads(self) -> list[Object] | None:
        """Every NetworkAttachmentDefinition of the cluster; None: it has no such CRD."""
        try:
            return self._list(
                "NADs", self._custom.list_cluster_custom_object, NAD_GROUP, "v1", NAD_PLURAL
            )
        except RefusedError as error:
            if error.status == 404:
                return None
            raise

    def listed(self, group: str, version: str, plural: str) -> list[Object] | None:
        """Every object of a kind of any API group; None: the cluster has no such kind."""
        try:
            list_all = self._custom.list_cluster_custom_object
            return self._list(plural, list_all, group, version, plural)
        except RefusedError as error:
            if error.status == 404:
                return None
            raise

    def custom(self, kind: Kind, namespace: str, name: str) -> Object | None:
        """An object of any API group, or None."""
        read = self._custom.get_namespaced_custom_object
        return self._optional(f"{kind.plural}/{name}", read, *kind.of(namespace), name)

    def found(self, api_version: str, kind: str, namespace: str, name: str) -> Object | None:
        """An object of any kind, by its name; None: it is not there, or no such kind is."""
        group, _, version = api_version.rpartition("/")
        what = f"{kind} {name}"
        if not group:
            words = re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()
            of = "read_namespaced_" if namespace else "read_"
            return self._optional(
                what, getattr(self._core, of + words), *filter(None, (name, namespace))
            )
        plural = _PLURALS.get(kind) or re.sub("ys$", "ies", f"{kind.lower()}s")
        if namespace:
            read = self._custom.get_namespaced_custom_object
            return self._optional(what, read, group, version, namespace, plural, name)
        read = self._custom.get_cluster_custom_object
        return self._optional(what, read, group, version, plural, name)

    def daemon_sets(self, namespace: str = "") -> list[Object]:
        """DaemonSets of a namespace, or of all."""
        if namespace:
            return self._list("DaemonSets", self._apps.list_namespaced_daemon_set, namespace)
        return self._list("DaemonSets", self._apps.list_daemon_set_for_all_namespaces)

    def workload(self, kind: str, namespace: str, name: str) -> Object | None:
        """A Deployment, StatefulSet or DaemonSet, or None; None for every other kind."""
        if kind not in ROLLED:
            return None
        read = getattr(self._apps, f"read_namespaced_{ROLLED[kind]}")
        return self._optional(f"{kind} {namespace}/{name}", read, name, namespace)

    def deployments(self, namespace: str) -> list[Object]:
        """Deployments of a namespace."""
        return self._list("Deployments", self._apps.list_namespaced_deployment, namespace)

    def leases(self, namespace: str, labels: str) -> list[Object]:
        """Leases of a namespace, by a label selector."""
        ask = self._coordination.list_namespaced_lease
        return self._list(f"Leases of {namespace}", ask, namespace, label_selector=labels)

    def replica_sets(self) -> list[Object]:
        """Every ReplicaSet of the cluster."""
        return self._list("ReplicaSets", self._apps.list_replica_set_for_all_namespaces)

    def namespaces(self) -> list[Object]:
        """All namespaces."""
        return self._list("namespaces", self._core.list_namespace)

    def config_map(self, namespace: str, name: str) -> Object | None:
        """A ConfigMap, or None."""
        what = f"ConfigMap {namespace}/{name}"
        return self._optional(what, self._core.read_namespaced_config_map, name, namespace)

    # --- writes -------------------------------------------------------------------------

    def create_pod(self, manifest: Object) -> Object:
        """Create a pod; returns it."""
        metadata = manifest["metadata"]
        what = f"pod {metadata['namespace']}/{metadata['name']}"
        create = self._core.create_namespaced_pod
        return self._ask(what, create, metadata["namespace"], manifest)

    def delete_pod(self, namespace: str, name: str, grace: int = 1) -> None:
        """Ask for a pod's end; one that is gone already is no error."""
        self._optional(
            f"pod {namespace}/{name}",
            self._core.delete_namespaced_pod,
            name,
            namespace,
            grace_period_seconds=grace,
        )

    def restart_workload(self, kind: str, namespace: str, name: str, time: str) -> None:
        """Have a Deployment, StatefulSet or DaemonSet roll, as `kubectl rollout restart` does."""
        annotations = {"kubectl.kubernetes.io/restartedAt": time}
        patch = {"spec": {"template": {"metadata": {"annotations": annotations}}}}
        change = getattr(self._apps, f"patch_namespaced_{ROLLED[kind]}")
        self._ask(f"{kind} {namespace}/{name}", change, name, namespace, patch)

    def patch_custom(self, kind: Kind, namespace: str, name: str, patch: Sequence[Object]) -> None:
        """Change an object by a JSON patch (RFC 6902): all of it, or nothing."""
        change = self._custom.patch_namespaced_custom_object
        of_patch = {"_content_type": "application/json-patch+json"}
        self._ask(
            f"{kind.plural}/{name}", change, *kind.of(namespace), name, list(patch), **of_patch
        )

    def delete_custom(self, kind: Kind, namespace: str, name: str, *, uid: str) -> None:
        """Delete that very object; one that is gone already, or is another now, is no error."""
        options = {"preconditions": {"uid": uid}}
        delete = self._custom.delete_namespaced_custom_object
        where = f"{kind.plural}/{name}"
        try:
            self._optional(where, delete, *kind.of(namespace), name, body=options)
        except RefusedError as error:
            if error.status != _CONFLICT:
                raise

    def run(
        self, namespace: str, pod: str, command: Sequence[str], seconds: float
    ) -> tuple[str, str]:
        """Run a command in a pod's first container; returns what it printed, and its errors.

        Raises ClusterError when it does not end in time or cannot be started.
        """
        from kubernetes import client
        from kubernetes.client.exceptions import ApiException
        from kubernetes.stream import stream

        what = f"running a command in {namespace}/{pod}"
        # stream() turns its client into one for websockets while it runs: one for each call.
        core = client.CoreV1Api(client.ApiClient(self._configuration))
        try:
            session = stream(
                core.connect_get_namespaced_pod_exec,
                pod,
                namespace,
                command=list(command),
                stdout=True,
                stderr=True,
                stdin=False,
                tty=False,
                _preload_content=False,
                _request_timeout=TIMEOUT[1],
            )
        except ApiException as error:
            raise ClusterError(f"{what}: {_handshake(error)}") from None
        except OSError as error:
            raise of_failure(self.host, error) from None
        try:
            session.run_forever(timeout=seconds)
            if session.is_open():
                raise ClusterError(f"{what}: no end within {seconds:.0f} s")
            return session.read_stdout(timeout=0) or "", session.read_stderr(timeout=0) or ""
        finally:
            session.close()
            session.sock.shutdown()  # which close() leaves open where the other side closed first


def _handshake(error: Any) -> str:
    return " ".join(str(error.reason or error.body or error.status).split())[:200]


def _given(**options: str) -> dict[str, str]:
    return {key: value for key, value in options.items() if value}
