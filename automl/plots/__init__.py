"""Charts said once and drawn twice: as PNG, and as Plotly to be looked into.

columns, verdicts, effects ──→ Chart (panels of bars, lines, dots, bands, boxes, squares)
                                 ├→ png.draw           a file
                                 ├→ interactive.figure Plotly's JSON
                                 └→ page.write         one HTML file with all of them, light and dark
"""
