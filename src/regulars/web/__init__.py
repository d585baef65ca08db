"""The pages for people in a browser (SPEC section 12).

Owns what a page shows and what its forms do. Pages are made on the server, work without script, and
are quicker with it. Must not know how anything is stored or found: services do.
"""
