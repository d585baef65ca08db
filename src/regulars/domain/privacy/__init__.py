"""Permissions with their proof, erasure and the suppression list (SPEC sections 7 and 8)."""
