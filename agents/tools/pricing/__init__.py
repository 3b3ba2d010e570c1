"""What work comes to: hours, rates, quotes."""
