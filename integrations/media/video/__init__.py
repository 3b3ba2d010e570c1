"""Looks through films: scenes, what moves, faces, text on slides."""
