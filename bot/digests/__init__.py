"""Digests: what is sent without being asked for, when and where."""
