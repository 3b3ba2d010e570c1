"""Words and numbers in any text."""
