"""Who is who, and who may see whom: accounts, members, groups and names come in as Slack and Exec
have them, and visibilities and ids go out."""
