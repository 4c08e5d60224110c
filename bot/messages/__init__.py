"""From a template to a Slack message: formats, XML, Block Kit, CSV."""
