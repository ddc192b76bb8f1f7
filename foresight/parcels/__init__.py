"""What leaves in one piece: a bundle for a laptop without internet, an archive for model libraries."""
