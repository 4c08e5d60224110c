"""The database: tables, transactions, leases, and filters as SQL."""
