"""``python -m chainlit_app VERB``: see `chainlit_app.command_line`."""

from chainlit_app.command_line import main

if __name__ == "__main__":
    raise SystemExit(main())
