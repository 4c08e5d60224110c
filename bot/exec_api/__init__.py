"""The Exec REST API: what may be asked, how, and how often."""
