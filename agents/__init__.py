"""The specialists: each one file in `specialists/` with one declaration, its prompt included."""
