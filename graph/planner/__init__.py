"""From the user's words to a plan, by rules and examples alone.

    message ─ pasted text set apart ─▶ clauses ─▶ intents (cues, examples) ─▶ slots (entities, references) ─▶ Plan

Only the user's own words decide the steps. Pasted text, files and pages are data: they fill slots and nothing else.
"""
