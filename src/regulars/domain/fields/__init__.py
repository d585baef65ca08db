"""What a customer's attributes are: field types, the built-in catalogue, company fields.

Owns the meaning of a single value; must not know records, stores, or the wire.
"""
