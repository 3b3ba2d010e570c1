"""Where questions can be looked up: one file a source, and the reading of feeds."""
