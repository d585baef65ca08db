"""Measures speed and size against the least that any program must do (see docs/benchmarks.md).

May use everything of the package; nothing of the package may use it.
"""
