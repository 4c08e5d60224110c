"""Exec's API and our copy of it: requests within the limits go out, rows of the database come
in."""
