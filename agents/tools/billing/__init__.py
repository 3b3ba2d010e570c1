"""Invoices, what settles them, and expenses."""
