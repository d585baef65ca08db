"""Customers, how a record changes them, and their history (SPEC sections 5 to 8)."""
