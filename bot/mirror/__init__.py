"""Our copy of what Exec holds: jobs read it, questions ask it with SQL."""
