"""A live cluster: connecting to it, and small reads of it, as plain data."""

from multinet.live.cluster import Cluster, Kind
from multinet.live.connection import connect
from multinet.live.errors import AwayError, ClusterError, RefusedError, UnreachableError
from multinet.live.pod import has_ended
from multinet.live.requests import Object
from multinet.live.shown import Shown

__all__ = [
    "AwayError",
    "Cluster",
    "ClusterError",
    "Kind",
    "Object",
    "RefusedError",
    "Shown",
    "UnreachableError",
    "connect",
    "has_ended",
]
