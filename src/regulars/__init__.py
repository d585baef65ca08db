"""Regulars: a self-hosted customer data platform for retailers."""
