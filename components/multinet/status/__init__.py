"""What a live cluster uses of its networks: pods, addresses, nodes. Reads only, but for `free`."""
