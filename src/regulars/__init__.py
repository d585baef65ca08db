"""Regulars: a self-hosted customer data platform for retailers."""

__version__ = "0.1.0"
