"""Proposals: drafted, worded, as a file."""
