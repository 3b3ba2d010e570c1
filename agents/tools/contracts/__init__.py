"""Contracts: their clauses, what may hurt, what is missing."""
