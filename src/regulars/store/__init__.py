"""The stores: where the truth is kept, behind one contract on two engines.

Owns SQL and database drivers. Must not know what a record means.
"""
