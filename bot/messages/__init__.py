"""Renders messages: templates to XML to Block Kit; also formats and CSV."""
