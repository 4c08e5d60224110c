"""Our copy of Exec's data: jobs keep it up to date, and questions query it with SQL."""
