"""A model as an ONNX file, which other languages and runtimes read (github.com/onnx).

    the client's columns ─→ codes and numbers (columns) ─→ matrix ─→ each member (trees, linear) ─→ blend ─→ prediction

All of it in doubles, as here, so that what is predicted is the same.
"""
