"""The user's mail: read by IMAP without changing anything there, sent by SMTP once the user said yes."""
