"""The business records over HTTP: one declaration for each kind, one router for all."""
