"""The demo: a stand-in Exec API and a stand-in Slack with a web page. The tests use both."""
