"""Job boards behind one protocol, one file a board, found by a folder scan."""
