"""multinet's components for every Pulumi language: a component plugin, its schema, its provider."""
