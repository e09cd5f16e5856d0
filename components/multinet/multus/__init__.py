"""Multus, the meta-CNI: it calls the primary CNI for eth0 and a plugin for each further network."""
