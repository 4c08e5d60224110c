"""Rows in, numbers out. Pure."""
