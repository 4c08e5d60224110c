"""Who is who: Slack accounts, Exec people, groups, and the names they are called by."""
