"""Serves multinet's components to the engine, for programs in any Pulumi language."""

from multinet.component_plugin.provider import serve

serve()
