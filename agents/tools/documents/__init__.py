"""Documents: what they say, and where."""
