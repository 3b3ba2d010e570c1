"""Calendars: files in the iCalendar format (RFC 5545), and servers that keep them (CalDAV, RFC 4791)."""
