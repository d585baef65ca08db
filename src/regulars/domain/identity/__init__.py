"""Which customers a record means (SPEC section 5)."""
