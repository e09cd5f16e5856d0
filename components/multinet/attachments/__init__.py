"""What a pod asks of networks, checked against what they declare."""
