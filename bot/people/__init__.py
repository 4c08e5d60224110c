"""Slack accounts, Exec people, groups and coaches, and looking up their names."""
