"""What operators see: logs, metrics, and whether the bot can answer."""
