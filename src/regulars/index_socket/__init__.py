"""How commands reach the index that a running server has open: a Unix socket in the data folder.

DuckDB lets one process only open a file. A connection carries one request and its answer, as lines
of JSON. Who may open the socket, may ask: it is for the server's own user alone. Must not know what
an index is, nor what commands show.
"""
