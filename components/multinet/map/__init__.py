"""An environment as one page to look around in: nodes, links, networks, use, pods."""
