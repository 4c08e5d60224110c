"""Exec's API: the client, its models, and the request budget."""
