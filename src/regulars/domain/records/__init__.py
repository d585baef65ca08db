"""One uploaded object becomes changes and problems (SPEC sections 3 and 5)."""
