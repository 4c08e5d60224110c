"""What the bot knows of practice: people, names, sessions."""
