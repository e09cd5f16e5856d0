"""The dhcp plugin's daemon on every node, which keeps the leases of pods."""
