"""Claims waiting imports and runs them, in a process apart from the one that brings them.

`lines` and `timers` are what the worker does, `channel` how it talks with the web process that
started it, `process` that web process's side of it. Must not know HTTP, nor what running an import
means.
"""
