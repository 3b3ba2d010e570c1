"""The business records: clients, invoices, and the history of what was changed.

The chain they belong to is Lead → Proposal → Project → TimeEntry → Invoice → Payment → Outcome. Records are joined by
their ids, and each keeps the user it belongs to. Amounts are stored as text, exactly as computed.
"""
