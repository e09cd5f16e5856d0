"""The CNI reference plugins on every node, laid out by a DaemonSet."""
