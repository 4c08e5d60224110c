"""Slack's side: signed requests come in, each gets a turn that finds the person, runs a function
and sends its view. Calls of Slack's Web API go out."""
