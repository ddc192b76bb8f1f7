"""The live workshop on the network: phones, desk and wall of each room, folded from its record."""
