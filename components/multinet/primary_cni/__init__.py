"""The primary CNI: the one that gives every pod its eth0 and the cluster its pod network."""
