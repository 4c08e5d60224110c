"""Reports from what is held: read, reckoned and made ready to draw."""
