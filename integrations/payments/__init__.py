"""Payments: links a client pays by, and what was paid, one provider a file."""
