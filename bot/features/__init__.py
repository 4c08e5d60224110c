"""Features: a module each, whose `register` adds its listeners to the app."""
