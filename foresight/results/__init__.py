"""Runs with labels and provenance, what is asked of them, and tables and files of that."""
