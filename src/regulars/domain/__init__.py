"""What the project exists for, as pure Python over values.

Owns the meaning of records, fields, identity, privacy and access. Must not know databases, HTTP,
files or the clock: whatever it needs of them is passed in.
"""
