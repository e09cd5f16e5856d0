"""Workloads whose pods are not on their networks as these are now, rolled one by one."""
