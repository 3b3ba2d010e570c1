"""What is known of the user: facts, profile, privacy."""
