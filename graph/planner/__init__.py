"""From the user's words to a plan, by rules and examples alone."""
