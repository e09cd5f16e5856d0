"""The `Networks` component: the networks of an environment."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from multinet.networks.resource import Network, former_urn
from multinet.networks.settings import NetworkSettings


class Networks(pulumi.ComponentResource):
    """Secondary networks that are declared together: one `Network` each, and nothing else.

    Args:
        name: of this component.
        networks: name of a network → its checked configuration.

    Attributes:
        networks: name → Network. `networks["lan"]` is the short way.

    Outputs: networks: name → namespace, reference, type, annotation, subnets.
    """

    def __init__(
        self,
        name: str,
        networks: Mapping[str, NetworkSettings],
        opts: pulumi.ResourceOptions | None = None,
        *,
        _prefix: str | None = None,
    ) -> None:
        super().__init__("multinet:index:Networks", name, None, opts)
        prefix = f"{name}-" if _prefix is None else _prefix
        self.networks: Mapping[str, Network] = {
            network: Network(network, settings, self._child(network), _logical=prefix + network)
            for network, settings in networks.items()
        }
        # No outputs of its own: they would be one more copy of every network in the state.
        self.register_outputs({})

    def _child(self, network: str) -> pulumi.ResourceOptions:
        former = pulumi.Alias(name=f"{network}-nad", parent=former_urn(network))
        return pulumi.ResourceOptions(parent=self, aliases=[former])

    def __getitem__(self, name: str) -> Network:
        return self.networks[name]
