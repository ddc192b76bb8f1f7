"""One file a verb, named as it is typed, and what several of them show."""
