"""Uploads as numbered records, and the report of what they did (SPEC section 4)."""
