"""Conditions on customers: tree, text form, check, evaluation, sentence (SPEC section 11)."""
