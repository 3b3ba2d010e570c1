"""A .gguf file run by llama.cpp, in a process of its own that may die without harm.

backend ──▶ child ══ lines of JSON ══▶ program ──▶ answering ──▶ engine ──▶ llama.cpp
 the app's side   │    the child's side, which imports nothing of the app:
                  │    template · grammar · prefixes · shown · limits
"""
