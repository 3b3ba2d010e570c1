"""Texts: written, bettered, translated, sent."""
