"""Ansible's inventories, as far as the variables of a cluster's nodes need them.

Read from ansible-core 2.18 (inventory plugins ini and yaml, vars plugin host_group_vars), which
Kubespray v2.31 asks for. Nothing is run: no program that makes an inventory, no inventory plugin,
no template beyond a plain reference.
"""
