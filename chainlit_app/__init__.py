"""The face: the chat, the REST gateway and the command line."""

from chainlit_app.lean import lean

lean()  # before any module here imports chainlit
