"""What one visitor has open, and takes in and out."""
