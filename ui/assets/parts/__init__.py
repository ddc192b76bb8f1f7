"""Parts of pages: what is said first, the charts, and who gains."""
