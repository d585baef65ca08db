"""Claims waiting imports and runs them, apart from the requests that brought them.

Owns threads. Must not know HTTP, nor what running an import means.
"""
