"""Documents: one file for each format, found by a scan of this folder, and one way in (`read.read_document`)."""
