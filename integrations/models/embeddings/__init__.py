"""Texts as vectors: those of texts that mean the same lie close together."""
