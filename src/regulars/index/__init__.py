"""The index: a columnar copy of a company's living customers, in which conditions and words run.

It is derived from the store: it may be deleted at any time, and is the only thing that may be
wrong for a moment without harm, since it is brought on before it answers. Must not know use cases.
"""
