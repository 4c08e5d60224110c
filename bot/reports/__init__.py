"""A prepared question becomes figures, from the database alone; each report is a module with a row
`REPORT`."""
