"""Words become queries, and queries words again; no clock, network or database."""
