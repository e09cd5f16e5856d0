"""From a live cluster with Multus and networks to an environment; the cluster is only read."""

from multinet.adopt.convert import Adopted, Left, convert
from multinet.adopt.look import Seen, look

__all__ = ["Adopted", "Left", "Seen", "convert", "look"]
