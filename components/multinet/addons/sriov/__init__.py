"""SR-IOV without an operator: the device plugin with its pools, and the CNI plugin."""
