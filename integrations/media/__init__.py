"""What people drop into a chat: documents, later images, speech and video."""
