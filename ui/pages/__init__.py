"""What each page shows, as blocks that the browser draws: a page is a view of the session and keeps nothing."""
