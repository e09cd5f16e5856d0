"""A throwaway Kubernetes from pinned, real parts, of one node or more.

>>> import rig
>>> cluster = rig.Cluster("test")      # nothing happens yet
>>> cluster.up()                       # builds what is missing, starts, waits until it is ready
>>> cluster.join()                     # one more node, on the same LAN
>>> cluster.kubectl("get", "nodes")
>>> cluster.down()                     # nothing is left: no process, link, mount or file

Everything runs in namespaces of its own, cut off from the machine's network; ``rig.can_run()``
says what a machine lacks for it.
"""

from rig import parts
from rig.cluster.cluster import Cluster
from rig.cluster.control_plane import ControlPlane
from rig.cluster.further import FurtherNode
from rig.cluster.status import Status
from rig.errors import (
    BuildError,
    CannotRunError,
    CommandError,
    ComponentDiedError,
    NotReadyError,
    NotRunningError,
    RigError,
)
from rig.preflight import can_run
from rig.progress import Progress

__all__ = [
    "BuildError",
    "CannotRunError",
    "Cluster",
    "CommandError",
    "ComponentDiedError",
    "ControlPlane",
    "FurtherNode",
    "NotReadyError",
    "NotRunningError",
    "Progress",
    "RigError",
    "Status",
    "can_run",
    "parts",
]
