"""Runs for the screen; no room here knows a page."""
