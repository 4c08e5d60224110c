"""Messages that the bot sends on its own: subscriptions become deliveries, which are drawn and
posted exactly once."""
