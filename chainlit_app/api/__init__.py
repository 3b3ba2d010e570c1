"""The REST gateway under ``/api/v1``: the same replies as in the chat, and what a program wants to know."""
