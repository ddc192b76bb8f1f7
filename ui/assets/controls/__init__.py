"""Levers for the browser: native sliders and fields, and lists."""
