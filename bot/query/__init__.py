"""The query language: words in, a Query out. Pure: no clock, no network, no database."""
