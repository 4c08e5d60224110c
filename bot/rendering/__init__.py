"""Reports in, Slack messages out: templates, escaping, limits."""
