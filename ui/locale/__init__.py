"""Every text of the interface, one catalogue a language."""
