"""On one node, which the dev environment stays on for all of these modules."""
