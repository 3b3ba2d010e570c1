"""One file an agent; `agents.registry` finds them."""
