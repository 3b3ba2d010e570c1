"""The Model Context Protocol: tools of other programs, used with the user's word; and ours, offered to others."""
