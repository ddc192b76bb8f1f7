"""Charts for the browser: the frame that each sits in, and what draws inside it."""
