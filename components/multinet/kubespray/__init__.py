"""From Kubespray's variables to an environment of ours, naming everything that is lost."""

from multinet.kubespray.convert import Converted, convert
from multinet.kubespray.inventory import Inventory, NotKubespray, read

__all__ = ["Converted", "Inventory", "NotKubespray", "convert", "read"]
