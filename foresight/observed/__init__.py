"""What members adopted and filed, set beside runs; it never goes into them."""
