"""The keys: one that opens the others, and those others, one a user, kind of data and client."""
