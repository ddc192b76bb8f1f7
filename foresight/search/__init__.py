"""Cheap, different settings of levers that reach a target."""
