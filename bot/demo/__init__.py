"""Simulated Exec and Slack around the real bot: a story of made-up practice, shown on a page or
printed."""
