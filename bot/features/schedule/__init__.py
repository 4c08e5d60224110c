"""Digests for channels and coach lists, set up by command or form."""
