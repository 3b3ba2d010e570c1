"""How much each user and each key may ask for, by kind of request."""
