"""The scenarios that ship with foresight."""
