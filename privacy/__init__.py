"""Who may see what, what may leave, and the proof of both."""
