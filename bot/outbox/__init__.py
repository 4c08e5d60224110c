"""What must arrive exactly once: subscriptions, what is due, delivery."""
