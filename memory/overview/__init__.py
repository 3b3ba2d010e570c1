"""What a freelancer sees of the business at a glance: views of figures, charts and tables over their records.

records ──read once, kept until one changes──▶ Books ──pure functions──▶ View ──▶ page, side panel, picture, report
"""
