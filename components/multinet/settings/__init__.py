"""A stack's configuration as typed, checked values."""

from multinet.settings.load import Environment, load
from multinet.settings.multus import MultusSettings
from multinet.settings.networks import NetworkSettings
from multinet.settings.nodes import NodeSettings
from multinet.settings.primary_cni import PrimaryCniSettings
from multinet.settings.stack import StackSettings

__all__ = [
    "Environment",
    "MultusSettings",
    "NetworkSettings",
    "NodeSettings",
    "PrimaryCniSettings",
    "StackSettings",
    "load",
]
