"""Who may do what: the principal of a request, and the one policy it is held against."""
