"""Secondary networks: their settings, their objects, and the checks across them."""
