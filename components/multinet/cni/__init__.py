"""CNI configurations with the specification's keys: typed, checked, one model per plugin."""
