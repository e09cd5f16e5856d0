"""Serves multinet's components to the engine, for programs in any Pulumi language."""

from multinet.plugin.provider import serve

serve()
