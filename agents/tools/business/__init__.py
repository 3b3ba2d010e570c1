"""Clients, hours, reminders, and the chain from lead to outcome."""
