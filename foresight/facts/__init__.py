"""What is known of members, bodies and parameters, read and typed; the only reader of `data/*`. No run, no scenario."""
