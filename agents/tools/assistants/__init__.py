"""Assistants that users make: what a request for one says, and how one answers."""
