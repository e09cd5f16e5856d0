"""The demo: the dev environment on a throwaway cluster, and a pod with two interfaces."""
