"""Pictures: opened safely (`opening`), looked at in parts, and read (`ocr.read_text`)."""
