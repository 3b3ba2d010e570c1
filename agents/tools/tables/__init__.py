"""Tables, and models trained on them."""
