"""Where requests come in: Slack's commands, buttons and forms."""
