"""The day and the weeks: briefing, calendar, dashboards, schedule."""
