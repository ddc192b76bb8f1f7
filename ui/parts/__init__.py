"""What pages are made of; no room here knows which page it stands on."""
