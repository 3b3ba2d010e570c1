"""Pictures, films, recordings."""
