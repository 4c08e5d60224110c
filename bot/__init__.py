"""A Slack bot that reports practice activity from Exec."""
