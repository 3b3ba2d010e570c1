"""The report a client gets: the same blocks written as one HTML file, as PDF and as Word.

run folder → `blocks.compose` → headings, paragraphs, lists, tables, pictures → html.write, pdf.write, docx.write
"""
