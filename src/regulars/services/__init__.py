"""The use cases, one file a noun: the store's contract in, plain values out.

Must not know HTTP, the command line, or which engine is below.
"""
