"""Documents for readers, a folder each."""
