"""What a store or design tells: indices, variance, boxes, and how sure that is."""
