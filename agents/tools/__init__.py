"""Typed functions that several agents use, by topic."""
