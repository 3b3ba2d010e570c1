"""Web sites turned into tables, politely."""
