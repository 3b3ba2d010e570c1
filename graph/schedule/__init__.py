"""What runs by itself: reminders, saved searches, requests of the user, and the upkeep of the installation."""
