"""Yardsticks and benchmarks."""
