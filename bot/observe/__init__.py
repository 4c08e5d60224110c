"""Logs, metrics and health, for whoever runs the bot."""
