"""Runs accepted imports: reads their records, decides, has the store apply them.

Owns batches and their order. Must not know HTTP.
"""
