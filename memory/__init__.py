"""What FreelanceX remembers: the database and its tables, files, conversations, profile, business records."""
