"""Measurements: ``python -m bench`` runs them all, ``python -m bench planner`` one."""
