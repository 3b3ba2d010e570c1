"""Finds again what was read, said, found out and noted, by words and by meaning, with where it stands.

    sources ──cut──▶ chunks ─┬─ blind words ──▶ full-text index ─┐
                             └─ vectors, turned ──▶ Chroma ──────┴─▶ fused, reranked ──▶ the passages, opened

A chunk keeps no text: it names a row and a part of it, which is opened and cut anew when it is shown.
"""
