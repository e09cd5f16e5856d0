"""Kubespray's variables of pod networking, one by one: what each is here.

Read from Kubespray v2.31.0-96: roles/kubespray_defaults, roles/network_plugin/*/defaults and the
templates beside them.
"""
