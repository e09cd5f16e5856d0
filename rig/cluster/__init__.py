"""A cluster on a node: its addresses, keys, configuration files and processes."""
