"""Here stands what answers the network: to which names, how many at once, and with which messages of a browser."""
