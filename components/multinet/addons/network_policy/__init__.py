"""MultiNetworkPolicy on every node, by multi-networkpolicy-nftables."""
