"""Attaching running pods to networks, and detaching them: the controller and what guards it."""
