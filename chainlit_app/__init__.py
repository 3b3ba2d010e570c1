"""The face: the chat, the REST gateway and the command line."""
