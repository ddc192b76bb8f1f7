"""Pages for the browser: Explore, and those that are made of blocks."""
