"""The face: the chat, the REST gateway and the command line."""

from chainlit_app import lean

lean.lean()  # before any module here imports chainlit
