"""Language models: asking them, checking them, choosing them."""
