"""The live workshop: delegations decide round by round, and one record holds all that was said. No web."""
