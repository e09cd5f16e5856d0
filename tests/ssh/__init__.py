"""Real sshd in namespaces that stand for nodes."""
