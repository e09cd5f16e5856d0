"""What authors write of whereabouts. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Ipam, Typed
from multinet.typed.route import Dns, Route
from multinet.typed.whereabouts_ranges import ExtraAddress, WhereaboutsRange


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kubernetes(Typed):
    """Where the API server is."""

    KEYS: ClassVar[Mapping[str, str]] = {"k8s_api_root": "k8s_api_root"}

    kubeconfig: Input[str] | None = None
    """A file on the node."""

    k8s_api_root: Input[str] | None = None
    """Its URL."""


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
    """A CIDR (host bits are ignored), or `start-end/length`."""

    range_start: Input[str] | None = None
    """The first address handed out."""

    range_end: Input[str] | None = None
    """The last one."""

    exclude: Input[Sequence[Input[str]]] | None = None
    """Parts of the range that are not handed out."""

    ip_ranges: Input[Sequence[WhereaboutsRange | Input[Mapping[str, Any]]]] | None = None
    """More ranges; a pod gets one address of each."""

    addresses: Input[Sequence[ExtraAddress | Input[Mapping[str, Any]]]] | None = None
    """Addresses that every pod gets besides."""

    node_slice_size: Input[str] | None = None
    """Prefix length of a slice per node (experimental)."""

    gateway: Input[str] | None = None
    """That pods get."""

    routes: Input[Sequence[Route | Input[Mapping[str, Any]]]] | None = None
    """Routes that pods get."""

    dns: Dns | Input[Mapping[str, Any]] | None = None
    """Resolver settings that pods get."""

    network_name: Input[str] | None = None
    """Separate allocations for the same range."""

    enable_overlapping_ranges: Input[bool] | None = None
    """Look for the address in other ranges too (true), but not in the same pod's: one on two
    networks whose ranges overlap can have an address twice.
    """

    kubernetes: Kubernetes | Input[Mapping[str, Any]] | None = None
    """Where the API server is."""

    configuration_path: Input[str] | None = None
    """Its file of defaults on the node."""

    log_file: Input[str] | None = None
    """Where it logs on the node."""

    log_level: Input[str] | None = None
    """How much it logs."""

    leader_lease_duration: Input[int] | None = None
    """Milliseconds (1500)."""

    leader_renew_deadline: Input[int] | None = None
    """Milliseconds (1000)."""

    leader_retry_period: Input[int] | None = None
    """Milliseconds (500)."""

    sleep_for_race: Input[int] | None = None
    """Seconds (0)."""

    reconciler_cron_expression: Input[str] | None = None
    """When its reconciler runs, in cron's notation."""

    datastore: Input[str] | None = None
    """Not read since v0.6."""

    etcd_host: Input[str] | None = None
    """Not read since v0.6."""

    etcd_username: Input[str] | None = None
    """Not read since v0.6."""

    etcd_password: Input[str] | None = None
    """Not read since v0.6."""

    etcd_key_file: Input[str] | None = None
    """Not read since v0.6."""

    etcd_cert_file: Input[str] | None = None
    """Not read since v0.6."""

    etcd_ca_cert_file: Input[str] | None = None
    """Not read since v0.6."""
