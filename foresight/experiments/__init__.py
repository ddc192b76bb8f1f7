"""What varies and how it is sampled, run into a store that survives anything."""
