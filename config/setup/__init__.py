"""Sets up the machine: `.venv` from the lock files, llama-cpp-python beside, a browser for the tests.

Only the standard library is imported here, because all of it runs before anything is installed.
"""
