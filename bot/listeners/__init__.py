"""Slack's doors: commands, buttons, forms."""
