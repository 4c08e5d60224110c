"""Values and templates become Block Kit, its plain text, and CSV files."""
