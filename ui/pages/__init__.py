"""What each entry of the menu shows, as blocks that the browser draws; pages keep nothing and never import pages."""
