"""What a web page says, without what surrounds it."""
