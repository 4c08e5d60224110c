"""What is stored of Exec: which sessions, as of when, and how more is fetched."""
