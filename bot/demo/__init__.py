"""The demo: stand-ins for the Exec API and Slack, and a web page. Tests use the stand-ins."""
