"""What every HTTP edge has in common: the API, and the pages.

Owns how failures become statuses, headers of every answer, the line in the log, and bodies as they
come. Must not know addresses, nor what an answer looks like.
"""
