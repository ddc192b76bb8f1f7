"""The brief: what scenarios come to, on four sheets, with every number bound to the result that it cites."""
