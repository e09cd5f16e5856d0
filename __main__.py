"""A Kubernetes cluster with several networks per pod, as one stack."""

import sys
from pathlib import Path

import pulumi

# `pulumi up` in a fresh checkout installs requirements.txt, which cannot name a directory: pip
# has no hash of one.
sys.path.insert(0, str(Path(__file__).resolve().with_name("components")))

from multinet import Multus, Network, PrimaryCni, environment
from multinet.ownership.required import require_unclaimed
from multinet.stack import program
from multinet.stack.cluster import access, provider

# Settings: the stack's configuration, refused here with every problem at once.
stack = program.require()
cluster = pulumi.ResourceOptions(providers=[provider(stack)])


def after(*needs: pulumi.Resource) -> pulumi.ResourceOptions:
    """On this cluster, and not before `needs` are ready."""
    return pulumi.ResourceOptions.merge(cluster, pulumi.ResourceOptions(depends_on=[*needs]))


# Ownership: what others have in this cluster is refused here, not written over.
require_unclaimed(stack)

# Nodes: checked all together, then given what their networks need; undone after Multus is gone.
nodes = environment.node_networks(stack)

# Primary CNI: every pod's eth0.
primary = PrimaryCni("primary-cni", stack.primary_cni, stack.multus, cluster)

# Multus: calls the primary CNI for eth0 and a plugin for each further network.
ready = after(primary, *nodes.values())
conf_file = stack.primary_cni.effective_conf_file
multus = Multus("multus", stack.multus, conf_file, ready, access(stack))

# Networks: one NetworkAttachmentDefinition each.
running = after(multus.last)
networks = {name: Network(name, network, running) for name, network in stack.networks.items()}

# Outputs: what other stacks attach their pods with.
environment.export(primary, multus, networks)
