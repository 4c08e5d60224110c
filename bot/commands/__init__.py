"""What is no report: help, explain, links, coaches, digests."""
