"""Jobs: what is wanted, what was found, how well it fits."""
