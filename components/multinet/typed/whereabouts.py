"""What authors write of whereabouts. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Ipam, Typed
from multinet.typed.route import Dns, Route
from multinet.typed.whereabouts_ranges import WhereaboutsRange


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExtraAddress(Typed):
    """An address that every pod gets besides: `address` with prefix length, and a gateway."""

    address: Input[str]
    gateway: Input[str] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kubernetes(Typed):
    """Where the API server is: `kubeconfig`, a file on the node; `k8s_api_root`: its URL."""

    KEYS: ClassVar[Mapping[str, str]] = {"k8s_api_root": "k8s_api_root"}
    kubeconfig: Input[str] | None = None
    k8s_api_root: Input[str] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Whereabouts(Ipam):
    """whereabouts v0.9.4."""

    TYPE: ClassVar[str] = "whereabouts"
    KEYS: ClassVar[Mapping[str, str]] = {
        "range_start": "range_start",
        "range_end": "range_end",
        "node_slice_size": "node_slice_size",
        "network_name": "network_name",
        "enable_overlapping_ranges": "enable_overlapping_ranges",
        "configuration_path": "configuration_path",
        "log_file": "log_file",
        "log_level": "log_level",
        "leader_lease_duration": "leader_lease_duration",
        "leader_renew_deadline": "leader_renew_deadline",
        "leader_retry_period": "leader_retry_period",
        "sleep_for_race": "sleep_for_race",
        "reconciler_cron_expression": "reconciler_cron_expression",
        "etcd_host": "etcd_host",
        "etcd_username": "etcd_username",
        "etcd_password": "etcd_password",
        "etcd_key_file": "etcd_key_file",
        "etcd_cert_file": "etcd_cert_file",
        "etcd_ca_cert_file": "etcd_ca_cert_file",
    }
    range: Input[str] | None = None
    range_start: Input[str] | None = None
    range_end: Input[str] | None = None
    exclude: Input[Sequence[Input[str]]] | None = None
    ip_ranges: Input[Sequence[WhereaboutsRange | Input[Mapping[str, Any]]]] | None = None
    addresses: Input[Sequence[ExtraAddress | Input[Mapping[str, Any]]]] | None = None
    node_slice_size: Input[str] | None = None
    gateway: Input[str] | None = None
    routes: Input[Sequence[Route | Input[Mapping[str, Any]]]] | None = None
    dns: Dns | Input[Mapping[str, Any]] | None = None
    network_name: Input[str] | None = None
    enable_overlapping_ranges: Input[bool] | None = None
    kubernetes: Kubernetes | Input[Mapping[str, Any]] | None = None
    configuration_path: Input[str] | None = None
    log_file: Input[str] | None = None
    log_level: Input[str] | None = None
    leader_lease_duration: Input[int] | None = None
    leader_renew_deadline: Input[int] | None = None
    leader_retry_period: Input[int] | None = None
    sleep_for_race: Input[int] | None = None
    reconciler_cron_expression: Input[str] | None = None
    datastore: Input[str] | None = None
    etcd_host: Input[str] | None = None
    etcd_username: Input[str] | None = None
    etcd_password: Input[str] | None = None
    etcd_key_file: Input[str] | None = None
    etcd_cert_file: Input[str] | None = None
    etcd_ca_cert_file: Input[str] | None = None
