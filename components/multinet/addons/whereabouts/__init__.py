"""whereabouts: addresses that are unique in the whole cluster."""
