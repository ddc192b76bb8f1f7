"""What the browser gets: scripts, styles and the page."""
