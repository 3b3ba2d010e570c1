"""From a table to an explained model: a library and a command line, with no knowledge of chat."""
