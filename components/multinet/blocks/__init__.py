"""What each node is given where a network is not the same on all: numbers, and files by them."""
