"""What networks need besides Multus, on every node, without SSH; each add-on is a folder."""
