"""Calculations with their working."""
