"""The state machine: one message in, a stream of reply events out."""
