"""The dashboard: a page of its own at ``/dashboard``, and the same page beside the chat."""
