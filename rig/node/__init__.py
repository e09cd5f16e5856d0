"""The node: namespaces, mounts, cgroups and links of its own, ended by ending one process."""
