"""Libraries for the browser, as their authors made them."""
