"""Reports: each computes its figures from the stored sessions."""
