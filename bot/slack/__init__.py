"""Sending to Slack, and answering its payloads."""
